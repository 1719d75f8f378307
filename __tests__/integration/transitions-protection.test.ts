import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hcl } from "../../cli/handover/hcl";
import { readme } from "../../cli/handover/readme";
import { readStack } from "../../cli/handover/stack";
import type { Json } from "../../cli/handover/terraform-json/configuration";
import type { Configuration } from "../../cli/offline-provider";
import { Ec2Service, type Ec2ServiceProps, type EcsClusterSettings, EcsServiceStack, FileSystem } from "../../src";
import { clusterStack, unwrapped } from "../support/cluster";
import { EXAMPLE_FIXTURES } from "../support/examples";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { RunningSystem } from "../support/transition";

const FILES = "aws_efs_file_system.files";

function cluster(settings: EcsClusterSettings = {}, { files = false }: { readonly files?: boolean } = {}) {
  return () => {
    const stack = clusterStack({ keyPair: "none", loadBalancer: false, ...settings });
    if (files) new FileSystem(stack, "files", { name: "wiki", vpc: stack.vpc, portRules: stack.portRules });
    return stack;
  };
}

/** Returns a version with a service, or without it. */
function service(props: Partial<Ec2ServiceProps> | undefined) {
  return () => {
    const stack = cluster()();
    if (props) new Ec2Service(stack, "api", { cluster: stack, image: "api:1", ...props });
    return stack;
  };
}

describeTerraform("a cluster whose name exists", (lab) => {
  it.each([true, false])(
    "is not adopted by a second state (executeCommandLogging: %s)",
    async (executeCommandLogging) => {
      const system = await RunningSystem.start(lab);
      const [first, second] = [system.state(), system.state()];
      const version = cluster({ executeCommandLogging, values: { minSize: 0 } });
      await first.apply(version);
      const failed = await second.expectFailure(
        version,
        "ResourceAlreadyExistsException: The specified log group already exists (/ecs/ecs)",
      );
      expect(failed.operations.filter(({ operation }) => operation === "adopt")).toEqual([]);
      // What the second state created is not the first one's.
      const destroyed = await second.destroy();
      expect(destroyed.deleted).not.toContain("aws_ecs_cluster ecs");
      await first.expectNoChanges();
    },
  );
});

describeTerraform("a load balancer with deletionProtection", (lab) => {
  const version = (deletionProtection: boolean) => cluster({ loadBalancer: { deletionProtection } });

  it("fails a destroy at the plan, before anything is deleted, until it is switched off", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(version(true));
    const changes = await system.during(async () => {
      const { status, stderr } = await state.terraform.destroy();
      expect(unwrapped(stderr)).toContain("Resource aws_lb.load_balancer has lifecycle.prevent_destroy set");
      expect(status).toBe(1);
    });
    expect(changes.operations).toEqual([]);
    // A new name would replace it.
    const renamed = cluster({ loadBalancer: { deletionProtection: true }, values: { name: "shop" } });
    await state.expectRejected(renamed, "Resource aws_lb.load_balancer has lifecycle.prevent_destroy set");
    // It is no longer in the code, so only AWS protects it.
    await state.expectFailure(cluster(), "OperationNotPermitted");
    await state.apply(version(false));
    expect((await state.apply(cluster())).deleted).toContain("aws_lb.load_balancer");
    await state.destroy();
  });

  it.each(["JSON", "HCL"])("is switched off without Node.js, as the README of the hand-over says: %s", async (kind) => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(version(true));
    const configuration = synthesized(version(true)());
    const stack = readStack(configuration as Json, { name: "ecs", hcl: kind === "HCL" });
    const { folder } = state.terraform;
    if (kind === "HCL") {
      rmSync(join(folder, "main.tf.json"));
      for (const [path, text] of Object.entries(hcl(stack.portable))) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    }
    const [, override] =
      /write this to `override\.tf\.json` in this folder:\n\n```json\n(.*?)\n```/s.exec(readme(stack)) ?? [];
    writeFileSync(join(folder, "override.tf.json"), override as string);
    const applied = await state.terraform.apply();
    expect([applied.status, applied.stderr]).toEqual([0, ""]);
    const { deleted } = await state.destroy();
    expect(deleted).toContain("aws_lb.load_balancer");
    expect(deleted).toContain("aws_ecs_cluster.cluster");
  });
});

