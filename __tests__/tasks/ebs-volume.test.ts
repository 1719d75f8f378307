import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Testing } from "cdktf";
import { type EbsVolume, Ec2Service, type Ec2ServiceProps } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { at, emptyStack, synthesized } from "../support/synthesized";

Testing.setupJest();

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";

function synthesize(ebs: EbsVolume, props: Partial<Ec2ServiceProps> = {}): string {
  const stack = emptyStack();
  const volumes = { data: { ebs } };
  const mountPoints = { "/data": "data" };
  new Ec2Service(stack, "web", { cluster: clusterTarget(), image: "web:1", volumes, mountPoints, ...props });
  return JSON.stringify(synthesized(stack));
}

/** Returns the volume in the service. */
const volumeOf = (json: string): unknown =>
  at(JSON.parse(json), "resource", "aws_ecs_service", "web", "volume_configuration");

const problems = (ebs: object, props: Partial<Ec2ServiceProps> = {}) =>
  problemsOf(() => synthesize(ebs as EbsVolume, props));

describe("an EBS volume for each task", () => {
  it("lets ECS use the cluster's key for volumes that name no key", () => {
    const ofCluster = () => clusterTarget({ cluster: { ...clusterTarget().cluster, managedStorageKeyArn: KEY } });
    const other = `${KEY}e`;
    const usesOf = (json: string) => [json.includes(`[\\"${KEY}\\"]`), json.includes(`[\\"${other}\\"]`)];
    const json = synthesize({ sizeGib: 20 }, { cluster: ofCluster() });
    expect(usesOf(json)).toEqual([true, false]);
    // ECS takes the key from the cluster.
    expect(JSON.stringify(volumeOf(json))).not.toContain("kms_key_id");
    expect(usesOf(synthesize({ sizeGib: 20, encryptionKeyArn: other }, { cluster: ofCluster() }))).toEqual([
      false,
      true,
    ]);
  });

  it("is configured by the service, encrypted, and tagged like the service", () => {
    const json = synthesize({ sizeGib: 20 });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      volume: [{ name: "data", configure_at_launch: true }],
      container_definitions: expect.stringContaining('"sourceVolume" = "data", "containerPath" = "/data"'),
    });
    expect(volumeOf(json)).toMatchObject({
      name: "data",
      managed_ebs_volume: {
        role_arn: "${aws_iam_role.web_volume_role.arn}",
        size_in_gb: 20,
        volume_type: "gp3",
        encrypted: true,
        file_system_type: "xfs",
        tag_specifications: [{ resource_type: "volume", propagate_tags: "SERVICE" }],
      },
    });
  });

  it("has each setting", () => {
    const ebs: EbsVolume = {
      ...{ sizeGib: 200, snapshotId: "snap-0123456789abcdef0", volumeType: "io2", iops: 5000, encryptionKeyArn: KEY },
      ...{ fileSystemType: "ext4", volumeInitializationRate: 200 },
    };
    const json = synthesize(ebs);
    expect(volumeOf(json)).toMatchObject({
      managed_ebs_volume: {
        ...{
          size_in_gb: 200,
          snapshot_id: "snap-0123456789abcdef0",
          volume_type: "io2",
          iops: 5000,
          kms_key_id: KEY,
        },
        ...{ file_system_type: "ext4", volume_initialization_rate: 200 },
      },
    });
    expect(volumeOf(synthesize({ sizeGib: 20, throughput: 500, encrypted: false }))).toMatchObject({
      managed_ebs_volume: { throughput: 500, encrypted: false },
    });
  });

  it("has a role with which ECS manages it, until the service is gone", () => {
    const json = synthesize({ sizeGib: 20 });
    expect(json).toHaveResourceWithProperties(IamRole, {
      name_prefix: "prod-web-vols-",
      assume_role_policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs.amazonaws.com" } }],
      }),
    });
    expect(json).toHaveResourceWithProperties(IamRolePolicyAttachment, {
      role: "${aws_iam_role.web_volume_role.name}",
      policy_arn: expect.stringContaining("service-role/AmazonECSInfrastructureRolePolicyForVolumes"),
    });
    expect(at(JSON.parse(json), "resource", "aws_ecs_service", "web", "depends_on")).toContain(
      "aws_iam_role_policy_attachment.web_volume_role_volumes",
    );
    expect(resourceCounts(json)).toMatchObject({ aws_iam_role: 2, aws_iam_role_policy_attachment: 1 });
  });

  it("lets the role use the key that encrypts it", () => {
    expect(synthesize({ sizeGib: 20, encryptionKeyArn: KEY })).toHaveResourceWithProperties(IamRolePolicy, {
      name: "encrypt-volumes",
      policy: expect.stringMatching(
        /"kms:CreateGrant"\], "Resource" = \["arn:aws:kms.*"kms:GrantIsForAWSResource" = "true"/,
      ),
    });
  });

  it("has a role that exists", () => {
    const infrastructureRole = "arn:aws:iam::111122223333:role/ecs-volumes";
    const json = synthesize({ sizeGib: 20, infrastructureRole });
    expect(volumeOf(json)).toMatchObject({ managed_ebs_volume: { role_arn: infrastructureRole } });
    expect(resourceCounts(json)).toMatchObject({ aws_iam_role: 1 });
  });

  it.each<[string, object, ...string[]]>([
    [
      "no size and no snapshot",
      {},
      "volumes.data.ebs.sizeGib must be set without snapshotId; received nothing. For example 20.",
    ],
    [
      "a size that the type does not have",
      { sizeGib: 20, volumeType: "st1" },
      "volumes.data.ebs.sizeGib must be 125 to 16384 GiB with st1; received 20. Change the size, or the type.",
    ],
    [
      "operations of a type without them",
      { sizeGib: 20, volumeType: "gp2", iops: 3000, throughput: 200 },
      "volumes.data.ebs.iops must not be set with gp2; received 3000. Remove it, or use gp3, io1 or io2.",
      "volumes.data.ebs.throughput must not be set with gp2; received 200. Remove it, or use gp3.",
    ],
    [
      "io2 without operations",
      { sizeGib: 20, volumeType: "io2" },
      "volumes.data.ebs.iops must be set with io2; received nothing. For example 3000.",
    ],
    [
      "too few operations",
      { sizeGib: 20, iops: 200 },
      "volumes.data.ebs.iops must be 3000 to 16000 with gp3; received 200. Change it, or the type.",
    ],
    [
      "a key without encryption, and a rate without a snapshot",
      { sizeGib: 20, encrypted: false, encryptionKeyArn: KEY, volumeInitializationRate: 100 },
      "volumes.data.ebs.volumeInitializationRate must not be set without snapshotId; received 100. An empty volume has nothing to load. Remove it.",
      `volumes.data.ebs.encryptionKeyArn must not be set with encrypted false; received "${KEY}". Remove one of the two.`,
    ],
  ])("rejects %s", (_, ebs, ...expected) => {
    expect(problems(ebs)).toEqual(expected);
  });

  it("is one for each task, and none for a daemon", () => {
    const volumes = { a: { ebs: { sizeGib: 1 } }, b: { ebs: { sizeGib: 1 } } };
    expect(problems({}, { volumes, mountPoints: { "/a": "a", "/b": "b" } })).toEqual([
      'volumes must have at most one EBS volume; received ["a", "b"]. ECS attaches one to a task. Use a fileSystem or a hostPath for the others.',
    ]);
    expect(problems({ sizeGib: 20 }, { daemon: true })).toEqual([
      expect.stringMatching(
        /^volumes\.data\.ebs must not be set with daemon; received .*\. A daemon runs one task on each instance\./,
      ),
    ]);
  });
});
