import { Testing } from "cdktf";
import {
  Ec2Service,
  type Ec2ServiceProps,
  type EcsClusterSettings,
  EcsServiceStack,
  type EcsServiceStackSettings,
} from "../../src";
import type { Configuration, Fixtures } from "../../tools/offline-provider";
import { clusterConfiguration, PUBLIC_KEY, unwrapped } from "../support/cluster";
import { existingCluster } from "../support/existing-cluster";
import { describeTerraform } from "../support/terraform";

function configurationOf(props: Partial<Ec2ServiceProps> = {}, settings: EcsServiceStackSettings = {}): Configuration {
  const stack = new EcsServiceStack(Testing.app(), "orders", settings);
  const route = settings.loadBalancer === false ? {} : { containerPort: 80, paths: ["/api/orders*"] };
  new Ec2Service(stack, "orders", { cluster: stack.cluster, image: "orders:1", ...route, ...props });
  return JSON.parse(Testing.synth(stack, true)) as Configuration;
}

interface Made {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a stack made, as lookups find it: with all of its tags, and a group's `tag` blocks as tags. */
function existingFrom(resources: readonly Made[]): Fixtures["existing"] {
  const existing: Record<string, Record<string, unknown>[]> = {};
  for (const { type, values } of resources.filter(({ mode }) => mode === "managed")) {
    const blocks = (values.tag ?? []) as readonly { readonly key: string; readonly value: string }[];
    const tags = values.tags_all ?? Object.fromEntries(blocks.map(({ key, value }) => [key, value]));
    // The lookup of a group has its subnets as one text.
    const { vpc_zone_identifier: _, ...rest } = values;
    existing[type] = [...(existing[type] ?? []), { ...rest, tags }];
  }
  return existing;
}

/** The account with something of the cluster gone, or changed. */
const without = (type: string, change: readonly object[] = []): Partial<Fixtures> => {
  const { existing } = existingCluster();
  return { existing: { ...existing, [type]: change as Fixtures["existing"][string] } };
};

const groupOf = (name: string) => {
  const [group] = existingCluster().existing.aws_autoscaling_group ?? [];
  return { ...group, name, tags: { ...(group?.tags as object), Name: name } };
};

describeTerraform("a cluster that another state made", (lab) => {
  async function planned(configuration: Configuration, fixtures: Partial<Fixtures>, variables = {}) {
    const terraform = await lab.terraform({ configuration, fixtures, variables });
    return terraform.planJson();
  }
  const after = ({ resource_changes = [] }: Awaited<ReturnType<typeof planned>>, address: string) =>
    resource_changes.find((change) => change.address === address)?.change.after;

  it("gives the service its cluster, its capacity, its VPC and its listener", async () => {
    const plan = await planned(configurationOf(), existingCluster());
    expect(after(plan, "aws_ecs_service.orders")).toMatchObject({
      cluster: "arn:aws:ecs:ap-northeast-2:000000000000:cluster/ecs",
      capacity_provider_strategy: [{ capacity_provider: "cp-ecs", weight: 1, base: 0 }],
    });
    expect(after(plan, "aws_lb_target_group.orders_target_group")).toMatchObject({ vpc_id: "vpc-0ff11e0000000001" });
    expect(after(plan, "aws_lb_listener_rule.orders_rule")).toMatchObject({
      listener_arn:
        "arn:aws:elasticloadbalancing:ap-northeast-2:000000000000:listener/app/ecs-alb/0f0e0d0c0b0a0908/0706050403020100",
    });
    expect(after(plan, "aws_ecs_task_definition.orders_task_definition")).toMatchObject({ family: "ecs-orders" });
    expect(after(plan, "aws_ecs_service.orders")).toMatchObject({ tags_all: { Cluster: "ecs", Name: "ecs-orders" } });
  });

  it.each<[string, EcsClusterSettings, EcsServiceStackSettings, output: string, type: string]>([
    ["HTTP", {}, {}, "capacity_provider_name", "t3.medium"],
    ["HTTPS beside HTTP", { loadBalancer: { https: true } }, {}, "capacity_provider_name", "t3.medium"],
    [
      "several capacity providers",
      { capacityProviders: { main: {}, arm: { values: { instanceTypes: ["m7g.large"] } } } },
      { capacity: "arm" },
      "arm_capacity_provider_name",
      "m7g.large",
    ],
    [
      "a single capacity of a name of its own, which needs no saying",
      { capacityProviders: { arm: { values: { instanceTypes: ["m7g.large"] } } } },
      {},
      "arm_capacity_provider_name",
      "m7g.large",
    ],
    [
      "main among several, which needs no saying",
      { capacityProviders: { arm: { values: { instanceTypes: ["m7g.large"] } }, main: {} } },
      {},
      "main_capacity_provider_name",
      "t3.medium",
    ],
    [
      "a name, of several without main",
      {
        capacityProviders: {
          x86: { values: { instanceTypes: ["t3.medium"] } },
          arm: { values: { instanceTypes: ["m7g.large"] } },
        },
      },
      { capacity: "x86" },
      "x86_capacity_provider_name",
      "t3.medium",
    ],
  ])("is found by what its own stack made, with %s", async (_, settings, own, output, type) => {
    const { capacityProviders = { main: {} } } = settings;
    const ofMain = "main" in capacityProviders && { instanceTypes: ["t3.small", "t3.medium"], maxSize: 3 };
    const values = { name: "prod", sshPublicKey: PUBLIC_KEY, ...ofMain };
    const certificate_arn = `arn:aws:acm:ap-northeast-2:000000000000:certificate/0f0e0d0c-1111-2222-3333-444455556666`;
    const clusterTerraform = await lab.terraform({
      configuration: clusterConfiguration({ ...settings, values }),
      variables: settings.loadBalancer ? { certificate_arn } : {},
    });
    expect((await clusterTerraform.apply()).status).toBe(0);
    const made = (await clusterTerraform.stateJson()) as {
      values: { outputs: Record<string, { value: string }>; root_module: { resources: Made[] } };
    };
    const configuration = configurationOf({}, { values: { clusterName: "prod" }, ...own });
    const plan = await planned(configuration, { existing: existingFrom(made.values.root_module.resources) });
    const { outputs } = made.values;
    expect(after(plan, "aws_ecs_service.orders")).toMatchObject({
      cluster: outputs.cluster_arn?.value,
      capacity_provider_strategy: [{ capacity_provider: outputs[output]?.value ?? "cp-prod" }],
    });
    expect(after(plan, "aws_lb_listener_rule.orders_rule")).toMatchObject({
      listener_arn: outputs.listener_arn?.value,
    });
    expect(after(plan, "aws_lb_target_group.orders_target_group")).toMatchObject({ vpc_id: outputs.vpc_id?.value });
    expect(JSON.stringify(plan.prior_state)).toContain(`"instance_type":"${type}"`);
  });

  it("names its load balancer to scaling by requests", async () => {
    const configuration = configurationOf({ scaling: { maxCapacity: 2, requestsPerTarget: 100 } });
    const terraform = await lab.terraform({ configuration, fixtures: existingCluster() });
    expect((await terraform.apply()).stderr).toBe("");
    const { values } = (await terraform.stateJson()) as {
      values: { root_module: { resources: { address: string; values: Record<string, unknown> }[] } };
    };
    const policy = values.root_module.resources.find(
      ({ address }) => address === "aws_appautoscaling_policy.orders_scaling_requests",
    );
    expect(JSON.stringify(policy?.values)).toMatch(
      /"resource_label":"app\/ecs-alb\/0f0e0d0c0b0a0908\/targetgroup\/[^/"]+\/[0-9a-f]+"/,
    );
  });

  it("needs no listener for services without a route", async () => {
    const plan = await planned(configurationOf({}, { loadBalancer: false }), without("aws_lb_listener"));
    expect(after(plan, "aws_ecs_service.orders")).toMatchObject({ name: "orders" });
  });

  it("is another one by the variable", async () => {
    const plan = await planned(configurationOf(), existingCluster("prod"), { cluster_name: "prod" });
    expect(after(plan, "aws_ecs_service.orders")).toMatchObject({
      cluster: "arn:aws:ecs:ap-northeast-2:000000000000:cluster/prod",
      capacity_provider_strategy: [{ capacity_provider: "cp-prod" }],
    });
  });

  it.each<[string, Partial<Fixtures>, string]>([
    [
      "the cluster",
      without("aws_ecs_cluster", [
        { arn: "arn:aws:ecs:ap-northeast-2:000000000000:cluster/prod", cluster_name: "prod" },
      ]),
      "There is no ECS cluster ecs in ap-northeast-2. There are: prod. Apply the cluster's stack first, or correct cluster_name or region.",
    ],
    [
      "any cluster",
      { existing: {} },
      "There is no ECS cluster ecs in ap-northeast-2. There are: none. Apply the cluster's stack first, or correct cluster_name or region.",
    ],
    [
      "the security group",
      without("aws_security_group"),
      "There must be one security group tagged Cluster = ecs in ap-northeast-2, Name = ecs-instances; there are 0. Apply the cluster's stack, which tags its own, and take those tags off other groups.",
    ],
    [
      "the listener",
      without("aws_lb_listener"),
      "There must be one listener tagged Cluster = ecs in ap-northeast-2, Purpose = Where services put their rules; there are 0. Give the cluster's stack a load balancer and apply it, or set loadBalancer: false here, for services without a route.",
    ],
    [
      "the auto scaling group",
      without("aws_autoscaling_group"),
      "There is no auto scaling group ecs-instances tagged Cluster = ecs in ap-northeast-2, Purpose = The container instances of the ECS cluster. There are: none. Apply the cluster's stack, which tags its own, or name the capacity provider (capacity), which stands between the cluster's name and -instances.",
    ],
    [
      "main, and others are there",
      without("aws_autoscaling_group", ["ecs-x86-instances", "ecs-arm-instances"].map(groupOf)),
      "There is no auto scaling group ecs-instances tagged Cluster = ecs in ap-northeast-2, Purpose = The container instances of the ECS cluster. There are: ecs-arm-instances, ecs-x86-instances. Apply the cluster's stack, which tags its own, or name the capacity provider (capacity), which stands between the cluster's name and -instances.",
    ],
  ])("is missed in words where %s isn't there", async (_, fixtures, message) => {
    const terraform = await lab.terraform({ configuration: configurationOf(), fixtures });
    const { status, stderr } = await terraform.plan();
    expect(unwrapped(stderr)).toContain(message);
    expect(stderr.match(/Error:/g)).toHaveLength(1);
    expect(status).toBe(1);
  });

  it("is missed in words where the capacity that was named isn't there", async () => {
    const configuration = configurationOf({}, { capacity: "arm" });
    const { stderr } = await (await lab.terraform({ configuration, fixtures: existingCluster() })).plan();
    expect(unwrapped(stderr)).toContain("There is no auto scaling group ecs-arm-instances tagged Cluster = ecs");
    expect(unwrapped(stderr)).toContain("There are: ecs-instances.");
  });

  it("has its capacity provider by another name where that is given", async () => {
    const plan = await planned(configurationOf({}, { capacityProviderName: "workers" }), existingCluster());
    expect(after(plan, "aws_ecs_service.orders")).toMatchObject({
      capacity_provider_strategy: [{ capacity_provider: "workers" }],
    });
  });

  it("guards its instances' memory, from the group's own types and size", async () => {
    const fixtures = existingCluster("ecs", { instanceTypes: ["t3.micro", "t3.small"], maxSize: 1 });
    const terraform = await lab.terraform({ configuration: configurationOf({ memoryLimitMiB: 500 }), fixtures });
    expect(unwrapped((await terraform.plan()).stderr)).toContain(
      "The services want 1000 MiB of memory while they are deployed (orders 2 x 500), more than the 942 that 1 instances have for tasks: t3.micro 942, t3.small 1884",
    );
  });

  it("guards nothing where the group chooses its types by what they have", async () => {
    const fixtures = existingCluster("ecs", { instanceTypes: [""] });
    const plan = await planned(configurationOf({ memoryLimitMiB: 500_000 }), fixtures);
    expect(after(plan, "aws_ecs_service.orders")).toMatchObject({ name: "orders" });
  });

  it("guards nothing where the group has a single type in its launch template", async () => {
    const { existing } = existingCluster();
    const [group] = existing.aws_autoscaling_group ?? [];
    const fixtures = { existing: { ...existing, aws_autoscaling_group: [{ ...group, mixed_instances_policy: [] }] } };
    const plan = await planned(configurationOf({ memoryLimitMiB: 500_000 }), fixtures);
    expect(after(plan, "aws_ecs_service.orders")).toMatchObject({ name: "orders" });
  });
});
