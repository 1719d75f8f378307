import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Testing } from "cdktf";
import { type ContainerProps, hcl, Secret, TaskDefinition, type TaskDefinitionProps } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved, resource, synthesized } from "../support/synthesized";

Testing.setupJest();

const users: ContainerProps = { name: "users", image: "users:7" };
const proxy: ContainerProps = { name: "proxy", image: "envoy:1" };
/** Each test has its own cluster, on which a name is unique. */
const required = (): TaskDefinitionProps => ({ cluster: clusterTarget(), name: "users", containers: [users] });

const synthesize = (props: Partial<TaskDefinitionProps> = {}): string =>
  Testing.synthScope((stack) => {
    new TaskDefinition(stack, "task", { ...required(), ...props });
  });

describe("TaskDefinition", () => {
  it("runs on EC2 in bridge mode, with an execution role and without a task role", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      family: "prod-users",
      network_mode: "bridge",
      requires_compatibilities: ["EC2"],
      execution_role_arn: expect.stringMatching(/^\$\{aws_iam_role\.task_execution_role_\w+\.arn\}$/),
      skip_destroy: true,
      container_definitions: expect.stringMatching(/^\$\{jsonencode\(\[\{ "name" = "users", "image" = "users:7", /),
      tags: { Name: "prod-users", Purpose: "Defines the tasks of users" },
    });
    expect(json).not.toContain("task_role_arn");
    expect(json).not.toContain('"volume"');
    expect(resourceCounts(json)).toEqual({
      aws_cloudwatch_log_group: 1,
      aws_ecs_task_definition: 1,
      aws_iam_role: 1,
      aws_iam_role_policy: 1,
    });
  });

  it("keeps the log group in AWS with retainLogGroup", () => {
    expect(synthesize({ retainLogGroup: true })).toHaveResourceWithProperties(CloudwatchLogGroup, {
      skip_destroy: true,
    });
    expect(synthesize()).not.toHaveResourceWithProperties(CloudwatchLogGroup, { skip_destroy: true });
  });

  it.each([
    [{}, 14],
    [{ logRetentionDays: 30 }, 30],
  ])("keeps the output of containers in its own log group: %j", (props, days) => {
    expect(synthesize(props)).toHaveResourceWithProperties(CloudwatchLogGroup, {
      name: "/ecs/prod/users",
      retention_in_days: days,
    });
  });

  it("writes the containers' output to the log group", () => {
    expect(synthesize()).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringMatching(
        /"awslogs-group" = aws_cloudwatch_log_group\.task_log_group_\w+\.name, "awslogs-region" = "eu-west-1", "awslogs-stream-prefix" = "users"/,
      ),
    });
  });

  it("keeps output in a buffer, so that containers run on when CloudWatch Logs does not answer", () => {
    expect(synthesize()).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining('"mode" = "non-blocking", "max-buffer-size" = "25m"'),
    });
  });

  it("loses no output with logMode blocking", () => {
    expect(synthesize({ logMode: "blocking" })).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining('"awslogs-stream-prefix" = "users", "mode" = "blocking" }'),
    });
  });

  it("gives the execution role more permissions, and those of the images of a pull-through cache", () => {
    const cached = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/nginx:1.27";
    const json = synthesize({
      executionRoleStatements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::config/app.env"] }],
      containers: [users, { ...proxy, image: cached, pullThroughCache: true }],
    });
    expect(json).toHaveResourceWithProperties(IamRolePolicy, {
      name: "start-tasks",
      policy: expect.stringMatching(
        /"s3:GetObject".*"ecr:BatchImportUpstreamImage", "ecr:CreateRepository"\], Resource = distinct\(flatten\(\[for image in \["111122223333[^"]*"\] :/s,
      ),
    });
  });

  it("encrypts its log group with the cluster's key", () => {
    const key = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";
    const cluster = clusterTarget({ cluster: { ...clusterTarget().cluster, executeCommandKeyArn: key } });
    expect(synthesize({ cluster })).toHaveResourceWithProperties(CloudwatchLogGroup, { kms_key_id: key });
  });

  it.each<[string, Partial<TaskDefinitionProps>]>([
    ["ECS Exec", { enableExecuteCommand: true }],
    ["permissions", { taskRoleStatements: [{ actions: ["s3:ListBucket"], resources: ["*"] }] }],
    ["managed policies", { taskRolePolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] }],
  ])("has a task role with %s", (_, props) => {
    const json = synthesize(props);
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      task_role_arn: expect.stringMatching(/^\$\{aws_iam_role\.task_task_role_\w+\.arn\}$/),
    });
    expect(json).toHaveResourceWithProperties(IamRole, { name_prefix: "prod-users-task-" });
  });

  it("runs an init process in the containers with ECS Exec", () => {
    expect(synthesize({ enableExecuteCommand: true })).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining('"linuxParameters" = { "initProcessEnabled" = true }'),
    });
  });

  it("deregisters old revisions without keepRevisions", () => {
    expect(synthesize({ keepRevisions: false })).toHaveResourceWithProperties(EcsTaskDefinition, {
      skip_destroy: false,
    });
  });

  it("gives the execution role the images and secrets of all containers", () => {
    const stack = emptyStack();
    const secret = (name: string) => Secret.fromSsmParameter(`arn:aws:ssm:eu-west-1:111122223333:parameter/${name}`);
    new TaskDefinition(stack, "task", {
      ...required(),
      containers: [
        { ...users, secrets: { A: secret("a") } },
        { ...proxy, secrets: { B: secret("b") } },
      ],
    });
    const { policy } = resource(synthesized(stack), "aws_iam_role_policy.task_execution_role_policy");
    for (const text of ["parameter/a", "parameter/b", '"users:7", "envoy:1"']) expect(policy).toContain(text);
  });

  it("offers its containers with their defaults", () => {
    const { containers } = new TaskDefinition(emptyStack(), "task", required());
    expect(containers).toEqual([expect.objectContaining({ ...users, cpu: 256, essential: true, environment: {} })]);
  });

  it("reports the problems of its settings and of every container at once", () => {
    const problems = problemsOf(() =>
      synthesize({
        name: "Users",
        containers: [
          { ...users, cpu: 1 },
          { ...proxy, image: "Envoy", secrets: { URL: "x" as unknown as Secret } },
        ],
        logRetentionDays: 15,
        taskRolePolicyArns: ["x"],
        taskRoleStatements: [
          { actions: [], resources: ["*"] },
          { actions: ["*"], resources: ["*"] },
        ],
      }),
    );
    expect(problems.map((problem) => problem.split(" must ")[0])).toEqual([
      "logRetentionDays",
      "taskRoleStatements[0].actions",
      "taskRoleStatements[1].resources",
      "taskRolePolicyArns[0]",
      "name",
      "containers[0].cpu",
      "containers[1].secrets.URL",
      "containers[1].image",
    ]);
    expect(problems[0]).toBe(
      "logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; received 15. CloudWatch Logs accepts only these numbers of days.",
    );
  });

  it("accepts as many permissions as a role can have, and no more", () => {
    const statements = (bytes: number) => [
      { actions: ["s3:GetObject"], resources: [`arn:aws:s3:::${"x".repeat(bytes - 75)}`] },
    ];
    const policies = (count: number) =>
      Array.from({ length: count }, (_, index) => `arn:aws:iam::111122223333:policy/p${index}`);
    const most = { taskRoleStatements: statements(10_240), taskRolePolicyArns: policies(10) };
    const more = { taskRoleStatements: statements(10_241), taskRolePolicyArns: policies(11) };
    expect(problemsOf(() => synthesize(most))).toEqual([]);
    expect(problemsOf(() => synthesize(more))).toEqual([
      expect.stringMatching(/^taskRoleStatements must be at most 10240 bytes as a policy; received 10241\./),
      expect.stringMatching(/^taskRolePolicyArns must have at most 10 policies; received 11\./),
    ]);
  });

  it("rejects the name of another task definition on the cluster", () => {
    const stack = emptyStack();
    const props = required();
    new TaskDefinition(stack, "task", props);
    expect(problemsOf(() => new TaskDefinition(stack, "other", props))).toEqual([
      'name must be unique on the cluster; received "users". test/task has this name too. Use another name for one of the two.',
    ]);
  });

  it("rejects ECS Exec into a read-only container", () => {
    const containers = [users, { ...proxy, readonlyRootFilesystem: true }];
    expect(problemsOf(() => synthesize({ enableExecuteCommand: true, containers }))).toEqual([
      "containers[1].readonlyRootFilesystem must not be true with enableExecuteCommand; received true. ECS Exec writes to the container's file system. Remove one of the two.",
    ]);
    expect(problemsOf(() => synthesize({ containers }))).toEqual([]);
  });

  it.each([null, undefined, [], "users", 5])("rejects %j as its properties", (props) => {
    expect(problemsOf(() => new TaskDefinition(emptyStack(), "task", props as never))).toEqual([
      expect.stringMatching(/^settings must be an object; received /),
    ]);
  });
});

