import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn, TerraformVariable, Testing, Token } from "cdktf";
import { TaskDefinition, type TaskDefinitionProps, type TaskVolume, type TaskVolumes } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";

Testing.setupJest();

const fileSystem = "fs-0123456789abcdef0";
const web = { name: "web", image: "nginx:1" };

/** Synthesizes a task whose container mounts volume `a` at `/a`, and so on. */
const synthesize = (volumes: TaskVolumes, props: Partial<TaskDefinitionProps> = {}): string =>
  Testing.synthScope((stack) => {
    const mountPoints = Object.fromEntries(Object.keys(volumes).map((name) => [`/${name}`, name]));
    const containers = [{ ...web, mountPoints }];
    new TaskDefinition(stack, "task", { cluster: clusterTarget(), name: "web", containers, volumes, ...props });
  });

describe("the volumes of a task", () => {
  it("are folders of the instance, Docker volumes, or EFS file systems with encryption and IAM", () => {
    const json = synthesize({
      scratch: { docker: "task" },
      cache: { hostPath: "/cache/${x}" },
      kept: { docker: "shared" },
      files: { fileSystem, accessPoint: "fsap-0123456789abcdef0" },
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      volume: [
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
      ],
      container_definitions: expect.stringContaining(
        '"mountPoints" = [{ "sourceVolume" = "cache", "containerPath" = "/cache", "readOnly" = false }, ',
      ),
    });
  });

  it.each([
    [false, '["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]'],
    [true, '["elasticfilesystem:ClientMount"]'],
  ])("give the task role permissions on the file system, with readOnly %s", (readOnly, actions) => {
    const json = synthesize({ files: { fileSystem, readOnly } });
    expect(json).toHaveResourceWithProperties(IamRolePolicy, {
      name: "containers",
      policy: expect.stringContaining(`"Action" = ${actions}, "Resource" = [`),
    });
    expect(json).toHaveResourceWithProperties(IamRolePolicy, {
      name: "containers",
      policy: expect.stringContaining(`"file-system/${fileSystem}"`),
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining(`"readOnly" = ${readOnly}`),
    });
  });

  it("need no task role without a file system", () => {
    const json = synthesize({ cache: { hostPath: "/cache" } });
    expect(json).not.toContain("task_role_arn");
    expect(resourceCounts(json)).toMatchObject({ aws_iam_role: 1 });
  });

  it("are absent from a task that has none", () => {
    const json = synthesize({});
    expect(json).not.toContain('"volume"');
    expect(json).not.toContain("mountPoints");
  });

  it("can be mounted by any container of the task", () => {
    const containers = [web, { name: "backup", image: "backup:1", mountPoints: { "/data": "cache" } }];
    expect(problemsOf(() => synthesize({ cache: { hostPath: "/cache" } }, { containers }))).toEqual([]);
  });

  it("accept a file system and an access point that only Terraform knows", () => {
    const json = Testing.synthScope((stack) => {
      const [id, point] = ["id", "point"].map((name) => new TerraformVariable(stack, name, { type: "string" }));
      new TaskDefinition(stack, "task", {
        cluster: clusterTarget(),
        name: "web",
        containers: [{ ...web, mountPoints: { "/files": "files" } }],
        volumes: { files: { fileSystem: id?.stringValue, accessPoint: point?.stringValue } },
      });
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      volume: [
        {
          name: "files",
          efs_volume_configuration: {
            file_system_id: "${var.id}",
            transit_encryption: "ENABLED",
            authorization_config: { access_point_id: "${var.point}", iam: "ENABLED" },
          },
        },
      ],
    });
  });

  it.each<[string, unknown, string]>([
    [
      "a volume without a source",
      {},
      "volumes.a.hostPath must be set, or docker, fileSystem or ebs; received nothing. Set one of the four.",
    ],
    [
      "a volume with two sources",
      { hostPath: "/a", docker: "task" },
      'volumes.a.docker must not be set with hostPath; received "task". Remove one of the two.',
    ],
    [
      "a relative path",
      { hostPath: "a" },
      'volumes.a.hostPath must be an absolute path without a colon; received "a". For example /data.',
    ],
    [
      "the name of a file system",
      { fileSystem: "files" },
      'volumes.a.fileSystem must be the id of an EFS file system; received "files". List them: aws efs describe-file-systems --query FileSystems[].FileSystemId',
    ],
    [
      "the name of an access point",
      { fileSystem, accessPoint: "files" },
      'volumes.a.accessPoint must be the id of an EFS access point; received "files". List them: aws efs describe-access-points --query AccessPoints[].AccessPointId',
    ],
    [
      "an access point without a file system",
      { hostPath: "/a", accessPoint: "fsap-0123456789abcdef0" },
      'volumes.a.accessPoint must not be set without fileSystem; received "fsap-0123456789abcdef0". Set fileSystem, or remove it.',
    ],
    [
      "an unknown scope of a Docker volume",
      { docker: "service" },
      'volumes.a.docker must be "task", "shared" or an object with scope; received "service". For example "task".',
    ],
    ["a path alone", "/a", 'volumes.a must be an object; received "/a". Write it in braces: { name: value }.'],
  ])("reject %s", (_, volume, message) => {
    expect(problemsOf(() => synthesize({ a: volume as TaskVolume }))).toEqual([message]);
  });

  it("reject a name that ECS rejects", () => {
    expect(problemsOf(() => synthesize({ "a b": { hostPath: "/a" } }))).toEqual([
      'volumes["a b"] must have a name of 1 to 255 letters, digits, hyphens and underscores; received "a b". Rename the volume.',
    ]);
  });

  it("reject a volume that no container mounts", () => {
    expect(problemsOf(() => synthesize({ a: { hostPath: "/a" } }, { containers: [web] }))).toEqual([
      'volumes.a must be mounted by a container; received "a". Add it to mountPoints, or remove it.',
    ]);
  });

  it("report no volume as unmounted beside mount points with a problem", () => {
    const containers = [{ ...web, mountPoints: { "/a": 5 } as unknown as Record<string, string> }];
    expect(problemsOf(() => synthesize({ a: { hostPath: "/a" } }, { containers }))).toEqual([
      'containers[0].mountPoints["/a"] must be the name of a volume, or an object with sourceVolume; received 5. For example "files".',
    ]);
  });

  it("suggest the name of a volume for a mount point", () => {
    const containers = [{ ...web, mountPoints: { "/a": "cache", "/b": "cahce" } }];
    expect(problemsOf(() => synthesize({ cache: { hostPath: "/cache" } }, { containers }))).toEqual([
      'containers[0].mountPoints["/b"] must be the name of a volume of the task; received "cahce". Did you mean "cache"?',
    ]);
  });

  it.each<[string, (variable: TerraformVariable) => unknown]>([
    ["a variable", ({ value }) => value],
    ["a map token", ({ value }) => Token.asStringMap(value)],
    ["the result of a function", ({ value }) => Fn.merge([value, {}])],
  ])("reject %s, because the code reads the names in it", (_, volumesOf) => {
    const json = () =>
      Testing.synthScope((stack) => {
        const volumes = volumesOf(new TerraformVariable(stack, "volumes", { type: "any" })) as TaskVolumes;
        new TaskDefinition(stack, "task", {
          cluster: clusterTarget(),
          name: "web",
          containers: [web],
          volumes,
        });
      });
    expect(problemsOf(json)).toEqual([
      "volumes must be known when the code runs; received a token. Write the value itself instead of a token.",
    ]);
  });
});

