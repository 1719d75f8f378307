import { readLogGroups } from "../../../cli/doctor/aws/read-log-groups";
import { readRepository } from "../../../cli/doctor/aws/read-repositories";
import { readTaskDefinition } from "../../../cli/doctor/aws/read-task-definitions";
import { interfacesCheck } from "../../../cli/doctor/checks/interfaces";
import { keysCheck } from "../../../cli/doctor/checks/keys";
import { logGroupsCheck } from "../../../cli/doctor/checks/log-groups";
import { taskImagesCheck } from "../../../cli/doctor/checks/task-images";
import { taskRolesCheck } from "../../../cli/doctor/checks/task-roles";
import { ecrImage } from "../../../cli/doctor/ecr-image";
import type { StatementFacts, TaskDefinitionFacts } from "../../../cli/doctor/facts";
import { neededSecret, parameterArn } from "../../../cli/doctor/needed-secrets";
import { readStarted, type Started } from "../../../cli/doctor/started";
import { SAMPLE } from "../../support/fake-account";

const PLACE = { partition: "aws", region: "eu-west-1", account: "123456789012" };
const REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const optional = <T>(part: Promise<T>) => part;

const started = (
  container: Partial<TaskDefinitionFacts["containers"][number]>,
  definition: Partial<TaskDefinitionFacts> = {},
): Started => ({
  ...{ services: ["web"], schedules: [] },
  definition: {
    ...{ arn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7", status: "ACTIVE", networkMode: "bridge" },
    containers: [{ name: "web", image: "nginx", secrets: [], ...container }],
    ...definition,
  },
});
const problems = ({ findings }: { readonly findings: readonly { readonly problem: string }[] }) =>
  findings.map(({ problem }) => problem);

describe("the task definitions that something starts tasks from", () => {
  it("are those of services with tasks and of enabled schedules, each read once", async () => {
    const [web] = await SAMPLE.services();
    const [nightly] = await SAMPLE.schedules();
    if (web === undefined || nightly === undefined) throw new Error("The sample has neither.");
    const read: string[] = [];
    const account = {
      ...SAMPLE,
      services: async () => [web, { ...web, name: "idle", desired: 0, taskDefinition: "idle:1" }],
      schedules: async () => [
        { ...nightly, taskDefinition: web.taskDefinition },
        { ...nightly, name: "off", enabled: false, taskDefinition: "off:1" },
      ],
      taskDefinition: async (name: string) => {
        read.push(name);
        return SAMPLE.taskDefinition(name);
      },
    };
    const all = await readStarted(account, optional);
    expect(read).toEqual([web.taskDefinition]);
    expect(all.map(({ services, schedules }) => [services, schedules])).toEqual([[["web"], ["ecs-nightly"]]]);
  });

  it("are left out if they were deleted", async () => {
    expect(await readStarted({ ...SAMPLE, taskDefinition: async () => undefined }, optional)).toEqual([]);
  });
});

describe("the check of log groups", () => {
  const decide = (container: Parameters<typeof started>[0], existing: string[] = []) =>
    logGroupsCheck.decide({ region: "eu-west-1", started: [started(container)], existing });

  it("reports a missing one with the command that creates it", () => {
    const [finding] = decide({ logGroup: { name: "/ecs/web", isCreated: false } }).findings;
    expect(finding?.problem).toMatch(/^The log group \/ecs\/web of the service web does not exist\./);
    expect(finding?.commands).toEqual(["aws logs create-log-group --region eu-west-1 --log-group-name /ecs/web"]);
    expect(finding?.about).toEqual({ services: ["web"] });
  });

  it.each([
    ["one that exists", { name: "/ecs/web", isCreated: false }, ["/ecs/web"]],
    ["one that the agent creates", { name: "/ecs/web", isCreated: true }, []],
    ["one of another region", { name: "/ecs/web", isCreated: false, region: "us-east-1" }, []],
    ["another log driver", undefined, []],
  ])("accepts %s", (_, logGroup, existing) => {
    expect(decide({ logGroup }, existing).findings).toEqual([]);
  });

  it("reads the names with the same path in one call", async () => {
    const prefixes: unknown[] = [];
    const send = async ({ input }: { input: { logGroupNamePrefix?: string } }) => {
      prefixes.push(input.logGroupNamePrefix);
      return { logGroups: [{ logGroupName: "/ecs/shop/web", kmsKeyId: "k" }, { logGroupName: "/ecs/shop/web-2" }] };
    };
    const client = Object.assign(
      Object.create((await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogsClient.prototype),
      { send },
    );
    expect(await readLogGroups(client, ["/ecs/shop/web", "/ecs/shop/api"])).toEqual([
      { name: "/ecs/shop/web", keyId: "k" },
    ]);
    expect(prefixes).toEqual(["/ecs/shop/"]);
  });
});

describe("a secret of a task definition", () => {
  const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf";
  it.each([
    [secret, { secret }],
    [`${secret}:password:AWSCURRENT:`, { secret }],
    ["arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key", { parameter: "/shop/key" }],
    ["arn:aws:ssm:eu-west-1:123456789012:parameter/key", { parameter: "key" }],
    ["/shop/key", { parameter: "/shop/key" }],
    ["key", { parameter: "key" }],
    ["/aws/reference/secretsmanager/shop", undefined],
    [secret.replace("123456789012", "210987654321"), undefined],
    [secret.replace("eu-west-1", "us-east-1"), undefined],
  ])("is found by %s", (valueFrom, needed) => {
    expect(neededSecret(valueFrom, PLACE)).toEqual(needed);
  });

  it("has the ARN of its parameter, with and without a path", () => {
    const of = (name: string) => parameterArn(name, PLACE);
    expect([of("key"), of("/shop/key")]).toEqual([
      "arn:aws:ssm:eu-west-1:123456789012:parameter/key",
      "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key",
    ]);
  });
});

describe("an image in ECR", () => {
  it.each([
    [`${REGISTRY}/shop/web:1`, { repository: "shop/web", tag: "1", isOwn: true }],
    [`${REGISTRY}/web`, { repository: "web", tag: "latest", isOwn: true }],
    [`${REGISTRY}/web:1@sha256:ab12`, { repository: "web", tag: "sha256:ab12", isOwn: true }],
    ["210987654321.dkr.ecr.eu-west-1.amazonaws.com/web:1", { repository: "web", tag: "1", isOwn: false }],
    ["123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1", { repository: "web", tag: "1", isOwn: false }],
  ])("is %s", (address, image) => {
    expect(ecrImage(address, PLACE)).toMatchObject(image);
  });

  it.each(["nginx", "docker.io/library/nginx:1", "public.ecr.aws/nginx/nginx:1"])("is not %s", (address) => {
    expect(ecrImage(address, PLACE)).toBeUndefined();
  });
});

describe("the check of images", () => {
  const image = `${REGISTRY}/web:1`;
  const decide = (change: Partial<Parameters<typeof taskImagesCheck.decide>[0]>, ...all: Started[]) =>
    taskImagesCheck.decide({
      ...{ place: PLACE, started: all.length > 0 ? all : [started({ image })], cachePrefixes: [] },
      ...{ architectures: ["arm64"], repositories: [], ...change },
    });
  const withImage = (architectures?: string[]) => ({
    repositories: [{ name: "web", exists: true, images: [{ tag: "1", digest: "sha256:ab", architectures }] }],
  });

  it("accepts an image for the instances' architecture, for one of them, and one that does not say", () => {
    expect(decide(withImage(["arm64", "x86_64"])).findings).toEqual([]);
    expect(decide({ ...withImage(["x86_64"]), architectures: ["arm64", "x86_64"] }).findings).toEqual([]);
    expect(decide(withImage()).findings).toEqual([]);
    expect(decide({ ...withImage(["x86_64"]), architectures: [] }).findings).toEqual([]);
  });

  it("compares with the architecture that the task definition requires", () => {
    const one = started({ image }, { architecture: "x86_64" });
    expect(decide(withImage(["x86_64"]), one).findings).toEqual([]);
    expect(problems(decide({ ...withImage(["arm64"]), architectures: ["arm64"] }, one))).toEqual([
      "The image web:1 of the service web is not for x86_64, the architecture of the instances.",
    ]);
  });

  it.each([
    ["aws", "eu-west-1", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1"],
    ["aws-cn", "cn-north-1", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web:1"],
  ])("names the registry of the partition %s in the command that builds an image", (partition, region, address) => {
    const place = { ...PLACE, partition, region };
    const [finding] = decide({ ...withImage(["x86_64"]), place }, started({ image: address })).findings;
    expect(finding?.commands).toEqual([
      `docker buildx build --platform linux/amd64,linux/arm64 --push --tag ${address} .`,
    ]);
  });

  it("accepts missing images that a pull-through cache creates, and all if the rules cannot be read", () => {
    const one = started({ image: `${REGISTRY}/docker-hub/library/redis:8` });
    expect(decide({ cachePrefixes: ["docker-hub"] }, one).findings).toEqual([]);
    expect(decide({ cachePrefixes: ["ROOT"] }, one).findings).toEqual([]);
    expect(decide({ cachePrefixes: undefined }, one).findings).toEqual([]);
    expect(decide({ cachePrefixes: ["docker"] }, one).findings).toHaveLength(1);
  });

  it("finds an image by its digest", () => {
    expect(decide(withImage(["arm64"]), started({ image: `${REGISTRY}/web@sha256:ab` })).findings).toEqual([]);
  });

  it("reads the architectures of a list of images, without attestations and other systems", async () => {
    const manifests = [
      { platform: { architecture: "arm64", os: "linux" } },
      { platform: { architecture: "amd64", os: "windows" } },
      { platform: { architecture: "unknown", os: "unknown" } },
    ];
    const images = [
      { imageId: { imageTag: "1" }, imageManifest: JSON.stringify({ manifests }) },
      { imageId: { imageTag: "2" }, imageManifest: JSON.stringify({ config: {} }) },
    ];
    const read = await readRepository({ send: async () => ({ images }) } as never, "web", ["1", "2"]);
    expect(read.images.map(({ architectures }) => architectures)).toEqual([["arm64"], undefined]);
  });
});

describe("the check of task roles", () => {
  const ROLE = "arn:aws:iam::123456789012:role/exec";
  const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf";
  const allow = (actions: string[], ...resources: string[]): StatementFacts => ({
    ...{ effect: "Allow", actions, notActions: [], resources, notResources: [], conditional: false },
  });
  const decide = (
    container: Parameters<typeof started>[0],
    statements: StatementFacts[],
    change: Partial<Parameters<typeof taskRolesCheck.decide>[0]> = {},
  ) =>
    taskRolesCheck.decide({
      ...{ place: PLACE, started: [started(container, { executionRoleArn: ROLE })], logsByRole: true, withPolicy: [] },
      roles: new Map([
        [ROLE, { name: "exec", trustedServices: ["ecs-tasks.amazonaws.com"], policies: [{ name: "own", statements }] }],
      ]),
      ...change,
    });

  it("accepts a role with wildcards", () => {
    const container = {
      ...{ image: `${REGISTRY}/web:1`, secrets: [secret, "/shop/key"] },
      logGroup: { name: "/ecs/web", isCreated: false },
    };
    expect(decide(container, [allow(["*"], "*")]).findings).toEqual([]);
    expect(
      decide(container, [
        allow(["ecr:*"], "*"),
        allow(["logs:*"], "arn:aws:logs:*:*:log-group:/ecs/*"),
        allow(["secretsmanager:Get*"], "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-??????"),
        allow(["ssm:GetParameters"], "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/*"),
      ]).findings,
    ).toEqual([]);
  });

  it("names what a role does not allow, and on what", () => {
    const [finding] = decide({ secrets: [secret] }, []).findings;
    expect(finding?.problem).toBe(
      "The execution role exec of the service web does not allow secretsmanager:GetSecretValue.",
    );
    expect(finding?.evidence).toEqual([`secretsmanager:GetSecretValue on ${secret}`, "policies: own"]);
  });

  it("compares a secret without the six characters of its ARN as IAM does", () => {
    const partial = secret.slice(0, -7);
    const read = ["secretsmanager:GetSecretValue"];
    expect(decide({ secrets: [partial] }, [allow(read, `${partial}-??????`)]).findings).toEqual([]);
    expect(decide({ secrets: [partial] }, [allow(read, partial)]).findings).toHaveLength(1);
  });

  it("accepts a secret or a repository whose own policy can admit the role", () => {
    expect(decide({ secrets: [secret] }, [], { withPolicy: [secret] }).findings).toEqual([]);
  });

  it("accepts a role that cannot write logs if the agents write them with the instance role", () => {
    const container = { logGroup: { name: "/ecs/web", isCreated: false } };
    expect(decide(container, []).findings).toHaveLength(1);
    expect(decide(container, [], { logsByRole: false }).findings).toEqual([]);
  });

  it("requires nothing for images of other registries", () => {
    expect(decide({ image: "public.ecr.aws/nginx/nginx" }, []).findings).toEqual([]);
  });
});

describe("the check of keys", () => {
  const key = (state: string) => ({ arn: "arn:aws:kms:eu-west-1:123456789012:key/1", state });
  const decide = (state: string) =>
    keysCheck.decide({
      region: "eu-west-1",
      uses: [
        { by: "ECS Exec", keyId: "alias/exec" },
        { by: "the secret a", keyId: key("").arn },
      ],
      keys: new Map([
        ["alias/exec", key(state)],
        [key("").arn, key(state)],
      ]),
    });

  it.each(["Enabled", "Updating", "Creating"])("accepts a key that is %s", (state) => {
    expect(decide(state).findings).toEqual([]);
  });

  it("reports a key once with all that uses it", () => {
    expect(problems(decide("Disabled"))).toEqual([
      `The KMS key ${key("").arn} of ECS Exec and the secret a is disabled.`,
    ]);
    expect(decide("PendingDeletion").findings[0]?.commands).toEqual([
      `aws kms cancel-key-deletion --region eu-west-1 --key-id ${key("").arn}`,
      `aws kms enable-key --region eu-west-1 --key-id ${key("").arn}`,
    ]);
    expect(problems(decide("PendingImport"))).toEqual([
      `The KMS key ${key("").arn} of ECS Exec and the secret a is PendingImport.`,
    ]);
  });

  it("reads no key of AWS, and ignores one of another account that the credentials may not see", async () => {
    const asked: string[] = [];
    const foreign = "arn:aws:kms:eu-west-1:210987654321:key/2";
    const read = await keysCheck.read(
      {
        ...SAMPLE,
        volumes: async () => [
          { id: "vol-1", instanceId: "i-1", keyId: foreign },
          { id: "vol-2", instanceId: "i-1", keyId: "arn:aws:kms:eu-west-1:123456789012:alias/aws/ebs" },
        ],
        key: async (id) => {
          asked.push(id);
          throw new Error("no");
        },
      },
      optional,
    );
    expect(asked).toEqual([foreign]);
    expect(keysCheck.decide(read).findings).toEqual([]);
  });
});

describe("the check of network interfaces", () => {
  const task = (id: string, address?: string) => ({
    ...{ id, service: "web", instanceId: "i-1", address, stopCode: "", stoppedReason: "", containers: [] },
  });
  const decide = (change: Partial<Parameters<typeof interfacesCheck.decide>[0]> = {}) =>
    interfacesCheck.decide({
      services: [
        {
          ...{ name: "web", desired: 3, running: 2, pending: 1, targetGroupArns: [], events: [], deployments: [] },
          network: { securityGroupIds: [], ports: [] },
        },
      ],
      tasks: [task("1", "172.31.0.4"), task("2", "172.31.0.5")],
      registered: [
        { arn: "a", instanceId: "i-1", agentConnected: true, agentVersion: "1", status: "ACTIVE", attributes: [] },
      ],
      instances: [
        {
          ...{
            id: "i-1",
            state: "running",
            zone: "a",
            minutesOld: 9,
            imageId: "ami-1",
            securityGroupIds: [],
            template: "",
          },
          type: "t3.small",
        },
      ],
      groups: [{ name: "g", minSize: 1, maxSize: 1, desiredSize: 1, instances: [], activities: [] }],
      types: [{ name: "t3.small", architectures: ["x86_64"], interfaces: 3 }],
      ...change,
    });

  it("reports instances without an interface, and names what is used", () => {
    const [finding] = decide().findings;
    expect(finding?.evidence).toEqual(["i-1 (t3.small): 2 of 2 interfaces for tasks used"]);
  });

  it.each([
    ["a free interface", { tasks: [task("1", "172.31.0.4")] }],
    ["tasks in another mode", { tasks: [task("1"), task("2")] }],
    ["an unknown type", { types: [] }],
    ["no waiting service", { services: [] }],
    [
      "a group that can grow",
      { groups: [{ name: "g", minSize: 1, maxSize: 2, desiredSize: 1, instances: [], activities: [] }] },
    ],
    [
      "a trunk",
      {
        registered: [
          {
            ...{ arn: "a", instanceId: "i-1", agentConnected: true, agentVersion: "1", status: "ACTIVE" },
            attributes: ["ecs.awsvpc-trunk-id"],
          },
        ],
      },
    ],
  ])("accepts %s", (_, change) => {
    expect(decide(change).findings).toEqual([]);
  });
});

describe("a task definition", () => {
  it("has the secrets of its containers, of their log drivers and of their registries", async () => {
    const containerDefinitions = [
      {
        ...{ name: "web", image: "example.com/web", secrets: [{ name: "A", valueFrom: "a" }] },
        logConfiguration: { logDriver: "splunk", secretOptions: [{ name: "token", valueFrom: "b" }] },
        repositoryCredentials: { credentialsParameter: "c" },
      },
    ];
    const taskDefinition = {
      taskDefinitionArn: "web:1",
      containerDefinitions,
      runtimePlatform: { cpuArchitecture: "ARM64" },
    };
    const read = await readTaskDefinition({ send: async () => ({ taskDefinition }) } as never, "web");
    expect(read?.containers[0]?.secrets).toEqual(["a", "b", "c"]);
    expect(read?.containers[0]?.logGroup).toBeUndefined();
    expect(read?.architecture).toBe("arm64");
  });

  it("is undefined if it was deleted", async () => {
    const gone = async () => Promise.reject(new Error("Unable to describe task definition."));
    expect(await readTaskDefinition({ send: gone } as never, "web")).toBeUndefined();
    const other = async () => Promise.reject(new Error("slow down"));
    await expect(readTaskDefinition({ send: other } as never, "web")).rejects.toThrow("slow down");
  });
});