describe("the roles of a task", () => {
  const ROLE = "arn:aws:iam::111122223333:role/teams/tasks";
  const OTHER = "arn:aws:iam::111122223333:role/start";

  it("can be roles that exist, which the library does not change", () => {
    const json = synthesize({ taskRole: ROLE, executionRole: { roleArn: OTHER }, enableExecuteCommand: true });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, { task_role_arn: ROLE, execution_role_arn: OTHER });
    expect(resourceCounts(json)).toEqual({ aws_cloudwatch_log_group: 1, aws_ecs_task_definition: 1 });
  });

  it("can be references, and are available to policies of other resources", () => {
    const stack = emptyStack();
    const role = new IamRole(stack, "shared", { assumeRolePolicy: "{}" });
    const task = new TaskDefinition(stack, "task", { ...required(), taskRole: role.arn });
    expect(resolved(stack, task.taskRole?.roleArn)).toBe("${aws_iam_role.shared.arn}");
    expect(resolved(stack, task.executionRole.roleArn)).toBe("${aws_iam_role.task_execution_role.arn}");
  });

  it("are one role of the containers without permissions with taskRole true", () => {
    const json = synthesize({ taskRole: true });
    expect(json).toHaveResourceWithProperties(IamRole, { name_prefix: "prod-users-task-" });
    expect(resourceCounts(json)).toMatchObject({ aws_iam_role: 2, aws_iam_role_policy: 1 });
  });

  it("accept no permissions for roles that exist", () => {
    const taskRoleStatements = [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"] }];
    const fix =
      "The library does not change a role that exists. Add the permissions to that role, or remove one of the two.";
    const problems = problemsOf(() =>
      synthesize({
        ...{ taskRole: ROLE, executionRole: OTHER, taskRoleStatements, executionRoleStatements: taskRoleStatements },
        taskRolePolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      }),
    );
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/^taskRoleStatements must not be set with taskRole; received /);
    expect(problems[1]).toBe(
      `taskRolePolicyArns must not be set with taskRole; received ["arn:aws:iam::aws:policy/ReadOnlyAccess"]. ${fix}`,
    );
    expect(problems[2]).toMatch(/^executionRoleStatements must not be set with executionRole; /);
    expect(problemsOf(() => synthesize({ taskRole: true, taskRoleStatements }))).toEqual([]);
  });
});

