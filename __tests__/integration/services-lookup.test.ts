import { TerraformOutput } from "cdktf";
import type { Configuration, PlanJson, State } from "../../cli/offline-provider";
import {
  Ec2Service,
  type Ec2ServiceProps,
  type EcsClusterSettings,
  EcsServiceStack,
  type EcsServiceStackSettings,
  hcl,
} from "../../src";
import { clusterConfiguration } from "../support/cluster";
import { exampleValues } from "../support/examples";
import {
  accountWithout,
  changedGroup,
  type Existing,
  existingCluster,
  mergedAccounts,
} from "../support/existing-cluster";
import { casesAsModules, planOf } from "../support/modules";
import { partOf } from "../support/part-of";
import { synthesized } from "../support/synthesized";
import { describeTerraform, type LabOptions } from "../support/terraform";
import { testApp } from "../support/test-app";

/** Returns a stack with one service. */
function serviceWith(props: Partial<Ec2ServiceProps>): Configuration {
  const stack = new EcsServiceStack(testApp(), "orders");
  new Ec2Service(stack, "orders", { cluster: stack.cluster, image: "orders:1", ...props });
  return synthesized(stack) as Configuration;
}

/** Returns a stack that looks up a cluster, and outputs all that its services use. */
function lookupWith(settings: EcsServiceStackSettings): Configuration {
  const stack = new EcsServiceStack(testApp(), "orders", settings);
  const { cluster, capacityProvider, loadBalancer, vpc, instanceCapacity } = stack.cluster;
  const used = {
    arn: cluster.clusterArn,
    capacity: capacityProvider.capacityProviderName,
    vpc_id: vpc.vpcId,
    listener: loadBalancer?.listenerArn ?? "none",
    types: hcl`keys(${hcl`${instanceCapacity?.details ?? ""}`})`.string,
    spot: hcl`${instanceCapacity?.spot}`.string,
  };
  for (const [name, value] of Object.entries(used)) new TerraformOutput(stack, name, { value, staticId: true });
  return synthesized(stack) as Configuration;
}

/** Returns the resources of a stack as lookups find them: with all tags, and with the `tag` blocks of a group as tags. */
const existingFrom = (resources: State["resources"]): Existing =>
  mergedAccounts(
    resources
      .filter(({ mode }) => mode === "managed")
      .map(({ type, values }) => {
        const blocks = (values.tag ?? []) as readonly { readonly key: string; readonly value: string }[];
        const tags = values.tags_all ?? Object.fromEntries(blocks.map(({ key, value }) => [key, value]));
        // The data source of a group has the subnets as one text.
        const { vpc_zone_identifier: _, ...rest } = values;
        return { [type]: [{ ...rest, tags }] };
      }),
  );

/** The resources of a cluster that are looked up. */
const LOOKED_UP = ["aws_ecs_cluster", "aws_security_group", "aws_lb_listener", "aws_autoscaling_group"] as const;

/** The resource whose name follows from the group's name. */
const PROVIDER = "aws_ecs_capacity_provider";

/** Returns a cluster's stack with only the resources that are looked up. */
function lookedUp(name: string, settings: EcsClusterSettings): Configuration {
  const { capacityProviders = { main: {} } } = settings;
  const ofMain = "main" in capacityProviders && { instanceTypes: ["t3.small", "t3.medium"], maxSize: 3 };
  const configuration = clusterConfiguration({ keyPair: "none", ...settings, values: { name, ...ofMain } });
  const resource = configuration.resource as Record<string, object>;
  const resources = [...LOOKED_UP, PROVIDER].flatMap((type) =>
    Object.keys(resource[type] ?? {}).map((one) => `${type}.${one}`),
  );
  const outputs = Object.keys(configuration.output as object).filter((one) =>
    ["cluster_arn", "listener_arn", "vpc_id"].includes(one),
  );
  return partOf(configuration, ...resources, ...outputs.map((one) => `output.${one}`));
}

const ARM = { values: { instanceTypes: ["m7g.large"] } };

/** The settings of clusters by name. */
const CLUSTERS: Readonly<Record<string, EcsClusterSettings>> = {
  http: {},
  https: { loadBalancer: { https: true }, capacityProviders: { arm: ARM } },
  several: { capacityProviders: { arm: { ...ARM, spot: true }, main: {} } },
  named: { capacityProviders: { x86: { values: { instanceTypes: ["t3.medium"] } }, arm: ARM } },
};

/** Settings that look up one of the clusters, with the provider and a type that they find. */
const LOOKUPS: readonly (readonly [
  what: string,
  cluster: string,
  settings: EcsServiceStackSettings,
  provider: string,
  type: string,
])[] = [
  ["HTTP", "http", {}, "cp-http", "t3.medium"],
  [
    "HTTPS beside HTTP, and a single capacity provider with another name",
    ...(["https", {}, "cp-https-arm", "m7g.large"] as const),
  ],
  ["several capacity providers", "several", { capacity: "arm" }, "cp-several-arm", "m7g.large"],
  ["main among several, by default", "several", {}, "cp-several", "t3.medium"],
  ["a name, of several without main", "named", { capacity: "x86" }, "cp-named-x86", "t3.medium"],
];

