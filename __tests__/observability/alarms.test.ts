import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { TerraformVariable, Testing } from "cdktf";
import { Alarms, type AlarmsProps, type Cluster, type WatchedCapacity } from "../../src";
import { regionRule, topicArnRules } from "../../src/validation/aws-rules";
import { schemaOf, string } from "../../src/validation/schema";
import { validate } from "../../src/validation/validate";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, ofType, type Part, resource, synthesized } from "../support/synthesized";

Testing.setupJest();

const topicArn = "arn:aws:sns:eu-west-1:123456789012:alarms";
const loadBalancer = { arnSuffix: "app/prod-alb/0a1b" };
const clusterOf = (hasContainerInsights: boolean) =>
  ({
    clusterName: "prod",
    clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
    nameOnceMade: "prod",
    logGroupName: "/ecs/prod",
    hasContainerInsights,
  }) as Cluster;
const capacity = (name: string): WatchedCapacity => ({
  autoscalingGroupName: `${name}-instances`,
  capacityProviderName: `cp-${name}`,
});
const capacityProvider = capacity("prod");
const PROPS: AlarmsProps = { name: "prod", cluster: clusterOf(true), capacityProvider, loadBalancer, topicArn };

const synthesize = (props: Partial<AlarmsProps> = {}): string =>
  Testing.synthScope((stack) => {
    new Alarms(stack, "alarms", { ...PROPS, ...props });
  });

/** Returns a metric of an expression as Terraform JSON. */
const metric = (id: string, namespace: string, metric_name: string, dimensions: object, stat = "Average") => ({
  id,
  return_data: false,
  metric: { namespace, metric_name, dimensions, period: 300, stat },
});

describe("Alarms", () => {
  it("are five alarms and one rule, and report the start and the end of an alarm to the topic", () => {
    expect(resourceCounts(synthesize())).toEqual({
      aws_cloudwatch_metric_alarm: 5,
      aws_cloudwatch_event_rule: 1,
      aws_cloudwatch_event_target: 1,
    });
    const stack = emptyStack();
    new Alarms(stack, "alarms", PROPS);
    const alarms = ofType(synthesized(stack), "aws_cloudwatch_metric_alarm");
    expect(Object.keys(alarms).sort()).toEqual(
      ["cpu_reservation", "memory_reservation", "server_errors", "unhealthy_targets", "unregistered_instances"].map(
        (name) => `alarms_${name}`,
      ),
    );
    for (const alarm of Object.values(alarms)) {
      expect(alarm).toMatchObject({
        alarm_actions: [topicArn],
        ok_actions: [topicArn],
        treat_missing_data: "notBreaching",
        alarm_description: expect.stringMatching(/ run the doctor of ecs-default-vpc, /),
        tags: { Name: alarm.alarm_name },
      });
    }
  });

  it.each([
    ["prod-cpu-reservation", "CPUReservation", "CPU"],
    ["prod-memory-reservation", "MemoryReservation", "memory"],
  ])("measure %s for a quarter of an hour", (alarm_name, metric_name, resource) => {
    expect(synthesize()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name,
      alarm_description: `Tasks reserve nearly all ${resource} of the cluster. New tasks may not start. To find the cause, run the doctor of ecs-default-vpc, or read its docs/troubleshooting.md.`,
      namespace: "AWS/ECS",
      metric_name,
      dimensions: { ClusterName: "prod" },
      statistic: "Average",
      period: 300,
      evaluation_periods: 3,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 90,
    });
  });

  it("render their thresholds", () => {
    const json = synthesize({ reservationPercent: 75, serverErrors: 0 });
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "prod-cpu-reservation",
      threshold: 75,
    });
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "prod-server-errors",
      threshold: 0,
    });
  });

  it("accept tokens for values that only Terraform knows", () => {
    const json = Testing.synthScope((stack) => {
      const variable = (name: string) => new TerraformVariable(stack, name, {});
      new Alarms(stack, "alarms", {
        ...PROPS,
        name: variable("name").stringValue,
        topicArn: variable("topic").stringValue,
        reservationPercent: variable("percent").numberValue,
        serverErrors: variable("errors").numberValue,
      });
    });
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "${var.name}-memory-reservation",
      alarm_actions: ["${var.topic}"],
      threshold: "${var.percent}",
    });
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "${var.name}-server-errors",
      threshold: "${var.errors}",
    });
  });

  it("count the 5xx of the load balancer and of containers together", () => {
    const requests = { LoadBalancer: "app/prod-alb/0a1b" };
    expect(synthesize()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "prod-server-errors",
      metric_query: [
        metric("balancer", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", requests, "Sum"),
        metric("targets", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", requests, "Sum"),
        { id: "errors", expression: "FILL(balancer, 0) + FILL(targets, 0)", label: "5xx", return_data: true },
      ],
      comparison_operator: "GreaterThanThreshold",
      threshold: 10,
      evaluation_periods: 1,
    });
  });

  it("query the targets of all services at once, for five minutes", () => {
    expect(synthesize()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "prod-unhealthy-targets",
      metric_query: [
        {
          id: "unhealthy",
          expression:
            "SELECT MAX(UnHealthyHostCount) FROM SCHEMA(\"AWS/ApplicationELB\", LoadBalancer, TargetGroup) WHERE LoadBalancer = 'app/prod-alb/0a1b'",
          period: 60,
          label: "unhealthy targets",
          return_data: true,
        },
      ],
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluation_periods: 5,
    });
  });

  it("report failed deployments of all services of the cluster in words", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(CloudwatchEventRule, {
      name: "prod-failed-deployments",
      event_pattern: expect.stringMatching(/"SERVICE_DEPLOYMENT_FAILED".*":cluster\/", ":service\/"/),
    });
    expect(json).toHaveResourceWithProperties(CloudwatchEventTarget, {
      rule: expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\.\w+\.name\}$/),
      arn: topicArn,
      input_transformer: {
        input_paths: { service: "$.resources[0]", reason: "$.detail.reason", deployment: "$.detail.deploymentId" },
        input_template: expect.stringMatching(/^".*<service> failed.*<reason>"$/),
      },
    });
  });

  it("measure no targets and no errors without a load balancer", () => {
    const json = synthesize({ loadBalancer: undefined });
    expect(json).not.toContain("AWS/ApplicationELB");
    expect(resourceCounts(json).aws_cloudwatch_metric_alarm).toBe(3);
  });
});