describe("the containers of a task", () => {
  const containers = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `c${index}`, image: "nginx:1" }));

  it.each<[string, readonly ContainerProps[], string]>([
    [
      "no container",
      [],
      "containers must be a list of 1 to 10 containers; received 0. Add a container, or create another service for the rest.",
    ],
    [
      "11 containers",
      containers(11),
      "containers must be a list of 1 to 10 containers; received 11. Add a container, or create another service for the rest.",
    ],
    [
      "two containers with one name",
      [users, users],
      'containers[1].name must differ from the names of the other containers; received "users". Rename one of the two.',
    ],
    [
      "no essential container",
      [
        { ...users, essential: false },
        { ...proxy, essential: false },
      ],
      "containers[0].essential must be true for at least one container of the task; received false. Remove essential from the container whose end stops the task.",
    ],
    [
      "a dependency on an unknown container",
      [{ ...users, dependsOn: { prxy: "START" } }, proxy],
      'containers[0].dependsOn.prxy must be another container of the task; received "prxy". Did you mean "proxy"?',
    ],
    [
      "a dependency on the container itself",
      [{ ...users, dependsOn: { users: "START" } }, proxy],
      'containers[0].dependsOn.users must be another container of the task; received "users". The other containers are proxy.',
    ],
    [
      "a link to an unknown container",
      [users, { ...proxy, links: ["users", "web"] }],
      'containers[1].links[1] must be another container of the task; received "web". The other containers are users.',
    ],
    [
      "a link to the container itself",
      [{ ...users, links: ["users"] }],
      'containers[0].links[0] must be another container of the task; received "users". Remove it.',
    ],
    [
      "a wait for the health of a container without a health check",
      [{ ...users, dependsOn: { proxy: "HEALTHY" } }, proxy],
      'containers[0].dependsOn.proxy must not be HEALTHY for a container without containerHealthCheck; received "HEALTHY". Set its containerHealthCheck, or wait for START.',
    ],
    [
      "a wait for the success of an essential container",
      [{ ...users, dependsOn: { proxy: "SUCCESS" } }, proxy],
      'containers[0].dependsOn.proxy must not be SUCCESS for an essential container, whose end stops the task; received "SUCCESS". Set essential: false on it.',
    ],
    [
      "a wait for the end of an essential container",
      [users, { ...proxy, dependsOn: { users: "COMPLETE" } }],
      'containers[1].dependsOn.users must not be COMPLETE for an essential container, whose end stops the task; received "COMPLETE". Set essential: false on it.',
    ],
    [
      "containers that wait for each other",
      [
        { ...users, dependsOn: { proxy: "START" } },
        { ...proxy, dependsOn: { config: "START" } },
        { name: "config", image: "config:1", dependsOn: { proxy: "START" } },
      ],
      'containers[1].dependsOn.config must not lead back to the container itself; received "proxy → config → proxy". Remove one of these dependencies.',
    ],
    [
      "an image outside ECR that comes through its pull-through cache",
      [{ ...users, pullThroughCache: true }],
      'containers[0].image must be in a private registry of ECR with pullThroughCache; received "users:7". Write the registry and the prefix of the cache rule before the name, such as 111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/docker-hub/library/nginx:1.27.',
    ],
    [
      "a mount point of an unknown volume",
      [{ ...users, mountPoints: { "/data": "data" } }],
      'containers[0].mountPoints["/data"] must be the name of a volume of the task; received "data". Add the volume to volumes.',
    ],
  ])("reject %s", (_, given, message) => {
    expect(problemsOf(() => synthesize({ containers: given }))).toEqual([message]);
  });

  it("accept 10 containers, and those that wait for another one", () => {
    const init: ContainerProps = { name: "init", image: "init:1", essential: false };
    const checked: ContainerProps = { ...proxy, containerHealthCheck: { command: "true" } };
    const waiting: ContainerProps = { ...users, dependsOn: { init: "SUCCESS", proxy: "HEALTHY" }, links: ["proxy"] };
    expect(problemsOf(() => synthesize({ containers: [waiting, init, checked] }))).toEqual([]);
    expect(problemsOf(() => synthesize({ containers: containers(10) }))).toEqual([]);
  });

  it.each<[string, readonly unknown[]]>([
    ["a name with a problem", [{ ...users, dependsOn: { proxy: "START" }, links: ["proxy"] }, { image: "envoy:1" }]],
    ["a container that is no object", [{ ...users, dependsOn: { proxy: "HEALTHY" } }, "proxy"]],
    [
      "a health check with a problem",
      [
        { ...users, dependsOn: { proxy: "HEALTHY" } },
        { ...proxy, containerHealthCheck: "curl" },
      ],
    ],
    [
      "an essential with a problem",
      [
        { ...users, essential: false, dependsOn: { proxy: "SUCCESS" } },
        { ...proxy, essential: "no" },
      ],
    ],
  ])("report %s once, and no other container for it", (_, given) => {
    expect(problemsOf(() => synthesize({ containers: given as ContainerProps[] }))).toHaveLength(1);
  });

  it("report the whole list in braces", () => {
    expect(problemsOf(() => synthesize({ containers: {} as ContainerProps[] }))).toEqual([
      "containers must be a list; received {}. Write it in brackets: [first, second].",
    ]);
  });

  it("have at most 65536 bytes in the task definition, without those that only Terraform knows", () => {
    const OTHER_BYTES = 392;
    const sized = (bytes: number, more = "", settings: Partial<ContainerProps> = {}) =>
      problemsOf(() => {
        const environment = { TEXT: "x".repeat(bytes - OTHER_BYTES) + more };
        synthesize({ containers: [{ ...users, environment, ...settings }] });
      });
    const message = (bytes: number) =>
      `containers must have at most 65536 bytes in the task definition; received ${bytes}. Move long text of environment or command to SSM parameters (secrets), to S3 or to the image.`;
    expect(sized(65_536)).toEqual([]);
    expect(sized(65_537)).toEqual([message(65_537)]);
    expect(sized(65_536, hcl`var.given`.string)).toEqual([]);
    expect(sized(65_537, hcl`var.given`.string)).toEqual([message(65_537)]);
    // The default of cpu has three digits, and 0 stands for a number that only Terraform knows.
    expect(sized(65_538, "", { cpu: hcl`var.given`.number })).toEqual([]);
    expect(sized(65_539, "", { cpu: hcl`var.given`.number })).toEqual([message(65_537)]);
  });
});
