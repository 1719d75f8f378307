import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Fn, TerraformOutput, Testing } from "cdktf";
import { Ec2Service, EcsClusterStack, OneOffTask, type OneOffTaskProps, ServiceImage } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { at, emptyStack, ofType, resolved, resource, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const synthesize = (props: Partial<OneOffTaskProps> = {}, target = clusterTarget()): string =>
  Testing.synthScope((stack) => {
    new OneOffTask(stack, "migrate", { cluster: target, image: "app:1", ...props });
  });

const commandOf = (props: Partial<OneOffTaskProps> = {}): unknown => {
  const stack = emptyStack();
  new OneOffTask(stack, "migrate", { cluster: clusterTarget(), image: "app:1", ...props });
  return at(synthesized(stack), "output", "migrate_run_task_command", "value");
};

describe("OneOffTask", () => {
  it("registers a task definition, and starts nothing", () => {
    expect(resourceCounts(synthesize())).toEqual({
      aws_cloudwatch_log_group: 1,
      aws_ecs_task_definition: 1,
      aws_iam_role: 1,
      aws_iam_role_policy: 1,
    });
  });

  it("has an output with the command that starts the newest revision", () => {
    expect(commandOf()).toBe(
      `aws ecs run-task --region eu-west-1 --cluster prod --task-definition prod-migrate --capacity-provider-strategy capacityProvider=cp-prod,weight=1,base=0 --placement-strategy '\${replace(jsonencode([{ "type" = "binpack", "field" = "memory" }]), "'", "'\\\\''")}' --enable-ecs-managed-tags --propagate-tags TASK_DEFINITION`,
    );
  });

  it("has every setting of the run in the command", () => {
    const command = String(
      commandOf({
        taskCount: 2,
        networkMode: "awsvpc",
        subnetIds: ["subnet-0123456789abcdef0"],
        placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type =~ t3.*" }],
        placementStrategies: [],
        group: "jobs",
        enableExecuteCommand: true,
        overrides: { migrate: { command: ["it's"] } },
      }),
    );
    expect(command).toContain("--count 2");
    expect(command).toContain(
      '--network-configuration \'${replace(jsonencode({ "awsvpcConfiguration" = { "subnets" = ["subnet-0123456789abcdef0"], "securityGroups" = [aws_security_group.migrate_task_definition_security_group.id], "assignPublicIp" = "DISABLED" } })',
    );
    expect(command).toContain('"expression" = "attribute:ecs.instance-type =~ t3.*"');
    expect(command).not.toContain("--placement-strategy");
    expect(command).toContain('--group \'${replace("jobs"');
    expect(command).toContain("--enable-execute-command");
    expect(command).toContain("--overrides");
  });

  it("shares the image of a service, with one variable", () => {
    const [stack, cluster] = [emptyStack(), clusterTarget()];
    const image = new ServiceImage(stack, "app", { image: "app:1" });
    new Ec2Service(stack, "web", { cluster, image });
    new OneOffTask(stack, "migrate", { cluster, image, command: ["migrate"] });
    const json = synthesized(stack);
    expect(Object.keys(json.variable as object).filter((name) => name.endsWith("_image"))).toEqual(["app_image"]);
    for (const definition of Object.values(ofType(json, "aws_ecs_task_definition"))) {
      expect(definition.container_definitions).toContain("var.app_image");
    }
  });

  it("is registered before a service whose lifecycle hook runs it", () => {
    const stack = new EcsClusterStack(testApp(), "test");
    const { taskDefinition } = new OneOffTask(stack, "migrate", { cluster: stack, image: "app:1" });
    const hook = {
      hookTargetArn: "arn:aws:lambda:eu-west-1:111122223333:function:migrate",
      lifecycleStages: ["PRE_SCALE_UP"] as const,
      hookDetails: { taskDefinition: taskDefinition.taskDefinitionArn },
    };
    new Ec2Service(stack, "web", {
      ...{ cluster: stack, image: "app:1", networkMode: "awsvpc", containerPort: 3000, paths: ["/*"] },
      deployment: { strategy: "BLUE_GREEN", lifecycleHooks: [hook] },
    });
    const [service] = Object.values(ofType(synthesized(stack), "aws_ecs_service"));
    expect(JSON.stringify(service)).toContain("aws_ecs_task_definition.migrate_task_definition.arn");
  });

  it("compares one task with the instances, and does not count it with the services", () => {
    const stack = new EcsClusterStack(testApp(), "ecs", { keyPair: "none", loadBalancer: false });
    new OneOffTask(stack, "migrate", { cluster: stack, image: "app:1" });
    new OneOffTask(stack, "console", { cluster: stack, image: "app:1", capacityGuards: false });
    new Ec2Service(stack, "web", { cluster: stack, image: "app:1" });
    const json = synthesized(stack);
    const guards = at(resource(json, "aws_ecs_task_definition.migrate_task_definition"), "lifecycle", "precondition");
    expect(guards).toEqual([
      expect.objectContaining({ error_message: expect.stringContaining("A task of migrate needs") }),
      expect.objectContaining({ error_message: expect.stringContaining("A task of migrate needs") }),
    ]);
    expect(resource(json, "aws_ecs_task_definition.console_task_definition").lifecycle).toBeUndefined();
    expect(JSON.stringify(resource(json, "aws_ecs_service.web").lifecycle)).not.toContain("migrate");
  });

  it("reports failures of the task to the topic of the cluster", () => {
    const topic = "arn:aws:sns:eu-west-1:111122223333:alarms";
    const json = synthesize({}, clusterTarget({ alarmTopicArn: topic }));
    expect(json).toHaveResourceWithProperties(CloudwatchEventTarget, { arn: topic });
    expect(resourceCounts(json)).toMatchObject({ aws_cloudwatch_event_rule: 1, aws_cloudwatch_event_target: 1 });
  });

  it("has its task definition as its default child", () => {
    const stack = emptyStack();
    const task = new OneOffTask(stack, "migrate", { cluster: clusterTarget(), image: "app:1" });
    expect(task.node.defaultChild).toBeInstanceOf(EcsTaskDefinition);
    expect(task.node.defaultChild).toBe(task.taskDefinition.node.defaultChild);
  });

  it("rejects wrong settings with its own name", () => {
    expect(problemsOf(() => synthesize({ scheduleExpression: "rate(1 day)" } as object))).toEqual([
      expect.stringContaining('Unknown setting "scheduleExpression"'),
    ]);
    expect(() => synthesize({ taskCount: 0 })).toThrow(/^OneOffTask "/);
  });
});

describe("what other services need to start a task", () => {
  const made = (props: Partial<OneOffTaskProps> = {}) => {
    const stack = emptyStack();
    return { stack, task: new OneOffTask(stack, "import", { cluster: clusterTarget(), image: "app:1", ...props }) };
  };

  it("has the target of an EventBridge rule", () => {
    const { stack, task } = made({
      taskRoleStatements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::in/*"] }],
      placementConstraints: [{ type: "distinctInstance" }],
    });
    expect(resolved(stack, task.ecsTarget)).toEqual({
      taskDefinitionArn: "${aws_ecs_task_definition.import_task_definition.arn}",
      taskCount: 1,
      capacityProviderStrategy: [{ capacityProvider: "cp-prod", weight: 1, base: 0 }],
      enableEcsManagedTags: true,
      enableExecuteCommand: false,
      propagateTags: "TASK_DEFINITION",
      placementConstraint: [{ type: "distinctInstance" }],
      orderedPlacementStrategy: [{ type: "binpack", field: "memory" }],
    });
    expect(task.taskRole?.roleArn).toBeDefined();
    expect(resolved(stack, Fn.jsonencode(task.runTaskStatements[1]?.Resource))).toBe(
      "${jsonencode([aws_iam_role.import_task_definition_execution_role.arn, aws_iam_role.import_task_definition_task_role.arn])}",
    );
  });

  it("has the parameters of RunTask for Step Functions", () => {
    const { stack, task } = made({
      networkMode: "awsvpc",
      subnetIds: ["subnet-0123456789abcdef0"],
      overrides: { import: { command: ["a"], environment: { B: "c" } } },
    });
    expect(resolved(stack, task.runTaskParameters)).toEqual({
      Cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
      TaskDefinition: "${aws_ecs_task_definition.import_task_definition.arn}",
      Count: 1,
      CapacityProviderStrategy: [{ CapacityProvider: "cp-prod", Weight: 1, Base: 0 }],
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: ["subnet-0123456789abcdef0"],
          SecurityGroups: ["${aws_security_group.import_task_definition_security_group.id}"],
          AssignPublicIp: "DISABLED",
        },
      },
      PlacementStrategy: [{ Type: "binpack", Field: "memory" }],
      EnableECSManagedTags: true,
      EnableExecuteCommand: false,
      PropagateTags: "TASK_DEFINITION",
      Overrides: {
        ContainerOverrides: [{ Name: "import", Command: ["a"], Environment: [{ Name: "B", Value: "c" }] }],
      },
    });
  });

  it("has the ARN of the family, and the strategy", () => {
    const { stack, task } = made();
    new TerraformOutput(stack, "family", { value: task.taskDefinitionFamilyArn });
    expect(at(synthesized(stack), "output", "family", "value")).toContain('"task-definition/prod-import"])');
    expect(task.capacityProviderStrategy).toEqual([{ capacityProvider: "cp-prod", weight: 1, base: 0 }]);
    expect(task.networkConfiguration).toBeUndefined();
  });
});
