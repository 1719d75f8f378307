import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, TerraformStack } from "cdktf";
import type { Configuration } from "../../cli/offline-provider";
import { Ec2Service, EcsClusterStack, ReadableStack, ServiceConnectNamespace } from "../../src";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { RunningSystem } from "../support/transition";

describeTerraform("services in another stack than the cluster", (lab) => {
  const folder = mkdtempSync(join(tmpdir(), "states-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ["a ReadableStack", ReadableStack],
    ["a stack of CDKTF", TerraformStack],
  ])("are applied after the cluster: %s", async (name, Stack) => {
    const app = testApp();
    const cluster = new EcsClusterStack(app, "ecs", { keyPair: "none" });
    const state = join(folder, `${name}.tfstate`);
    new LocalBackend(cluster, { path: state });
    const namespace = new ServiceConnectNamespace(cluster, "namespace", { cluster, name: "internal" });
    const stack = new Stack(app, "services");
    new LocalBackend(stack, { path: join(folder, `${name}-services.tfstate`) });
    new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
    new Ec2Service(stack, "api", {
      cluster,
      image: "api:1",
      containerPort: 3000,
      paths: ["/api/*"],
      serviceConnect: { namespace },
      scaling: { minCapacity: 1, maxCapacity: 3, cpuPercent: 60 },
    });
    expect(stack.dependencies.map(({ node }) => node.id)).toEqual(["ecs"]);

    // App.synth does the same: it finds the references between the stacks first.
    for (const one of [cluster, stack]) one.prepareStack();
    const services = synthesized(stack) as Configuration;
    const first = await lab.terraform({ configuration: synthesized(cluster) as Configuration });
    expect(await first.apply()).toMatchObject({ status: 0, stderr: "" });
    writeFileSync(state, (await first.run(["state", "pull"])).stdout);
    const second = await lab.terraform({ configuration: services });
    expect(await second.apply()).toMatchObject({ status: 0, stderr: "" });
    expect((await second.planJson()).resource_changes?.filter(({ change }) => change.actions[0] !== "no-op")).toEqual(
      [],
    );
  });

  it("change with their cluster: the next plans of both stacks are empty", async () => {
    const state = join(folder, "changes.tfstate");
    const version = (capacities: readonly string[], paths: string[], uses = capacities) => {
      const app = testApp();
      const capacityProviders = Object.fromEntries(capacities.map((name) => [name, {}]));
      const cluster = new EcsClusterStack(app, "ecs", { keyPair: "none", capacityProviders });
      new LocalBackend(cluster, { path: state });
      const stack = new ReadableStack(app, "services");
      new LocalBackend(stack, { path: join(folder, "changes-services.tfstate") });
      new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
      const capacityProviderStrategies = uses.map((name) => ({
        capacityProvider: cluster.capacityProviders[name]?.capacityProviderName as string,
        weight: 1,
      }));
      new Ec2Service(stack, "api", {
        ...{ cluster, image: "api:1", containerPort: 3000, paths, capacityProviderStrategies },
      });
      for (const one of [cluster, stack]) one.prepareStack();
      return { cluster: synthesized(cluster) as Configuration, services: synthesized(stack) as Configuration };
    };
    const system = await RunningSystem.start(lab);
    const [cluster, services] = [system.state(), system.state()];
    const apply = async (to: ReturnType<typeof version>) => {
      const first = await cluster.apply(to.cluster);
      writeFileSync(state, (await cluster.terraform.run(["state", "pull"])).stdout);
      return [first, await services.apply(to.services)];
    };
    const smooth = { missing: [], lost: [], rejected: [], replaced: [] };
    await apply(version(["main", "other"], ["/api/*"]));
    const [same, moved] = await apply(version(["main", "other"], ["/v2/*"], ["main"]));
    expect(same?.operations).toEqual([]);
    expect(moved).toMatchObject({ ...smooth, updated: ["aws_ecs_service.api", "aws_lb_listener_rule.api_rule"] });
    // No service uses the other capacity provider any more.
    const [without, after] = await apply(version(["main"], ["/v2/*"]));
    expect(without).toMatchObject(smooth);
    expect(after?.operations).toEqual([]);
    expect(without?.deleted).toContain("aws_ecs_capacity_provider.other_capacity_provider");
  });

  it("start after a service of the cluster's stack, which is applied first", async () => {
    const app = testApp();
    const cluster = new EcsClusterStack(app, "ecs", { keyPair: "none" });
    const state = join(folder, "order.tfstate");
    new LocalBackend(cluster, { path: state });
    const users = new Ec2Service(cluster, "users", { cluster, image: "users:1" });
    const stack = new ReadableStack(app, "services");
    new LocalBackend(stack, { path: join(folder, "order-services.tfstate") });
    new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
    new Ec2Service(stack, "api", { cluster, image: "api:1", startAfter: [users] });
    expect(stack.dependencies.map(({ node }) => node.id)).toEqual(["ecs"]);
    for (const one of [cluster, stack]) one.prepareStack();
    const services = synthesized(stack) as Configuration;
    const first = await lab.terraform({ configuration: synthesized(cluster) as Configuration });
    expect(await first.apply()).toMatchObject({ status: 0, stderr: "" });
    writeFileSync(state, (await first.run(["state", "pull"])).stdout);
    const second = await lab.terraform({ configuration: services });
    expect(await second.apply()).toMatchObject({ status: 0, stderr: "" });
  });
});
