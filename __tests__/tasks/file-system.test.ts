import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { EfsBackupPolicy } from "@cdktf/provider-aws/lib/efs-backup-policy";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsFileSystemPolicy } from "@cdktf/provider-aws/lib/efs-file-system-policy";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformVariable, Testing } from "cdktf";
import { EncryptionKey, FileSystem, type FileSystemProps, TaskDefinition } from "../../src";
import { clusterStack } from "../support/cluster";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, ofType, synthesized } from "../support/synthesized";

Testing.setupJest();

const required: FileSystemProps = {
  name: "wiki",
  vpc: { vpcId: "vpc-0123456789abcdef0", instanceSubnetIdPerZone: ["subnet-1", "subnet-2"] },
  portRules: { instanceSecurityGroupId: "sg-0123456789abcdef0" },
};
const synthesize = (props: object = {}): string =>
  Testing.synthScope((stack) => {
    new FileSystem(stack, "files", { ...required, ...props });
  });

describe("FileSystem", () => {
  it("creates an encrypted file system with a security group", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(EfsFileSystem, {
      encrypted: true,
      throughput_mode: "elastic",
      tags: { Name: "wiki", Purpose: "Files that tasks of the ECS cluster share" },
    });
    expect(json).not.toContain("kms_key_id");
    expect(json).toHaveResourceWithProperties(SecurityGroup, {
      name_prefix: "wiki-files-",
      vpc_id: "vpc-0123456789abcdef0",
      lifecycle: expect.objectContaining({
        create_before_destroy: true,
        ignore_changes: ["vpc_id"],
        postcondition: [expect.objectContaining({ condition: '${self.vpc_id == "vpc-0123456789abcdef0"}' })],
      }),
    });
    expect(resourceCounts(json)).toEqual({
      aws_efs_backup_policy: 1,
      aws_efs_file_system: 1,
      aws_efs_file_system_policy: 1,
      aws_efs_mount_target: 1,
      aws_security_group: 1,
      aws_vpc_security_group_ingress_rule: 1,
    });
  });

  it("backs the files up, unless enableAutomaticBackups is false", () => {
    expect(synthesize()).toHaveResourceWithProperties(EfsBackupPolicy, { backup_policy: { status: "ENABLED" } });
    expect(synthesize({ enableAutomaticBackups: false })).not.toHaveResource(EfsBackupPolicy);
  });

  it("encrypts the files with the given key, and rejects another key at plan", () => {
    const stack = emptyStack();
    const encryptionKey = new EncryptionKey(stack, "key", { name: "prod", region: "eu-west-1" });
    new FileSystem(stack, "files", { ...required, encryptionKey });
    expect(Testing.synth(stack, true)).toHaveResourceWithProperties(EfsFileSystem, {
      kms_key_id: "${aws_kms_key.key.arn}",
      lifecycle: {
        ignore_changes: ["kms_key_id"],
        postcondition: [expect.objectContaining({ condition: "${self.kms_key_id == aws_kms_key.key.arn}" })],
      },
    });
  });

  it("creates a mount target in each subnet, after its policy and its ingress rule", () => {
    const stack = emptyStack();
    new FileSystem(stack, "files", required);
    expect(Testing.synth(stack, true)).toHaveResourceWithProperties(EfsMountTarget, {
      for_each: '${toset(["subnet-1", "subnet-2"])}',
      file_system_id: "${aws_efs_file_system.files.id}",
      subnet_id: "${each.value}",
      security_groups: ["${aws_security_group.files_security_group.id}"],
      lifecycle: { create_before_destroy: true },
      depends_on: [
        "aws_vpc_security_group_ingress_rule.files_from_instances",
        "aws_efs_file_system_policy.files_policy",
      ],
    });
  });

  it("creates one mount target for each zone of a cluster's instances, because EFS accepts no two in a zone", () => {
    const stack = clusterStack({ privateSubnets: true });
    new FileSystem(stack, "files", { name: "wiki", vpc: stack.vpc, portRules: stack.portRules });
    expect(Testing.synth(stack, true)).toHaveResourceWithProperties(EfsMountTarget, {
      for_each:
        "${toset([for zone, ids in { for id in sort(keys(data.aws_subnet.vpc_private_subnet)) : data.aws_subnet.vpc_private_subnet[id].availability_zone => id... } : ids[0]])}",
    });
  });

  it("accepts subnets that only Terraform knows", () => {
    const json = Testing.synthScope((stack) => {
      const { value } = new TerraformVariable(stack, "subnets", { type: "list(string)" });
      new FileSystem(stack, "files", { ...required, vpc: { ...required.vpc, instanceSubnetIdPerZone: value } });
    });
    expect(json).toHaveResourceWithProperties(EfsMountTarget, { for_each: "${toset(var.subnets)}" });
  });

  it("admits the instances on the port of NFS, and no others", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      referenced_security_group_id: "sg-0123456789abcdef0",
      security_group_id: expect.stringMatching(/^\$\{aws_security_group\.files_security_group_\w+\.id\}$/),
      from_port: 2049,
      to_port: 2049,
      ip_protocol: "tcp",
      description: "NFS from the container instances",
    });
    expect(resourceCounts(json)).toMatchObject({ aws_vpc_security_group_ingress_rule: 1 });
  });

  it("admits tasks in awsvpc mode that mount it, because the agent mounts it in their network", () => {
    const mounting = (networkMode: "awsvpc" | "bridge") => {
      const stack = emptyStack();
      const { fileSystemId: fileSystem } = new FileSystem(stack, "files", required);
      new FileSystem(stack, "others", { ...required, name: "others" });
      const { vpc, ...cluster } = clusterTarget();
      new TaskDefinition(stack, "task", {
        cluster: { ...cluster, vpc: { ...vpc, instanceSubnetIds: ["subnet-0123456789abcdef0"] } },
        networkMode,
        name: "web",
        containers: [{ name: "web", image: "nginx:1", mountPoints: { "/a": "a", "/b": "b" } }],
        volumes: { a: { fileSystem }, b: { fileSystem, rootDirectory: "/b" } },
      });
      return ofType(synthesized(stack), "aws_vpc_security_group_ingress_rule");
    };
    expect(Object.keys(mounting("bridge"))).toEqual(["files_from_instances", "others_from_instances"]);
    const rules = mounting("awsvpc");
    expect(Object.keys(rules)).toHaveLength(3);
    expect(rules.task_nfs_to_test_files).toMatchObject({
      security_group_id: "${aws_security_group.files_security_group.id}",
      referenced_security_group_id: "${aws_security_group.task_security_group.id}",
      ...{ ip_protocol: "tcp", from_port: 2049, to_port: 2049 },
      description: "NFS from the tasks of web",
      lifecycle: { create_before_destroy: true },
    });
  });

  it("gives clients without a role no permission to mount or to write, and clients without TLS none at all", () => {
    const stack = emptyStack();
    new FileSystem(stack, "files", required);
    const json = Testing.synth(stack, true);
    for (const statement of [
      '"Effect" = "Allow", "Principal" = { "AWS" = "*" }, "Action" = ["elasticfilesystem:ClientRootAccess"], "Resource" = aws_efs_file_system.files.arn, "Condition" = { "Bool" = { "elasticfilesystem:AccessedViaMountTarget" = "true" } }',
      '"Effect" = "Deny", "Principal" = { "AWS" = "*" }, "Action" = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"], "Resource" = aws_efs_file_system.files.arn, "Condition" = { "Bool" = { "aws:SecureTransport" = "false" } }',
    ]) {
      expect(json).toHaveResourceWithProperties(EfsFileSystemPolicy, {
        file_system_id: "${aws_efs_file_system.files.id}",
        policy: expect.stringContaining(statement),
      });
    }
    expect(json.match(/\\"Allow\\"/g)).toHaveLength(1);
  });

  it("offers an id that is known after the mount targets exist", () => {
    const json = Testing.synthScope((stack) => {
      const { fileSystemId: fileSystem } = new FileSystem(stack, "files", required);
      new TaskDefinition(stack, "task", {
        cluster: clusterTarget(),
        name: "web",
        containers: [{ name: "web", image: "nginx:1", mountPoints: { "/files": "files" } }],
        volumes: { files: { fileSystem } },
      });
    });
    expect(json).toHaveResourceWithProperties(EfsFileSystemPolicy, {
      file_system_id: expect.stringMatching(/^\$\{aws_efs_file_system\./),
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      volume: [
        {
          name: "files",
          efs_volume_configuration: expect.objectContaining({
            file_system_id: expect.stringMatching(
              /^\$\{one\(distinct\(values\(aws_efs_mount_target\.files_mount_target_\w+\)\[\*\]\.file_system_id\)\)\}$/,
            ),
          }),
        },
      ],
    });
  });

  it.each<[string, object, string]>([
    [
      "a name that is too short",
      { name: "w" },
      'name must be 3 to 24 characters long; received "w". The load balancer\'s name adds a suffix, and AWS limits it to 32 characters.',
    ],
    [
      "the id of a VPC",
      { vpc: "vpc-0123456789abcdef0" },
      'vpc must be a VPC; received "vpc-0123456789abcdef0". Use the vpc of an EcsClusterStack, or a DefaultVpc.',
    ],
    [
      "a VPC without subnets",
      { vpc: { vpcId: "vpc-0123456789abcdef0" } },
      "vpc.instanceSubnetIdPerZone must be a list; received nothing. Set it.",
    ],
    ["no port rules", { portRules: undefined }, "portRules must be a PortRules construct; received nothing. Set it."],
    [
      "the ARN of a key",
      { encryptionKey: "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d" },
      'encryptionKey must be an encryption key; received "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d". Use an EncryptionKey construct, or { keyArn }.',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });
});
