import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Fn } from "cdktf";
import type { Configuration, State, Terraform } from "../../cli/offline-provider";
import { EcsServiceStack, OneOffTask, ScheduledTask } from "../../src";
import { assumedByTasks } from "../../src/iam/execution-role";
import { clusterStack, unwrapped } from "../support/cluster";
import { existingCluster } from "../support/existing-cluster";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

const TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms";
const REGIONAL = "arn:aws:sns:ap-northeast-2:111122223333:alarms";
const ACCOUNT = "000000000000";
const variables = { region: "eu-west-1", name: "prod", alarm_topic_arn: TOPIC };

function configuration(): Configuration {
  const stack = clusterStack({ keyPair: "none", loadBalancer: false, alarms: true });
  new ScheduledTask(stack, "nightly", {
    ...{ cluster: stack, image: "app:1", scheduleExpression: "cron(0 3 * * ? *)", timeZone: "Asia/Seoul" },
    taskRoleStatements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::reports/*"] }],
    overrides: { nightly: { environment: { RUN: "<aws.scheduler.execution-id>" } } },
    startDate: "2027-01-01T00:00:00Z",
    endDate: "2028-01-01T00:00:00Z",
  });
  new OneOffTask(stack, "migrate", {
    ...{ cluster: stack, image: "app:1", overrides: { migrate: { command: ["echo", "it's <1> & 2"] } } },
  });
  return synthesized(stack) as Configuration;
}

describeTerraform("scheduled and one-off tasks", (lab) => {
  let terraform: Terraform;
  let state: State;
  const of = (address: string) => state.resources.find((one) => one.address === address)?.values ?? {};
  const json = (address: string, argument: string) => JSON.parse(String(of(address)[argument]));
  const arn = (service: string, path: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${path}`;
  beforeAll(async () => {
    terraform = await lab.terraform({ configuration: configuration(), variables });
    const { status, stderr } = await terraform.apply();
    expect(stderr).not.toContain("Error");
    expect(status).toBe(0);
    state = terraform.state();
  });

  it("plans no change after apply", async () => {
    expect((await terraform.plan()).status).toBe(0);
  });

  describe("the policy of the role of Scheduler", () => {
    const statements = () => json("aws_iam_role_policy.nightly_scheduler_role_policy", "policy").Statement as object[];
    const allowing = (action: string) => statements().filter((one) => JSON.stringify(one).includes(`"${action}"`));

    it("allows ecs:RunTask on each revision of this family, on this cluster only", () => {
      expect(allowing("ecs:RunTask")).toEqual([
        {
          Effect: "Allow",
          Action: ["ecs:RunTask"],
          Resource: [arn("ecs", "task-definition/prod-nightly:*")],
          Condition: { ArnEquals: { "ecs:cluster": arn("ecs", "cluster/prod") } },
        },
      ]);
    });

    it("allows iam:PassRole on both roles, to tasks of ECS only", () => {
      expect(allowing("iam:PassRole")).toEqual([
        {
          Effect: "Allow",
          Action: ["iam:PassRole"],
          Resource: [
            of("aws_iam_role.nightly_task_definition_execution_role").arn,
            of("aws_iam_role.nightly_task_definition_task_role").arn,
          ],
          Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        },
      ]);
    });

    it("allows ecs:TagResource on tasks of this cluster, when RunTask creates them", () => {
      expect(allowing("ecs:TagResource")).toEqual([
        {
          Effect: "Allow",
          Action: ["ecs:TagResource"],
          Resource: [arn("ecs", "task/prod/*")],
          Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
        },
      ]);
    });

    it("allows sqs:SendMessage on the dead-letter queue", () => {
      expect(allowing("sqs:SendMessage")).toEqual([
        { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [of("aws_sqs_queue.nightly_dead_letter_queue").arn] },
      ]);
    });

    it("allows nothing else", () => {
      expect(statements()).toHaveLength(4);
    });

    it("belongs to a role that only schedules of this group in this account use", () => {
      expect(json("aws_iam_role.nightly_scheduler_role", "assume_role_policy").Statement).toEqual([
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "scheduler.amazonaws.com" },
          Condition: {
            StringEquals: {
              "aws:SourceAccount": ACCOUNT,
              "aws:SourceArn": arn("scheduler", "schedule-group/prod-nightly"),
            },
          },
        },
      ]);
      expect(of("aws_scheduler_schedule.nightly").group_name).toBe("prod-nightly");
    });
  });

  it("reports tasks that do not start, and those whose own container ends with an error", () => {
    expect(json("aws_cloudwatch_event_rule.nightly_failed", "event_pattern")).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Task State Change"],
      detail: {
        clusterArn: [arn("ecs", "cluster/prod")],
        taskDefinitionArn: [{ prefix: arn("ecs", "task-definition/prod-nightly:") }],
        group: ["family:prod-nightly"],
        lastStatus: ["STOPPED"],
        $or: [
          { stopCode: ["TaskFailedToStart"] },
          { containers: { name: ["nightly"], exitCode: [{ "anything-but": 0 }] } },
        ],
      },
    });
    expect(of("aws_cloudwatch_event_target.nightly_failed_topic").arn).toBe(TOPIC);
  });

  it("raises an alarm while the dead-letter queue has messages", () => {
    expect(of("aws_cloudwatch_metric_alarm.nightly_dead_letters")).toMatchObject({
      alarm_name: "prod-nightly-dead-letters",
      dimensions: { QueueName: "prod-nightly-dead-letters" },
      alarm_actions: [TOPIC],
    });
  });

  it("leaves the keywords of Scheduler in the input as they are", () => {
    const [target] = of("aws_scheduler_schedule.nightly").target as { input: string }[];
    expect(target?.input).toBe(
      '{"containerOverrides":[{"environment":[{"name":"RUN","value":"<aws.scheduler.execution-id>"}],"name":"nightly"}]}',
    );
  });

  it("prints a command that a shell reads as the caller wrote it", () => {
    const command = String(state.outputs.migrate_run_task_command?.value);
    expect(command).toContain("aws ecs run-task --region eu-west-1 --cluster prod --task-definition prod-migrate ");
    const overrides = command.split("--overrides ")[1] ?? "";
    expect(overrides).toMatch(/^'.*'$/);
    expect(JSON.parse(overrides.slice(1, -1).replaceAll("'\\''", "'"))).toEqual({
      containerOverrides: [{ name: "migrate", command: ["echo", "it's <1> & 2"] }],
    });
  });

  it("rejects values of the variables at plan", async () => {
    const cases = {
      nightly_schedule_expression: "cron(0 3 * * *)",
      nightly_start_date: "2029-01-01T00:00:00Z",
      nightly_cpu: 4096,
    };
    const [expression, start, cpu] = await Promise.all(
      Object.entries(cases).map(async ([name, value]) => {
        const other = await lab.terraform({
          configuration: configuration(),
          variables: { ...variables, [name]: value },
        });
        const { stdout, stderr } = await other.plan();
        return unwrapped(`${stdout}${stderr}`);
      }),
    );
    expect(expression).toContain("nightly_schedule_expression must have the six fields");
    expect(start).toContain('nightly_end_date must be after nightly_start_date; received "2028-01-01T00:00:00Z".');
    expect(cpu).toContain("A task of nightly needs 4096 CPU units, more than an instance has for tasks");
  });

  it("counts scheduled tasks with the services, and one-off tasks not", async () => {
    const stack = clusterStack({ keyPair: "none", loadBalancer: false });
    const task = { cluster: stack, image: "app:1", memoryLimitMiB: 1000 };
    new ScheduledTask(stack, "nightly", { ...task, scheduleExpression: "rate(1 day)", taskCount: 4 });
    new OneOffTask(stack, "migrate", task);
    const other = await lab.terraform({ configuration: synthesized(stack) as Configuration });
    const { stdout, stderr } = await other.plan();
    expect(unwrapped(`${stdout}${stderr}`)).toContain(
      "The services need 4000 MiB of memory while they are deployed (nightly 4 x 1000), more than the 3768 that 2 instances have",
    );
  });

  it("is started by an EventBridge rule and by Step Functions with what a one-off task has for them", async () => {
    const stack = clusterStack({ keyPair: "none", loadBalancer: false });
    const awsvpc = { networkMode: "awsvpc", overrides: { import: { command: ["import"] } } } as const;
    const task = new OneOffTask(stack, "import", { cluster: stack, image: "app:1", ...awsvpc });
    const role = new IamRole(stack, "caller", {
      assumeRolePolicy: JSON.stringify(assumedByTasks()),
    });
    const policy = Fn.jsonencode({ Version: "2012-10-17", Statement: task.runTaskStatements });
    new IamRolePolicy(stack, "caller_policy", { role: role.name, policy });
    const rule = new CloudwatchEventRule(stack, "rule", { eventPattern: '{"source":["aws.s3"]}' });
    new CloudwatchEventTarget(stack, "target", {
      ...{ rule: rule.name, arn: stack.cluster.clusterArn, roleArn: role.arn },
      ecsTarget: task.ecsTarget,
    });
    new SfnStateMachine(stack, "machine", {
      ...{ name: "machine", roleArn: role.arn },
      definition: Fn.jsonencode({ Parameters: task.runTaskParameters }),
    });
    const other = await lab.terraform({ configuration: synthesized(stack) as Configuration });
    const { status, stderr } = await other.apply();
    expect([status, stderr]).toEqual([0, ""]);
    const valuesOf = (address: string) => other.state().resources.find((one) => one.address === address)?.values ?? {};
    const securityGroup = valuesOf("aws_security_group.import_task_definition_security_group").id;
    const revision = valuesOf("aws_ecs_task_definition.import_task_definition").arn;
    const [target] = valuesOf("aws_cloudwatch_event_target.target").ecs_target as Record<string, unknown>[];
    expect(target).toMatchObject({
      ...{ task_definition_arn: revision, task_count: 1, propagate_tags: "TASK_DEFINITION" },
      capacity_provider_strategy: [{ capacity_provider: "cp-ecs", base: 0, weight: 1 }],
      network_configuration: [{ security_groups: [securityGroup], assign_public_ip: false }],
    });
    expect(JSON.parse(String(valuesOf("aws_sfn_state_machine.machine").definition)).Parameters).toMatchObject({
      ...{ TaskDefinition: revision, Count: 1 },
      CapacityProviderStrategy: [{ CapacityProvider: "cp-ecs", Base: 0, Weight: 1 }],
      NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [securityGroup] } },
      Overrides: { ContainerOverrides: [{ Name: "import", Command: ["import"] }] },
    });
    const { Statement } = JSON.parse(String(valuesOf("aws_iam_role_policy.caller_policy").policy));
    expect(Statement.map(({ Action }: { Action: string[] }) => Action)).toEqual([
      ["ecs:RunTask"],
      ["iam:PassRole"],
      ["ecs:TagResource"],
    ]);
    expect((await other.plan()).status).toBe(0);
  });

  it("runs on a cluster of another state, with a topic of its own", async () => {
    const stack = new EcsServiceStack(testApp(), "jobs", { loadBalancer: false, alarmTopicArn: REGIONAL });
    const { cluster } = stack;
    new ScheduledTask(stack, "nightly", { cluster, image: "app:1", scheduleExpression: "rate(1 day)" });
    const other = await lab.terraform({
      configuration: synthesized(stack) as Configuration,
      fixtures: existingCluster(),
    });
    const { status, stderr } = await other.apply();
    expect([status, stderr]).toEqual([0, ""]);
    const resources = other.state().resources;
    const rule = resources.find(({ address }) => address === "aws_cloudwatch_event_target.nightly_failed_topic");
    expect(rule?.values.arn).toBe(REGIONAL);
    expect((await other.plan()).status).toBe(0);
  });
});
