import { commandsOf, fixOf, plain, type Symptom, symptomIn, TABLES, TASK_SYMPTOMS } from "../../../cli/troubleshooting";

const all = Object.values(TABLES).flat();
const symptom = (change: Partial<Symptom>): Symptom => ({ id: "one", seen: "x", cause: "A.", fix: "B.", ...change });

describe("the symptoms", () => {
  it("have an ID that no other has, and texts that are sentences", () => {
    expect(all.length).toBeGreaterThan(50);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.filter(({ id }) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    const isSentence = (text: string) => /^[A-Z].*\.$/.test(plain(text));
    expect(all.filter(({ cause, fix }) => !isSentence(cause) || !isSentence(fix))).toEqual([]);
  });

  it("find themselves in what the page quotes", () => {
    const quoted = TASK_SYMPTOMS.filter(({ words, vague }) => words && !vague).flatMap(({ id, seen }) =>
      [...seen.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => ({ id, text })),
    );
    // These words alone do not show the cause.
    const parts =
      /^(AccessDenied(Exception)?|ecr:|not found|401|i\/o timeout|Client.Timeout exceeded|OutOfMemoryError|PENDING|EBS|ResourceInitializationError|failed to initialize logging driver|Fetching secret data.*|exec format error|secretsmanager:GetSecretValue|ssm:GetParameters|kms:Decrypt)$/;
    const texts = quoted.filter(({ text }) => !parts.test(text));
    expect(texts.length).toBeGreaterThan(15);
    expect(texts.filter(({ id, text }) => symptomIn(TASK_SYMPTOMS, [text])?.id !== id)).toEqual([]);
  });
});

describe("symptomIn", () => {
  const group = "failed to initialize logging driver: failed to create Cloudwatch log stream";
  it.each([
    [
      "pull-denied",
      "CannotPullContainerError: User: x is not authorized to perform: ecr:GetAuthorizationToken on resource: *",
    ],
    ["pull-through-denied", "CannotPullContainerError: is not authorized to perform: ecr:BatchImportUpstreamImage"],
    ["disk-full", "CannotPullContainerError: failed to register layer: write /usr/lib/x: no space left on device"],
    [
      "disk-full",
      "CannotCreateContainerError: Error response from daemon: mkdir /var/lib/docker/x: no space left on device",
    ],
    [
      "image-architecture",
      "CannotPullContainerError: no matching manifest for linux/arm64/v8 in the manifest list entries",
    ],
    [
      "image-architecture",
      "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'",
    ],
    [
      "registry-unreachable",
      "CannotPullContainerError: Get https://registry-1.docker.io/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded)",
    ],
    [
      "registry-credentials",
      "CannotPullContainerError: pull access denied for shop, repository does not exist or may require 'docker login'",
    ],
    [
      "image-not-found",
      "CannotPullContainerError: Error response from daemon: manifest for web:2 not found: manifest unknown",
    ],
    ["pull-failed", "CannotPullContainerError: something new"],
    [
      "role-not-assumable",
      "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/ecs-web-task' that was provided for this task.",
    ],
    ["service-unreachable", `CannotStartContainerError: ${group}: RequestError: dial tcp 10.0.0.5:443: i/o timeout`],
    [
      "service-unreachable",
      "ResourceInitializationError: unable to retrieve secret from asm: RequestCanceled: request context canceled caused by: context deadline exceeded",
    ],
    [
      "service-unreachable",
      "Fetching secret data from AWS Secrets Manager in region eu-west-1: RequestError: send request failed caused by: Post https://secretsmanager.eu-west-1.amazonaws.com/: dial tcp: i/o timeout",
    ],
    [
      "log-group-missing",
      `CannotStartContainerError: ${group}: ResourceNotFoundException: The specified log group does not exist.`,
    ],
    [
      "log-denied",
      `CannotStartContainerError: ${group}: AccessDeniedException: User: x is not authorized to perform: logs:CreateLogStream`,
    ],
    [
      "secret-missing",
      "Fetching secret data from AWS Secrets Manager in region eu-west-1: secret arn:aws:secretsmanager:eu-west-1:1:secret:x: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    ],
    [
      "secret-deleted",
      "ResourceInitializationError: unable to pull secrets: InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.",
    ],
    [
      "secret-denied",
      "Fetching secret data from SSM Parameter Store in us-east-1: AccessDeniedException: User: x is not authorized to perform: ssm:GetParameters on resource: y",
    ],
    ["parameter-missing", "Fetching secret data from SSM Parameter Store in eu-west-1: invalid parameters: /shop/key"],
    ["start-failed", "ResourceInitializationError: something new"],
    ["exec-format", "CannotStartContainerError: OCI runtime create failed: exec /app: exec format error"],
    ["exit-255", "Essential container in task exited; web exit code: 255"],
    [
      "out-of-memory",
      "Essential container in task exited; web exit code: 137 OutOfMemoryError: container killed due to memory usage",
    ],
    ["killed", "Essential container in task exited; web exit code: 137"],
    ["health-check-fails", "Task failed ELB health checks in (target-group x); web exit code: 137"],
    ["container-exits", "Essential container in task exited; web exit code: 1"],
    ["no-network-interface", 'was unable to place a task. The closest instance encountered error "RESOURCE:ENI"'],
    ["no-room", "was unable to place a task. The closest matching container-instance has insufficient memory"],
  ])("finds %s in: %s", (id, text) => {
    expect(symptomIn(TASK_SYMPTOMS, [text])?.id).toBe(id);
  });

  it("prefers the symptom of another text to a vague one, and finds none in unknown texts", () => {
    const texts = ["Essential container in task exited", "(service web) RESOURCE:ENI"];
    expect(symptomIn(TASK_SYMPTOMS, texts)?.id).toBe("no-network-interface");
    expect(symptomIn(TASK_SYMPTOMS, ["(service web) has reached a steady state."])).toBeUndefined();
  });
});

describe("the texts of a symptom", () => {
  it("are plain text with the address of each link", () => {
    expect(plain("Set [`a.b`](containers.md#x), see [no image](#y) and [AWS](https://aws.amazon.com/z).")).toBe(
      "Set a.b (docs/containers.md#x), see no image (docs/troubleshooting.md#y) and AWS (https://aws.amazon.com/z).",
    );
    expect(fixOf(symptom({ cause: "The `x` is missing.", fix: "Add it." }))).toBe("The x is missing. Add it.");
  });

  it("have commands with the values of their words and the region", () => {
    const commands = ["aws logs tail /ecs/CLUSTER/SERVICE --since 15m", "aws iam get-role --role-name ROLE", "sudo ls"];
    const words = { CLUSTER: "ecs", SERVICE: "web", ROLE: "r" };
    expect(commandsOf(symptom({ commands }), words, "eu-west-1")).toEqual([
      ...["aws logs tail --region eu-west-1 /ecs/ecs/web --since 15m", "aws iam get-role --role-name r", "sudo ls"],
    ]);
    expect(commandsOf(symptom({ commands }), { CLUSTER: "ecs", ROLE: "r" }, "eu-west-1")).toEqual([
      ...["aws iam get-role --role-name r", "sudo ls"],
    ]);
  });
});
