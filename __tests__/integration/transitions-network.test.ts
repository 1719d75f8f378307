import { DEFAULT_VPC_ID, type Fixtures, type Operation, subnetId } from "../../cli/offline-provider";
import { Ec2Service, type EcsClusterSettings, ServiceConnectNamespace } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

const VPC = "vpc-0123456789abcdef0";
const fixtures: Partial<Fixtures> = { otherVpcs: [VPC] };
const SUBNETS = ["a", "c"].map((zone) => subnetId(VPC, `ap-northeast-2${zone}`));

/** Returns a version of a cluster with one service, which has a route if there is a load balancer. */
const version = (settings: EcsClusterSettings = {}) => {
  return () => {
    const stack = clusterStack({ keyPair: "none", capacityGuards: false, ...settings });
    const route = settings.loadBalancer === false ? {} : { paths: ["/a*"] };
    new Ec2Service(stack, "web", { cluster: stack, image: "web:1", containerPort: 80, ...route });
    return stack;
  };
};
const IN_VPC = { vpcId: VPC, values: { subnetIds: SUBNETS } };

/** Returns the ports of the security group rules that are open at each moment of some operations, without repetitions. */
const openPorts = (operations: readonly Operation[]) => [
  ...new Set(
    operations.flatMap(({ type, values }) =>
      /^aws_vpc_security_group_(in|e)gress_rule$/.test(type) &&
      values?.from_port !== 80 &&
      Number(values?.from_port) > 0
        ? `${values?.from_port}-${values?.to_port}`
        : [],
    ),
  ),
];

describeTerraform("the port range of a running cluster", (lab) => {
  const withConnect = (settings: EcsClusterSettings) => () => {
    const stack = version(settings)();
    new ServiceConnectNamespace(stack, "namespace", { cluster: stack, name: "internal" });
    return stack;
  };
  const rules = [
    "aws_vpc_security_group_egress_rule.port_rules_load_balancer_to_instances",
    "aws_vpc_security_group_ingress_rule.namespace_instances_from_instances",
    "aws_vpc_security_group_ingress_rule.port_rules_instances_from_load_balancer",
  ];
  const OLD = { from: 31_000, to: 61_000 };

  it.each<[string, EcsClusterSettings, string, string]>([
    ["portRange", { portRange: { from: 32_768, to: 62_000 } }, "31000-62000", "32768-62000"],
    ["the AMI family", { amiFamily: "bottlerocket" }, "31000-65535", "32768-65535"],
  ])("changes with %s, and stays open for old instances until they are replaced", async (_, settings, both, only) => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(withConnect({}));
    // The account ends the instance refresh after the apply.
    const changed = await state.apply(withConnect({ ...settings, previousPortRange: OLD }));
    expect(changed.updated).toEqual(expect.arrayContaining(rules));
    expect(changed).toMatchObject({ replaced: [], missing: [], rejected: [] });
    expect(openPorts(changed.operations)).toEqual([both]);
    const ended = await state.apply(withConnect(settings));
    expect(ended).toMatchObject({ created: [], updated: rules, replaced: [], deleted: [], missing: [], rejected: [] });
    expect(openPorts(ended.operations)).toEqual([only]);
  });
});

describeTerraform("the VPC of a running cluster", (lab) => {
  it("cannot be set or unset while the cluster has a load balancer", async () => {
    const system = await RunningSystem.start(lab, fixtures);
    const state = system.state();
    await state.apply(version());
    const rejection = (from: string, to: string) =>
      `The load balancer of ecs is in ${from}, and AWS cannot move it to ${to}.`;
    await state.expectRejected(version(IN_VPC), rejection(DEFAULT_VPC_ID, VPC));
    const back = await state.apply(version());
    expect(back.operations).toEqual([]);

    const other = (await RunningSystem.start(lab, fixtures)).state();
    await other.apply(version(IN_VPC));
    await other.expectRejected(version(), rejection(VPC, DEFAULT_VPC_ID));
  });

  it("changes together with the name", async () => {
    const state = (await RunningSystem.start(lab, fixtures)).state();
    await state.apply(version());
    const moved = await state.apply(version({ vpcId: VPC, values: { subnetIds: SUBNETS, name: "prod" } }));
    expect(moved.replaced).toContain("aws_lb.load_balancer");
    await state.apply(version({ values: { name: "ecs" } }));
  });

  it("changes in two applies without a load balancer, because old instances use their security group at first", async () => {
    const state = (await RunningSystem.start(lab, fixtures)).state();
    await state.apply(version({ loadBalancer: false }));
    const moved = await state.apply(version({ ...IN_VPC, loadBalancer: false }), { applies: 2 });
    expect(moved.rejected).toEqual([expect.stringMatching(/^DependencyViolation: /)]);
    expect(moved.missing).toEqual([]);
  });
});

describeTerraform("the region of a running cluster", (lab) => {
  it("stays: a plan with another one fails", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(version());
    const message = "The region of a cluster cannot change; received eu-west-1, and the cluster is in ap-northeast-2.";
    await state.expectRejected(version(), message, { variables: { region: "eu-west-1" } });
    expect((await state.apply(version())).operations).toEqual([]);
  });
});
