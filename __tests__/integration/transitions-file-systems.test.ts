import { DEFAULT_VPC_ID, subnetId } from "../../cli/offline-provider";
import { Ec2Service, type EcsClusterSettings, type EcsClusterStack, FileSystem, type FileSystemProps } from "../../src";
import type { NetworkMode } from "../../src/tasks/port-mapping";
import { clusterStack } from "../support/cluster";
import { EXAMPLE_FIXTURES } from "../support/examples";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

const VPC = "vpc-0123456789abcdef0";
const IN_VPC = { vpcId: VPC };
const PRIVATE = { ...IN_VPC, privateSubnets: true };
const SMOOTH = { missing: [], lost: [], rejected: [] };

/** Returns a version of a cluster, whose service mounts a file system. */
function version(
  settings: EcsClusterSettings,
  vpcOf = (stack: EcsClusterStack): FileSystemProps["vpc"] => stack.vpc,
  networkMode: NetworkMode = "bridge",
) {
  return () => {
    const stack = clusterStack({ keyPair: "none", loadBalancer: false, ...settings });
    const { portRules } = stack;
    const { fileSystemId } = new FileSystem(stack, "files", { name: "wiki", vpc: vpcOf(stack), portRules });
    new Ec2Service(stack, "api", {
      cluster: stack,
      image: "api:1",
      volumes: { data: { fileSystem: fileSystemId } },
      mountPoints: { "/data": "data" },
      networkMode,
    });
    return stack;
  };
}

describeTerraform("the mount targets of a file system", (lab) => {
  it.each([
    ["to private subnets", IN_VPC, PRIVATE],
    ["to public subnets", PRIVATE, IN_VPC],
  ])("stay while the instances move %s, with the subnets that they are in", async (_, before, after) => {
    const state = (await RunningSystem.start(lab, EXAMPLE_FIXTURES)).state();
    await state.apply(version(before));
    const subnets = state.terraform
      .state()
      .resources.flatMap(({ type, values }) => (type === "aws_efs_mount_target" ? [String(values.subnet_id)] : []));
    expect(subnets).toHaveLength(2);
    const pinned = version(after, ({ vpc: { vpcId } }) => ({ vpcId, instanceSubnetIdPerZone: subnets }));
    const moved = await state.apply(pinned);
    expect(moved).toMatchObject({ ...SMOOTH, created: [], deleted: [], replaced: [] });
    expect(moved.updated).toContain("aws_autoscaling_group.capacity");
  });

  it("admit the tasks as long as these are in awsvpc mode", async () => {
    const state = (await RunningSystem.start(lab, EXAMPLE_FIXTURES)).state();
    const rule = "aws_vpc_security_group_ingress_rule.api_task_definition_nfs_to_ecs_files";
    await state.apply(version({}));
    const there = await state.apply(version({}, undefined, "awsvpc"));
    expect(there).toMatchObject({ ...SMOOTH, created: expect.arrayContaining([rule]), replaced: [], deleted: [] });
    // The service waits for the rule, and its old tasks keep it until the deployment has ended.
    const operations = there.operations.map(({ operation, type }) => `${operation} ${type}`);
    expect(operations.lastIndexOf("create aws_vpc_security_group_ingress_rule")).toBeLessThan(
      operations.indexOf("update aws_ecs_service"),
    );
    const back = await state.apply(version({}));
    expect(back).toMatchObject({ ...SMOOTH, replaced: [], deleted: expect.arrayContaining([rule]) });
  });

  it("are one for each zone", async () => {
    const state = (await RunningSystem.start(lab, EXAMPLE_FIXTURES)).state();
    const inOneZone = ["subnet-0a2a2a2a2a2a2a2a2", subnetId(VPC, "ap-northeast-2a")];
    const twice = version(IN_VPC, () => ({ vpcId: VPC, instanceSubnetIdPerZone: inOneZone }));
    await state.expectFailure(twice, "MountTargetConflict: mount target already exists in this AZ");
  });

  it("stay in their VPC: a plan with another one fails", async () => {
    const state = (await RunningSystem.start(lab, EXAMPLE_FIXTURES)).state();
    await state.apply(version({}));
    const message =
      "The VPC of a file system cannot change; received vpc-0123456789abcdef0, and the mount targets of the file system are " +
      `in ${DEFAULT_VPC_ID}. Set the VPC back.`;
    await state.expectRejected(version(IN_VPC), message);
    expect((await state.apply(version({}))).operations).toEqual([]);
  });

  it("are in one VPC", async () => {
    const state = (await RunningSystem.start(lab, EXAMPLE_FIXTURES)).state();
    const inTwoVpcs = [subnetId(VPC, "ap-northeast-2a"), subnetId(DEFAULT_VPC_ID, "ap-northeast-2c")];
    const mixed = version(IN_VPC, () => ({ ...IN_VPC, instanceSubnetIdPerZone: inTwoVpcs }));
    await state.expectFailure(
      mixed,
      "MountTargetConflict: requested subnet for new mount target is not in the same VPC as existing mount targets",
    );
  });
});