/** Other accounts by the name of their cluster, with the stacks that look it up. */
const ACCOUNTS: Readonly<Record<string, readonly [Existing, Configuration]>> = {
  quiet: [accountWithout("quiet", "aws_lb_listener"), lookupWith({ loadBalancer: false })],
  renamed: [existingCluster("renamed").existing, lookupWith({ capacityProviderName: "workers" })],
  required: [existingCluster("required", { instanceTypes: [""] }).existing, serviceWith({ memoryLimitMiB: 500_000 })],
  plain: [
    accountWithout("plain", "aws_autoscaling_group", [changedGroup("plain", { mixed_instances_policy: [] })]),
    serviceWith({ memoryLimitMiB: 500_000 }),
  ],
};

describeTerraform("a cluster of another state", (lab) => {
  const clusters: Record<string, State> = {};
  let planned: PlanJson;
  const planOfCluster = (name: string) => planOf(planned, LOOKUPS.length + Object.keys(ACCOUNTS).indexOf(name));

  async function applied(options: LabOptions): Promise<State> {
    const terraform = await lab.terraform(options);
    expect((await terraform.apply()).stderr).toBe("");
    return terraform.state();
  }

  // Each cluster has its own apply, because the provider sets its tags. One plan has all lookups.
  beforeAll(async () => {
    const accounts: Existing[] = Object.values(ACCOUNTS).map(([account]) => account);
    for (const [name, settings] of Object.entries(CLUSTERS)) {
      const configuration = lookedUp(name, settings);
      const cluster = await applied({ configuration, variables: exampleValues(configuration) });
      clusters[name] = cluster;
      accounts.push(existingFrom(cluster.resources));
    }
    const cases = [
      ...LOOKUPS.map(([, name, settings]) => [name, lookupWith(settings)] as const),
      ...Object.entries(ACCOUNTS).map(([name, [, configuration]]) => [name, configuration] as const),
    ].map(([cluster_name, configuration]) => ({ configuration, variables: { cluster_name } }));
    planned = await (await casesAsModules(lab, cases, { fixtures: { existing: mergedAccounts(accounts) } })).planJson();
  });

  it("provides the service with the cluster, the capacity, the VPC and the listener, and scaling with the load balancer", async () => {
    const route = { containerPort: 80, paths: ["/api/orders*"] };
    const configuration = serviceWith({ ...route, scaling: { maxCapacity: 2, requestsPerTarget: 100 } });
    const { resources } = await applied({ configuration, fixtures: existingCluster() });
    const valuesOf = (address: string) => resources.find((one) => one.address === address)?.values;
    expect(valuesOf("aws_ecs_service.orders")).toMatchObject({
      cluster: "arn:aws:ecs:ap-northeast-2:000000000000:cluster/ecs",
      capacity_provider_strategy: [{ capacity_provider: "cp-ecs", weight: 1, base: 0 }],
      tags_all: { Cluster: "ecs", Name: "ecs-orders" },
    });
    expect(valuesOf("aws_lb_target_group.orders_target_group")).toMatchObject({
      vpc_id: "vpc-0ff11e0000000001",
      deregistration_delay: "300",
    });
    expect(valuesOf("aws_lb_listener_rule.orders_rule")).toMatchObject({
      listener_arn:
        "arn:aws:elasticloadbalancing:ap-northeast-2:000000000000:listener/app/ecs-alb/0f0e0d0c0b0a0908/0706050403020100",
    });
    expect(valuesOf("aws_ecs_task_definition.orders_task_definition")).toMatchObject({ family: "ecs-orders" });
    expect(JSON.stringify(valuesOf("aws_appautoscaling_policy.orders_scaling_requests"))).toMatch(
      /"resource_label":"app\/ecs-alb\/0f0e0d0c0b0a0908\/targetgroup\/[^/"]+\/[0-9a-f]+"/,
    );
  });

  it.each(LOOKUPS.map(([what, cluster, , provider, type], index) => [what, cluster, provider, type, index] as const))(
    "is found with %s",
    (_, cluster, provider, type, index) => {
      const { outputs, resources } = clusters[cluster] as State;
      const { cluster_arn, vpc_id, listener_arn } = outputs;
      const providers = resources.filter((one) => one.type === PROVIDER);
      expect(providers.map(({ values }) => values.name)).toContain(provider);
      expect(planOf(planned, index).outputs).toEqual({
        ...{ arn: cluster_arn?.value, capacity: provider, vpc_id: vpc_id?.value, listener: listener_arn?.value },
        types: expect.arrayContaining([type]),
        spot: provider === "cp-several-arm",
      });
    },
  );

  it("needs no listener for services without a route", () => {
    expect(planOfCluster("quiet").outputs).toMatchObject({ listener: "none", capacity: "cp-quiet" });
  });

  it("has the name in the variable, and can have a capacity provider with another name", () => {
    expect(planOfCluster("renamed").outputs).toMatchObject({
      ...{ arn: "arn:aws:ecs:ap-northeast-2:000000000000:cluster/renamed", capacity: "workers" },
    });
  });

  it.each([
    ["selects its instance types by requirements", "required"],
    ["has one type in its launch template", "plain"],
  ])("has no guards when the group %s", (_, name) => {
    expect(planOfCluster(name).resources.map(({ address }) => address)).toContain("aws_ecs_service.orders");
  });
});
