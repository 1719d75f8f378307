import { Ec2Service, type Ec2ServiceProps, FileSystem } from "../../src";
import { clusterStack } from "../support/cluster";
import { at, count, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

function made(props: Partial<Ec2ServiceProps>): Part {
  const stack = clusterStack();
  new Ec2Service(stack, "web", { cluster: stack, image: "nginx:1", ...props });
  return synthesized(stack);
}
const definition = (json: Part) => resource(json, "aws_ecs_task_definition.web_task_definition");
const mistakes = (props: object) => mistakesOf(() => made(props));
const fileSystem = "fs-0123456789abcdef0";

describe("the volumes of a task", () => {
  it("are folders of the instance, Docker's, or EFS with encryption and the task's own rights", () => {
    const json = made({
      volumes: {
        scratch: { docker: "task" },
        cache: { hostPath: "/cache/${x}" },
        kept: { docker: "shared" },
        files: { fileSystem, accessPoint: "fsap-0123456789abcdef0" },
      },
      mountPoints: { "/files": "files", "/cache": "cache", "/kept": "kept", "/scratch": "scratch" },
    });
    expect(definition(json).volume).toEqual([
      { name: "cache", host_path: "/cache/$${x}" },
      {
        name: "files",
        efs_volume_configuration: {
          file_system_id: fileSystem,
          transit_encryption: "ENABLED",
          authorization_config: { access_point_id: "fsap-0123456789abcdef0", iam: "ENABLED" },
        },
      },
      { name: "kept", docker_volume_configuration: { scope: "shared", driver: "local", autoprovision: true } },
      { name: "scratch", docker_volume_configuration: { scope: "task", driver: "local" } },
    ]);
    expect(definition(json).container_definitions).toContain(
      '"mountPoints" = [{ "sourceVolume" = "cache", "containerPath" = "/cache", "readOnly" = false }',
    );
  });

  it.each([
    [false, '["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]'],
    [true, '["elasticfilesystem:ClientMount"]'],
  ])("give the task the right to the file system, read-only %s", (readOnly, actions) => {
    const json = made({ volumes: { files: { fileSystem, readOnly } }, mountPoints: { "/files": "files" } });
    const { policy } = resource(json, "aws_iam_role_policy.web_task_definition_task_role_policy");
    expect(policy).toContain(`"Action" = ${actions}`);
    expect(policy).toContain(`"file-system/${fileSystem}"`);
    expect(definition(json).container_definitions).toContain(`"readOnly" = ${readOnly}`);
  });

  it("make no role and no block where there are none of EFS", () => {
    const json = made({ volumes: { cache: { hostPath: "/cache" } }, mountPoints: { "/cache": "cache" } });
    expect(definition(json).task_role_arn).toBeUndefined();
    expect(definition(made({})).volume).toBeUndefined();
    expect(definition(made({})).container_definitions).not.toContain("mountPoints");
  });

  it("are seen by sidecars too", () => {
    const sidecars = [{ name: "backup", image: "backup:1", mountPoints: { "/data": "cache" } }];
    expect(mistakes({ volumes: { cache: { hostPath: "/cache" } }, sidecars })).toEqual([]);
  });

  it.each<[object, readonly string[]]>([
    [
      { volumes: { "a b": { hostPath: "/a" } }, mountPoints: { "/a": "a b" } },
      ['volumes must be named with 1 to 255 letters, digits, hyphens and underscores; received "a b". Rename it.'],
    ],
    [
      { volumes: { a: { hostPath: "/a", docker: "task" } }, mountPoints: { "/a": "a" } },
      [
        'volumes.a must have one of hostPath, docker and fileSystem; received {"hostPath":"/a","docker":"task"}. Say where its files are.',
      ],
    ],
    [
      { volumes: { a: { hostPath: "a" } }, mountPoints: { "/a": "a" } },
      ['volumes.a.hostPath must be an absolute path; received "a". For example /cache.'],
    ],
    [
      { volumes: { a: { fileSystem: "files" } }, mountPoints: { "/a": "a" } },
      [
        'volumes.a.fileSystem must be the id of a file system of EFS; received "files". List those there are: aws efs describe-file-systems --query FileSystems[].FileSystemId',
      ],
    ],
    [
      { volumes: { a: { hostPath: "/a", accessPoint: "fsap-0123456789abcdef0" } }, mountPoints: { "/a": "a" } },
      [
        'volumes.a.accessPoint must be the id of an access point, with fileSystem; received "fsap-0123456789abcdef0". List those there are: aws efs describe-access-points --query AccessPoints[].AccessPointId',
      ],
    ],
    [
      { volumes: { a: { hostPath: "/a" } } },
      ["volumes.a must be mounted; received none of its name in mountPoints. Mount it, or leave it out."],
    ],
    [
      { mountPoints: { "/a": "b" } },
      ['mountPoints of web must name volumes of the task; received {"/a":"b"}. There are none.'],
    ],
    [
      { volumes: { a: { hostPath: "/a" } }, mountPoints: { a: "a" } },
      ['mountPoints of web must be absolute paths; received "a". For example /var/lib/data.'],
    ],
  ])("are refused with setting, rule, value received and fix: %j", (props, expected) => {
    expect(mistakes(props)).toEqual(expected);
  });
});

describe("a cluster of Bottlerocket alone", () => {
  const volumes = { files: { fileSystem } };
  const files = { image: "nginx:1", volumes, mountPoints: { "/files": "files" } };

  it("is refused EFS, which it can't mount with encryption", () => {
    const cluster = clusterStack({ amiFamily: "bottlerocket" });
    expect(mistakesOf(() => new Ec2Service(cluster, "web", { cluster, ...files }))).toEqual([
      'volumes.files.fileSystem must be left out with bottlerocket, which can\'t mount EFS with encryption; received "fs-0123456789abcdef0". Give the cluster a capacity provider with amazon-linux-2023.',
    ]);
  });
});

describe("FileSystem", () => {
  const stack = clusterStack();
  const { fileSystemId } = new FileSystem(stack, "files", { name: "wiki", vpc: stack.vpc, portRules: stack.portRules });
  const volumes = { files: { fileSystem: fileSystemId } };
  new Ec2Service(stack, "web", { cluster: stack, image: "nginx:1", volumes, mountPoints: { "/files": "files" } });
  const json = synthesized(stack);

  it("is encrypted, with a mount target a subnet", () => {
    expect(resource(json, "aws_efs_file_system.files")).toMatchObject({ encrypted: true });
    expect(resource(json, "aws_efs_mount_target.files_mount_target")).toMatchObject({
      file_system_id: "${aws_efs_file_system.files.id}",
      subnet_id: "${each.value}",
      security_groups: ["${aws_security_group.files_security_group.id}"],
      depends_on: [
        "aws_vpc_security_group_ingress_rule.files_from_instances",
        "aws_efs_file_system_policy.files_policy",
      ],
    });
  });

  it("gives no right to mount or to write to whoever has no role, and none at all without TLS", () => {
    const { file_system_id, policy } = resource(json, "aws_efs_file_system_policy.files_policy");
    expect(file_system_id).toBe("${aws_efs_file_system.files.id}");
    expect(policy).toContain(
      '"Effect" = "Allow", "Principal" = { "AWS" = "*" }, "Action" = ["elasticfilesystem:ClientRootAccess"], "Resource" = aws_efs_file_system.files.arn, "Condition" = { "Bool" = { "elasticfilesystem:AccessedViaMountTarget" = "true" } }',
    );
    expect(policy).toContain(
      '"Effect" = "Deny", "Principal" = { "AWS" = "*" }, "Action" = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"], "Resource" = aws_efs_file_system.files.arn, "Condition" = { "Bool" = { "aws:SecureTransport" = "false" } }',
    );
    expect(String(policy).match(/"Allow"/g)).toHaveLength(1);
  });

  it("has them where the instances are, one a zone, since EFS takes no two there and is looked up by zone", () => {
    const apart = clusterStack({ privateSubnets: true });
    new FileSystem(apart, "files", { name: "wiki", vpc: apart.vpc, portRules: apart.portRules });
    expect(resource(synthesized(apart), "aws_efs_mount_target.files_mount_target").for_each).toBe(
      "${toset([for zone, ids in { for id in sort(keys(data.aws_subnet.vpc_private_subnet)) : data.aws_subnet.vpc_private_subnet[id].availability_zone => id... } : ids[0]])}",
    );
  });

  it("admits the instances on NFS's port, and nobody else", () => {
    expect(resource(json, "aws_vpc_security_group_ingress_rule.files_from_instances")).toMatchObject({
      referenced_security_group_id: "${aws_security_group.port_rules_instances.id}",
      security_group_id: "${aws_security_group.files_security_group.id}",
      ...{ from_port: 2049, to_port: 2049, ip_protocol: "tcp" },
    });
    expect(count(json, "aws_efs_file_system")).toBe(1);
  });

  it("is mounted once its targets are there", () => {
    expect(at(definition(json), "volume", 0, "efs_volume_configuration", "file_system_id")).toBe(
      "${one(distinct(values(aws_efs_mount_target.files_mount_target)[*].file_system_id))}",
    );
  });
});