describeTerraform("retain", (lab) => {
  it("keeps a file system that was removed from the code, and plans no changes afterwards", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(cluster({ retain: [FILES] }, { files: true }));
    const removed = await state.apply(cluster({ retain: [FILES] }));
    expect(removed.deleted).not.toContain(FILES);
    expect(removed.deleted).toContain("aws_security_group.files_security_group");
    const { resources } = await system.session.account();
    expect(resources.filter(({ type }) => type === "aws_efs_file_system")).toHaveLength(1);
    // The address can leave the list then.
    expect((await state.apply(cluster())).operations).toEqual([]);
    await state.destroy();
    expect((await system.session.account()).resources.map(({ type }) => type)).toEqual(["aws_efs_file_system"]);
  });

  it("fails a plan that destroys the resource while it is in the code", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(cluster({ retain: [FILES] }, { files: true }));
    const { status, stderr } = await state.terraform.destroy();
    expect(unwrapped(stderr)).toContain(`Resource ${FILES} has lifecycle.prevent_destroy set`);
    expect(status).toBe(1);
  });

  it("deletes a file system that was removed from the code without it", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(cluster({}, { files: true }));
    expect((await state.apply(cluster())).deleted).toContain(FILES);
  });

  it("keeps a key and log groups too", async () => {
    const system = await RunningSystem.start(lab, EXAMPLE_FIXTURES);
    const state = system.state();
    const retain = ["aws_kms_key.encryption_key", "aws_cloudwatch_log_group.web_acl_log_group"];
    await state.apply(cluster({ retain, customerKey: true, loadBalancer: { webAcl: "managed" } }));
    const { deleted } = await state.apply(cluster({ retain }));
    expect(deleted).toContain("aws_kms_alias.encryption_key_alias");
    expect(deleted.filter((address) => retain.includes(address))).toEqual([]);
    const { resources } = await system.session.account();
    expect(resources.map(({ type, values }) => `${type} ${values.name ?? ""}`)).toEqual(
      expect.arrayContaining(["aws_kms_key ", "aws_cloudwatch_log_group aws-waf-logs-ecs"]),
    );
  });

  it("applies to a stack of services", async () => {
    const system = await RunningSystem.start(lab);
    const [first, orders] = [system.state(), system.state()];
    const retain = ["aws_cloudwatch_log_group.orders_task_definition_log_group"];
    await first.apply(cluster({ loadBalancer: {} }));
    await orders.apply(() => {
      const stack = new EcsServiceStack(testApp(), "orders", { retain });
      new Ec2Service(stack, "orders", { cluster: stack.cluster, image: "orders:1" });
      return stack;
    });
    const { deleted } = await orders.apply(() => new EcsServiceStack(testApp(), "orders", { retain }));
    expect(deleted).toContain("aws_ecs_service.orders");
    expect(deleted).not.toContain(retain[0]);
  });

  it("is part of the hand-over, as HCL too", async () => {
    const configuration = synthesized(cluster({ retain: [FILES] })());
    const stack = readStack(configuration as Json, { name: "ecs", hcl: true });
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(cluster({ retain: [FILES] }, { files: true }));
    rmSync(join(state.terraform.folder, "main.tf.json"));
    for (const [path, text] of Object.entries(hcl(stack.portable)))
      writeFileSync(join(state.terraform.folder, path), text);
    const { status, stdout } = await state.terraform.apply();
    expect(unwrapped(stdout)).toContain(`${FILES} will no longer be managed by Terraform, but will not be destroyed`);
    expect(status).toBe(0);
  });
});

describeTerraform("retainLogGroup", (lab) => {
  const LOGS = "aws_cloudwatch_log_group.api_task_definition_log_group";

  it("keeps the log group of a removed service, which the service imports when it is created again", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(service({ retainLogGroup: true }));
    const { deleted } = await state.apply(service(undefined));
    expect(deleted).toContain("aws_ecs_service.api");
    const names = (await system.session.account()).resources.map(({ values }) => values.name);
    expect(names).toContain("/ecs/ecs/api");

    await state.expectFailure(
      service({}),
      "ResourceAlreadyExistsException: The specified log group already exists (/ecs/ecs/api)",
    );
    const imported: Configuration = {
      ...(synthesized(service({})()) as Configuration),
      import: [{ to: LOGS, id: "/ecs/ecs/api" }],
    };
    await state.apply(imported);
    await state.apply(service({}));
  });

  it("keeps the log group of a destroyed cluster", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(cluster());
    expect((await state.apply(cluster({ retainLogGroup: true }))).updated).toEqual([
      "aws_cloudwatch_log_group.cluster_log_group",
    ]);
    await state.destroy();
    expect((await system.session.account()).resources.map(({ values }) => values.name)).toEqual(["/ecs/ecs"]);
  });
});