describe("the further settings of volumes", () => {
  it("are Docker's driver, options and labels", () => {
    const driverOpts = { type: "nfs", device: ":/a/${b}" };
    const json = synthesize({
      a: {
        docker: { scope: "shared", driver: "rexray/ebs", autoprovision: false, driverOpts, labels: { teamName: "a" } },
      },
      b: { docker: { scope: "task" } },
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      volume: [
        {
          name: "a",
          docker_volume_configuration: {
            scope: "shared",
            driver: "rexray/ebs",
            autoprovision: false,
            driver_opts: '${{ "type" = "nfs", "device" = ":/a/$${b}" }}',
            labels: '${{ "teamName" = "a" }}',
          },
        },
        { name: "b", docker_volume_configuration: { scope: "task", driver: "local" } },
      ],
    });
  });

  it("are the root directory and the port of EFS", () => {
    const json = synthesize({ a: { fileSystem, rootDirectory: "/team", transitEncryptionPort: 2999 } });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      volume: [
        {
          name: "a",
          efs_volume_configuration: expect.objectContaining({ root_directory: "/team", transit_encryption_port: 2999 }),
        },
      ],
    });
    const accessPoint = "fsap-0123456789abcdef0";
    expect(problemsOf(() => synthesize({ a: { fileSystem, accessPoint, rootDirectory: "/" } }))).toEqual([]);
    expect(problemsOf(() => synthesize({ a: { fileSystem, accessPoint, rootDirectory: "/team" } }))).toEqual([
      'volumes.a.rootDirectory must not be set with accessPoint; received "/team". The access point has its own root folder. Remove one of the two.',
    ]);
  });

  it("are read-only for one container", () => {
    const mountPoints = { "/a": { sourceVolume: "a", readOnly: true }, "/b": { sourceVolume: "a" } };
    const containers = [{ ...web, mountPoints }];
    expect(synthesize({ a: { hostPath: "/a" } }, { containers })).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining(
        '[{ "sourceVolume" = "a", "containerPath" = "/a", "readOnly" = true }, { "sourceVolume" = "a", "containerPath" = "/b", "readOnly" = false }]',
      ),
    });
    const unknown = [{ ...web, mountPoints: { "/a": { sourceVolume: "b" } } }];
    expect(problemsOf(() => synthesize({}, { containers: unknown }))).toEqual([
      'containers[0].mountPoints["/a"] must be the name of a volume of the task; received "b". Add the volume to volumes.',
    ]);
  });

  it("are the volumes of another container", () => {
    const proxy = { name: "proxy", image: "envoy:1", volumesFrom: [{ sourceContainer: "web", readOnly: true }] };
    const containers = [{ ...web, mountPoints: { "/a": "a" } }, proxy];
    expect(synthesize({ a: { hostPath: "/a" } }, { containers })).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining(
        '"volumesFrom" = [{ "sourceContainer" = "web", "readOnly" = true }]',
      ),
    });
    const itself = [{ ...proxy, name: "web" }];
    expect(problemsOf(() => synthesize({}, { containers: itself }))[0]).toMatch(
      /^containers\[0\]\.volumesFrom\[0\]\.sourceContainer must be another container of the task; received "web"\./,
    );
  });
});