describe("the alarm for instances that have not joined", () => {
  const alarmOf = (props: Partial<AlarmsProps> = {}): Part => {
    const stack = emptyStack();
    new Alarms(stack, "alarms", { ...PROPS, ...props });
    return resource(synthesized(stack), "aws_cloudwatch_metric_alarm.alarms_unregistered_instances");
  };
  const queries = (props?: Partial<AlarmsProps>) => alarmOf(props).metric_query as (Part & { readonly id: string })[];
  const metricsOf = (props?: Partial<AlarmsProps>) => queries(props).flatMap(({ id, metric }) => (metric ? [id] : []));

  it("compares running instances, needed instances, and instances with tasks", () => {
    const dimensions = { ClusterName: "prod" };
    expect(synthesize()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "prod-unregistered-instances",
      metric_query: [
        metric("running", "AWS/AutoScaling", "GroupInServiceInstances", { AutoScalingGroupName: "prod-instances" }),
        metric("needed", "AWS/ECS/ManagedScaling", "CapacityProviderReservation", {
          ...dimensions,
          CapacityProviderName: "cp-prod",
        }),
        metric("reserved", "AWS/ECS", "CPUReservation", dimensions),
        metric("busy", "ECS/ContainerInsights", "ContainerInstanceCount", dimensions),
        expect.objectContaining({ id: "missing", label: "not registered", return_data: true }),
      ],
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluation_periods: 3,
    });
  });

  /** Returns the value of the alarm's own expression, evaluated as JavaScript. A metric without data is undefined. */
  function missing(data: Readonly<Record<string, number | undefined>>, props?: Partial<AlarmsProps>): number {
    const { expression } = queries(props).at(-1) as unknown as { readonly expression: string };
    const names = metricsOf(props);
    const functions = {
      FILL: (value: number | undefined, otherwise: number) => value ?? otherwise,
      IF: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
      MIN: (values: readonly number[]) => Math.min(...values),
    };
    const evaluate = new Function(...Object.keys(functions), ...names, `return ${expression};`);
    return evaluate(...Object.values(functions), ...names.map((name) => data[name])) as number;
  }

  it.each([
    ["an idle cluster whose instance runs no task", { running: 1, needed: 0, reserved: 0 }, 0],
    ["two instances of which one is idle", { running: 2, needed: 50, reserved: 30, busy: 1 }, 0],
    ["a full cluster that cannot grow", { running: 2, needed: 200, reserved: 95, busy: 2 }, 0],
    ["a group without instances", { running: 0, needed: 200 }, 0],
    ["two instances that have not joined", { running: 2, needed: 0 }, 2],
    ["an instance that has not joined, and waiting tasks", { running: 1, needed: 100 }, 1],
    ["one of two that has not joined, and waiting tasks", { running: 2, needed: 100, reserved: 95, busy: 1 }, 1],
    ["one of two that has not joined in a full group", { running: 2, needed: 200, reserved: 95, busy: 1 }, 1],
  ])("counts in %s", (_, data, expected) => {
    expect(missing(data)).toBe(expected);
  });

  const others = (...names: string[]) => ({ otherCapacityProviders: names.map(capacity) });

  it("counts the instances of several capacity providers together", () => {
    const two = others("arm");
    expect(metricsOf(two)).toEqual(["running", "needed", "running_2", "needed_2", "reserved", "busy"]);
    expect(missing({ running: 1, running_2: 2, needed: 0, needed_2: 0 }, two)).toBe(3);
    const lacking = { running: 1, running_2: 2, needed: 100, needed_2: 100, reserved: 90, busy: 2 };
    expect(missing(lacking, two)).toBe(1);
    expect(missing({ ...lacking, busy: 3 }, two)).toBe(0);
  });

  it("has at most ten metrics for any number of capacity providers", () => {
    const five = others("b", "c", "d", "e");
    expect(metricsOf(five)).toHaveLength(6);
    const idle = { running: 1, running_2: 1, running_3: 1, running_4: 1, running_5: 2 };
    expect(missing(idle, five)).toBe(6);
    expect(missing({ ...idle, reserved: 0 }, five)).toBe(0);
    expect(metricsOf(others("b", "c", "d"))).toHaveLength(10);
    expect(metricsOf(others(..."bcdefghijk"))).toHaveLength(10);
  });

  it("detects a cluster without any registered instance when Container Insights is off", () => {
    const without = { cluster: clusterOf(false) };
    expect(metricsOf(without)).toEqual(["running", "reserved"]);
    expect(missing({ running: 2 }, without)).toBe(2);
    expect(missing({ running: 2, reserved: 0 }, without)).toBe(0);
    expect(missing({ running: 2, reserved: 95 }, without)).toBe(0);
    expect(missing({ running: 0 }, without)).toBe(0);
  });
});

