import { Secret, TaskDefinition, type TaskDefinitionProps } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { count, emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

function made(props: Partial<TaskDefinitionProps> = {}): Part {
  const stack = emptyStack();
  new TaskDefinition(stack, "task", {
    cluster: clusterTarget(),
    name: "users",
    containers: [{ name: "users", image: "users:7" }],
    ...props,
  });
  return synthesized(stack);
}

describe("TaskDefinition", () => {
  it("runs on EC2 in bridge mode, with an execution role and without a task role", () => {
    const json = made();
    expect(resource(json, "aws_ecs_task_definition.task")).toMatchObject({
      family: "prod-users",
      network_mode: "bridge",
      requires_compatibilities: ["EC2"],
      execution_role_arn: "${aws_iam_role.task_execution_role.arn}",
      skip_destroy: true,
    });
    expect(resource(json, "aws_ecs_task_definition.task")).not.toHaveProperty("task_role_arn");
    expect(count(json, "aws_iam_role")).toBe(1);
  });

  it("has a log group of its own that keeps what it has for 14 days, or as long as is said", () => {
    expect(resource(made(), "aws_cloudwatch_log_group.task_log_group")).toMatchObject({
      name: "/ecs/prod/users",
      retention_in_days: 14,
    });
    expect(resource(made({ logRetentionDays: 30 }), "aws_cloudwatch_log_group.task_log_group").retention_in_days).toBe(
      30,
    );
  });

  it("encrypts its log with the cluster's key", () => {
    const key = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";
    const cluster = clusterTarget({ cluster: { ...clusterTarget().cluster, executeCommandKeyArn: key } });
    expect(resource(made({ cluster }), "aws_cloudwatch_log_group.task_log_group").kms_key_id).toBe(key);
  });

  it.each<[string, Partial<TaskDefinitionProps>]>([
    ["ECS Exec", { enableExecuteCommand: true }],
    ["rights", { taskRoleStatements: [{ actions: ["s3:ListBucket"], resources: ["*"] }] }],
    ["managed policies", { taskRolePolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] }],
  ])("has a task role with %s", (_, props) => {
    expect(resource(made(props), "aws_ecs_task_definition.task").task_role_arn).toBe(
      "${aws_iam_role.task_task_role.arn}",
    );
  });

  it("lets old revisions go where that is said", () => {
    expect(resource(made({ keepRevisions: false }), "aws_ecs_task_definition.task").skip_destroy).toBe(false);
  });

  it("names every mistake of all of its containers at once", () => {
    const containers = [
      { name: "users", image: "users:7", cpu: 1 },
      { name: "proxy", image: "Envoy", secrets: { URL: Secret.fromSecretsManager("x") } },
    ];
    const mistakes = mistakesOf(() =>
      made({
        name: "Users",
        containers,
        logRetentionDays: 15,
        taskRolePolicyArns: ["x"],
        taskRoleStatements: [
          { actions: [], resources: ["*"] },
          { actions: ["*"], resources: ["*"] },
        ],
      }),
    );
    expect(mistakes.map((mistake) => mistake.split(" must ")[0])).toEqual([
      "name",
      "logRetentionDays",
      "taskRolePolicyArns",
      "taskRoleStatements.0",
      "taskRoleStatements.1",
      "containers.proxy.image",
      "containers.users.cpu",
      "containers.proxy.secrets.URL",
    ]);
    expect(mistakes[3]).toBe(
      'taskRoleStatements.0 must have actions and resources; received {"actions":[],"resources":["*"]}. Name at least one of each, for example s3:GetObject on a bucket\'s ARN with /*.',
    );
  });
});
