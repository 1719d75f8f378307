import type { State, TerraformResult } from "../../cli/offline-provider";
import { type CapacityProviderSettings, Ec2Service } from "../../src";
import { clusterStack } from "../support/cluster";
import { EXAMPLE_FIXTURES, exampleValues } from "../support/examples";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

const instancesDistribution = { onDemandBaseCapacity: 2, onDemandPercentageAboveBaseCapacity: 25 };

/** A capacity provider of every kind, by name. */
const KINDS: Readonly<Record<string, readonly [what: string, settings: CapacityProviderSettings]>> = {
  plain: ["only defaults", {}],
  careful: [
    "checkpoints, rollback, a lifetime, volumes, a placement group and metrics every minute",
    {
      instanceRefresh: { checkpointPercentages: [20, 100], autoRollback: true, alarms: ["errors"] },
      ...{ maxInstanceLifetimeDays: 14, placementGroup: "spread", detailedMonitoring: true },
      volumes: {
        cache: { sizeGib: 100, mountPath: "/cache", iops: 4000 },
        logs: { sizeGib: 10, mountPath: "/logs" },
      },
    },
  ],
  unrefreshed: [
    "a cluster placement group without a refresh",
    { instanceRefresh: false, placementGroup: "cluster", values: { instanceTypes: ["m7i.large"] } },
  ],
  nightly: [
    "a schedule that scales to zero",
    { schedules: { night: { recurrence: "0 20 * * *", minSize: 0, maxSize: 0 } }, values: { minSize: 0 } },
  ],
  warm: [
    "a warm pool, a hook, and images that it waits for",
    {
      warmPool: { minSize: 1 },
      lifecycleHooks: { wait: { transition: "launching" } },
      docker: { bip: "10.200.0.1/24", httpsProxy: "10.0.0.131:3128" },
      prePulledImages: ["public.ecr.aws/docker/library/nginx:1.29"],
    },
  ],
  named: ["instance types by name", { instancesDistribution, values: { instanceTypes: ["m7i.large", "m6i.large"] } }],
  required: [
    "instance types by requirements",
    {
      instancesDistribution,
      instanceRequirements: { vCpuCount: { min: 2, max: 4 }, memoryMiB: { min: 4096 }, architecture: "arm64" },
    },
  ],
  quiet: [
    "Bottlerocket without an admin container",
    {
      amiFamily: "bottlerocket",
      bottlerocket: {
        adminContainer: false,
        bootstrapContainers: { setup: { source: "public.ecr.aws/acme/setup:1", userData: "${x}" } },
        settings: { motd: "${x}" },
      },
    },
  ],
  gpu: ["GPUs", { values: { instanceTypes: ["g5.xlarge"], minSize: 0 } }],
};

describeTerraform("capacity providers of every kind in one cluster", (lab) => {
  let applied: TerraformResult;
  let state: State;
  let settled: TerraformResult;

  // The cluster also has security groups, a customer managed key and a service-linked role.
  beforeAll(async () => {
    const stack = clusterStack({
      ...{
        keyPair: "none",
        loadBalancer: false,
        extraSecurityGroups: true,
        customerKey: true,
        serviceLinkedRole: true,
      },
      capacityProviders: Object.fromEntries(Object.entries(KINDS).map(([name, [, settings]]) => [name, settings])),
      defaultStrategy: [{ capacityProvider: "plain" }],
    });
    const capacityProvider = stack.capacityProviders.gpu?.capacityProviderName ?? "";
    const capacityProviderStrategies = [{ capacityProvider }];
    new Ec2Service(stack, "model", { cluster: stack, image: "model:1", gpuCount: 1, capacityProviderStrategies });
    const configuration = synthesized(stack);
    const path = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id";
    const answers = { aws_ssm_parameter: { when: { name: path }, state: { insecure_value: "ami-0arm64" } } };
    const fixtures = { ...EXAMPLE_FIXTURES, answers };
    const terraform = await lab.terraform({ configuration, variables: exampleValues(configuration), fixtures });
    applied = await terraform.apply();
    settled = await terraform.plan();
    state = terraform.state();
  });
  const resourcesOf = (name: string) =>
    state.resources.filter(({ address }) => address.split(".")[1]?.startsWith(`${name}_capacity`));
  const group = (name: string) => resourcesOf(name).find(({ type }) => type === "aws_autoscaling_group")?.values;

  it("have no changes after an apply", () => {
    expect(applied).toMatchObject({ status: 0, stderr: "" });
    expect(settled.stdout).toContain("No changes.");
    expect(settled.status).toBe(0);
  });

  it.each(Object.entries(KINDS).map(([name, [what]]) => [what, name] as const))("include %s", (_, name) => {
    const types = resourcesOf(name).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(["aws_autoscaling_group", "aws_ecs_capacity_provider"]));
  });

  it.each(["named", "required"])("mix instances, and use the AMI of their architecture: %s", (name) => {
    expect(group(name)?.mixed_instances_policy).toMatchObject([
      { instances_distribution: [{ on_demand_base_capacity: 2, on_demand_percentage_above_base_capacity: 25 }] },
    ]);
    expect(state.outputs[`${name}_ami_id`]?.value === "ami-0arm64").toBe(name === "required");
  });
});