describe("the props of Alarms", () => {
  it.each<[string, object, string]>([
    [
      "a topic that is no ARN",
      { topicArn: "alarms" },
      'topicArn must be the ARN of an SNS topic that is not a FIFO topic; received "alarms". List your topics: aws sns list-topics',
    ],
    [
      "a FIFO topic",
      { topicArn: `${topicArn}.fifo` },
      `topicArn must be the ARN of an SNS topic that is not a FIFO topic; received "${topicArn}.fifo". List your topics: aws sns list-topics`,
    ],
    [
      "a reservation of zero percent",
      { reservationPercent: 0 },
      "reservationPercent must be a whole number from 1 to 100 (percent); received 0. For example 90.",
    ],
    [
      "a negative number of errors",
      { serverErrors: -1 },
      "serverErrors must be a whole number from 0 to 1000000 (responses in 5 minutes); received -1. For example 10.",
    ],
    [
      "a name that is too short",
      { name: "a" },
      'name must be 3 to 24 characters long; received "a". The load balancer\'s name adds a suffix, and AWS limits it to 32 characters.',
    ],
    [
      "a capacity provider without its group",
      { capacityProvider: { capacityProviderName: "cp-prod" } },
      "capacityProvider.autoscalingGroupName must be a string; received nothing. Set it.",
    ],
    [
      "a capacity provider by its name",
      { otherCapacityProviders: ["arm"] },
      'otherCapacityProviders[0] must be a capacity provider; received "arm". Use an AsgCapacityProvider.',
    ],
    [
      "a load balancer by its ARN",
      { loadBalancer: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/prod-alb/0a1b" },
      'loadBalancer must be a load balancer; received "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/prod-alb/0…. Use an ApplicationLoadBalancer construct.',
    ],
  ])("reject %s", (_, props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });

  it("reject a topic of another region than the stack's", () => {
    const schema = schemaOf<{ readonly region: string; readonly topicArn: string }>()({
      region: string(regionRule),
      topicArn: string(...topicArnRules),
    });
    expect(problemsOf(() => validate("alarms", schema, { region: "eu-west-1", topicArn }))).toEqual([]);
    expect(problemsOf(() => validate("alarms", schema, { region: "eu-west-2", topicArn }))).toEqual([
      `topicArn must be the ARN of a topic in the cluster's region; received "${topicArn}". Alarms and events can only use topics of their own region. Create a topic there.`,
    ]);
  });
});

describe("the alarms of an EcsClusterStack", () => {
  const enabledMetrics = (json: string) =>
    Object.values(JSON.parse(json).resource.aws_autoscaling_group as Record<string, Part>).map(
      ({ enabled_metrics }) => enabled_metrics,
    );

  it("use the stack's variables, which require a topic", () => {
    const json = Testing.synth(clusterStack({ alarms: true }), true);
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "${var.name}-cpu-reservation",
      alarm_actions: ["${var.alarm_topic_arn}"],
      dimensions: { ClusterName: "${aws_ecs_cluster.cluster.name}" },
      threshold: "${var.alarm_reservation_percent}",
    });
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "${var.name}-server-errors",
      threshold: "${var.alarm_server_errors}",
    });
    expect(json).toHaveResourceWithProperties(CloudwatchEventTarget, {
      rule: "${aws_cloudwatch_event_rule.alarms_failed_deployments.name}",
      arn: "${var.alarm_topic_arn}",
    });
    const { variable } = JSON.parse(json) as { readonly variable: Readonly<Record<string, Part>> };
    expect(variable.alarm_topic_arn).not.toHaveProperty("default");
    expect([variable.alarm_reservation_percent?.default, variable.alarm_server_errors?.default]).toEqual([90, 10]);
  });

  it("compare each capacity provider with its group, which publishes its metrics", () => {
    const json = Testing.synth(clusterStack({ alarms: true, capacityProviders: { main: {}, arm: {} } }), true);
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "${var.name}-unregistered-instances",
      metric_query: expect.arrayContaining(
        ["capacity", "arm_capacity"].map((group) =>
          expect.objectContaining({
            metric: expect.objectContaining({
              dimensions: { AutoScalingGroupName: `\${aws_autoscaling_group.${group}.name}` },
            }),
          }),
        ),
      ),
    });
    const published = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize"];
    expect(enabledMetrics(json)).toEqual([published, published]);
  });

  it("do not exist by default, and neither do their variables and metrics", () => {
    const json = Testing.synth(clusterStack(), true);
    expect(resourceCounts(json)).not.toHaveProperty("aws_cloudwatch_metric_alarm");
    expect(resourceCounts(json)).not.toHaveProperty("aws_cloudwatch_event_rule");
    expect(Object.keys(JSON.parse(json).variable).filter((name) => name.startsWith("alarm_"))).toEqual([]);
    expect(enabledMetrics(json)).toEqual([undefined]);
  });

  it("do not measure targets without a load balancer", () => {
    const json = Testing.synth(clusterStack({ alarms: true, loadBalancer: false }), true);
    expect(resourceCounts(json).aws_cloudwatch_metric_alarm).toBe(3);
  });
});
