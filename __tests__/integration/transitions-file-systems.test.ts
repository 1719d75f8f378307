import { subnetId } from "../../cli/offline-provider";
import { Ec2Service, type EcsClusterSettings, type EcsClusterStack, FileSystem, type FileSystemProps } from "../../src";
import { clusterStack } from "../support/cluster";
import { EXAMPLE_FIXTURES } from "../support/examples";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

const VPC = "vpc-0123456789abcdef0";
const SMOOTH = { missing: [], lost: [], rejected: [] };

/** Returns a version of a cluster in a VPC with public and private subnets, whose service mounts a file system. */
function version(settings: EcsClusterSettings, vpcOf = (stack: EcsClusterStack): FileSystemProps["vpc"] => stack.vpc) {
  return () => {
    const stack = clusterStack({
      keyPair: "none",
      loadBalancer: false,
      vpcId: VPC,
      ...settings,
    });
    const { portRules } = stack;
    const { fileSystemId } = new FileSystem(stack, "files", { name: "wiki", vpc: vpcOf(stack), portRules });
    new Ec2Service(stack, "api", {
      cluster: stack,
      image: "api:1",
      volumes: { data: { fileSystem: fileSystemId } },
      mountPoints: { "/data": "data" },
    });
    return stack;
  };
}

describeTerraform("the mount targets of a file system", (lab) => {
  const PRIVATE = { privateSubnets: true };

  it.each([
    ["to private subnets", {}, PRIVATE],
    ["to public subnets", PRIVATE, {}],
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

  it("are one for each zone", async () => {
    const state = (await RunningSystem.start(lab, EXAMPLE_FIXTURES)).state();
    const inOneZone = ["subnet-0a2a2a2a2a2a2a2a2", subnetId(VPC, "ap-northeast-2a")];
    const twice = version({}, () => ({ vpcId: VPC, instanceSubnetIdPerZone: inOneZone }));
    await state.expectFailure(twice, "MountTargetConflict: mount target already exists in this AZ");
  });
});
