import { Ec2Service, type Ec2ServiceProps, EcsServiceStack, Secret } from "../../src";
import { existingCluster } from "../support/existing-cluster";
import { fc } from "../support/seeded";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

const HOSTILE = [
  "${aws_ecs_cluster.none.arn}",
  "%{ if true }x%{ endif }",
  '"quoted" and \\ back',
  "line\nbreak\r\n\ttab",
  "$${doubled} $%{",
  "ends in $",
  "유니코드 🚀",
  "<html>&amp;",
  "\u0001\u007f",
];
const SECRET = "arn:aws:secretsmanager:ap-northeast-2:000000000000:secret:prod/db-AbCdEf";
const KEY = "arn:aws:kms:ap-northeast-2:000000000000:key/0a1b2c3d";
const HOSTS = [
  "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
  "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com",
  "111122223333.dkr-ecr.eu-west-1.on.aws",
  "111122223333.dkr.ecr.eu-west-1.amazonaws.com.cn",
];

type Values = Record<string, string>;

describeTerraform("the text of a service's settings in AWS", (lab) => {
  const stack = new EcsServiceStack(testApp(), "orders", { loadBalancer: false });
  const variables: Record<string, unknown> = {};
  let resources: readonly { readonly address: string; readonly values: Values }[];
  /** Adds a service to the stack. Returns its resources by address, without its name, after the stack is applied. */
  function applied(name: string, props: Partial<Ec2ServiceProps>, given: Readonly<Record<string, unknown>> = {}) {
    new Ec2Service(stack, name, { cluster: stack.cluster, image: "orders:1", desiredCount: 0, ...props });
    for (const [variable, value] of Object.entries(given)) variables[`${name}_${variable}`] = value;
    return (): Record<string, Values> => {
      const own = resources.filter(({ address }) => address.split(".")[1]?.split("_")[0] === name);
      return Object.fromEntries(own.map(({ address, values }) => [address.replace(`.${name}_`, "."), values]));
    };
  }
  const environment = Object.fromEntries(HOSTILE.map((text, index) => [`V${index}`, text]));
  const texts = fc.sample(fc.string({ unit: fc.constantFrom("$", "%", "{", "}", '"', "\\", "\n", "a", "é") }), 60);
  const repository = { image: undefined, ecrRepository: true };
  const given = {
    nothing: applied("nothing", {}),
    hostile: applied("hostile", {
      ...{ environment, command: HOSTILE, containerHealthCheck: { command: HOSTILE.join("") } },
      ...{ user: "${user}", workingDirectory: "/srv/%{dir}" },
    }),
    texts: applied("texts", { command: texts }),
    sidecar: applied("sidecar", { sidecars: [{ name: "proxy", image: "envoy:1" }] }),
    hosts: Object.fromEntries(
      HOSTS.map((host, index) => [host, applied(`host${index}`, {}, { image: `${host}/team/orders:7` })] as const),
    ),
    cached: applied(
      "cached",
      { pullThroughCache: true, sidecars: [{ name: "proxy", image: `${HOSTS[0]}/team/proxy:1` }] },
      { image: `${HOSTS[0]}/docker-hub/library/nginx:1.27` },
    ),
    repository: applied("repository", repository, { image_tag: "7f3a2b1" }),
    other: applied("other", repository, { image: "orders:hotfix", image_tag: "7f3a2b1" }),
    secrets: applied("secrets", {
      secrets: {
        PASSWORD: Secret.fromSecretsManager(SECRET, { jsonKey: "password", encryptionKeyArn: KEY }),
        USER: Secret.fromSecretsManager(`${SECRET}:user:AWSCURRENT:`),
        URL: Secret.fromSsmParameter("/prod/orders/url"),
        TOKEN: Secret.fromSsmParameter("token"),
        KEY: Secret.fromSsmParameter("/aws/reference/secretsmanager/prod/key"),
      },
    }),
    exec: applied("exec", { enableExecuteCommand: true }),
  };
  beforeAll(async () => {
    const configuration = synthesized(stack);
    const terraform = await lab.terraform({ configuration, variables, fixtures: existingCluster() });
    const { status, stderr } = await terraform.apply();
    expect(stderr).toBe("");
    expect(status).toBe(0);
    ({ resources } = terraform.state());
  });

  const containersOf = (of: Record<string, Values>) =>
    JSON.parse(of["aws_ecs_task_definition.task_definition"]?.container_definitions ?? "");
  const policyOf = (of: Record<string, Values>, role: string) =>
    JSON.parse(of[`aws_iam_role_policy.task_definition_${role}_policy`]?.policy ?? "").Statement as {
      readonly Action: string[];
      readonly Resource: string[];
    }[];

  it("keeps every character of an environment, a command and a health check", () => {
    const [container] = containersOf(given.hostile());
    const own = container.environment.filter(({ name }: { name: string }) => name.startsWith("V"));
    expect(Object.fromEntries(own.map(({ name, value }: Values) => [name, value]))).toEqual(environment);
    expect(container.command).toEqual(HOSTILE);
    expect(container.healthCheck.command).toEqual(["CMD-SHELL", HOSTILE.join("")]);
    expect([container.user, container.workingDirectory]).toEqual(["${user}", "/srv/%{dir}"]);
  });

  it("keeps generated text", () => {
    const [container] = containersOf(given.texts());
    expect(container.command).toEqual(texts);
  });

  it("sets the region in every container", () => {
    const containers = containersOf(given.sidecar());
    for (const { environment } of containers) {
      expect(environment).toEqual([
        { name: "AWS_DEFAULT_REGION", value: "ap-northeast-2" },
        { name: "AWS_REGION", value: "ap-northeast-2" },
      ]);
    }
    expect(containers).toHaveLength(2);
  });

  it("leaves unset values out of the container definitions, so that no null reaches ECS", () => {
    expect(JSON.stringify(containersOf(given.nothing()))).not.toContain("null");
  });

  it("allows the agent to write only this service's log for a public image", () => {
    expect(policyOf(given.nothing(), "execution_role")).toEqual([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: ["arn:aws:logs:ap-northeast-2:000000000000:log-group:/ecs/ecs/nothing:*"],
      },
    ]);
  });

  it.each(HOSTS)("allows the agent to pull from the repository of the image, in its account and region: %s", (host) => {
    const statements = policyOf(given.hosts[host]?.() ?? {}, "execution_role");
    expect(statements.slice(1)).toEqual([
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: ["arn:aws:ecr:eu-west-1:111122223333:repository/team/orders"],
      },
      { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
    ]);
  });

  it("allows the agent to import only the images of a pull-through cache", () => {
    const [pull, , imported] = policyOf(given.cached(), "execution_role").slice(1);
    const repository = (name: string) => `arn:aws:ecr:eu-west-1:111122223333:repository/${name}`;
    expect(pull?.Resource).toEqual([repository("docker-hub/library/nginx"), repository("team/proxy")]);
    expect(imported).toEqual({
      Effect: "Allow",
      Action: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
      Resource: [repository("docker-hub/library/nginx")],
    });
  });

  it("rejects an image that cannot come from a pull-through cache at plan", async () => {
    const configuration = synthesized(stack);
    const others = { ...variables, cached_image: "nginx:1.27" };
    const terraform = await lab.terraform({ configuration, variables: others, fixtures: existingCluster() });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    expect(stderr.replace(/[\s│]+/g, " ")).toContain(
      "The image must be in a private registry of ECR with pullThroughCache; received nginx:1.27.",
    );
  });

  it("allows the agent to pull from the service's own repository, and runs the image with the tag", () => {
    const own = given.repository();
    const host = "000000000000.dkr.ecr.ap-northeast-2.amazonaws.com";
    expect(containersOf(own)[0].image).toBe(`${host}/ecs/repository:7f3a2b1`);
    expect(policyOf(own, "execution_role")[1]?.Resource).toEqual([
      "arn:aws:ecr:ap-northeast-2:000000000000:repository/ecs/repository",
    ]);
  });

  it("runs the image in the variable instead of the repository's", () => {
    expect(containersOf(given.other())[0].image).toBe("orders:hotfix");
  });

  it("refers to secrets by ARN, and allows the agent to read only those", () => {
    const own = given.secrets();
    const parameter = (name: string) => `arn:aws:ssm:ap-northeast-2:000000000000:parameter/${name}`;
    expect(containersOf(own)[0].secrets).toEqual([
      { name: "KEY", valueFrom: parameter("aws/reference/secretsmanager/prod/key") },
      { name: "PASSWORD", valueFrom: `${SECRET}:password::` },
      { name: "TOKEN", valueFrom: parameter("token") },
      { name: "URL", valueFrom: parameter("prod/orders/url") },
      { name: "USER", valueFrom: `${SECRET}:user:AWSCURRENT:` },
    ]);
    expect(policyOf(own, "execution_role").slice(1)).toEqual([
      {
        Effect: "Allow",
        Action: ["ssm:GetParameters"],
        Resource: ["prod/orders/url", "token", "aws/reference/secretsmanager/prod/key"].map(parameter),
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [SECRET, `${SECRET}-??????`],
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: ["arn:aws:secretsmanager:ap-northeast-2:000000000000:secret:prod/key-??????"],
      },
      { Effect: "Allow", Action: ["kms:Decrypt"], Resource: [KEY] },
    ]);
  });

  it("allows ECS Exec into the containers, with its log, only for this account's tasks", () => {
    const own = given.exec();
    expect(policyOf(own, "task_role").map(({ Resource }) => Resource)).toEqual([
      ["*"],
      ["*"],
      ["arn:aws:logs:ap-northeast-2:000000000000:log-group:/ecs/ecs:*"],
    ]);
    const trust = JSON.parse(own["aws_iam_role.task_definition_task_role"]?.assume_role_policy ?? "");
    expect(trust.Statement[0].Condition).toEqual({
      ArnLike: { "aws:SourceArn": "arn:aws:ecs:ap-northeast-2:000000000000:*" },
      StringEquals: { "aws:SourceAccount": "000000000000" },
    });
    expect(containersOf(own)[0].linuxParameters).toEqual({ initProcessEnabled: true });
  });
});
