import { Alarms, resolveSettings } from "../src";
import { clusterStack, PUBLIC_KEY } from "./support/cluster";
import { count, mistakesOf, ofType, type Part, resource, synthesized } from "./support/synthesized";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms";
const values = { region: "eu-west-1", sshPublicKey: PUBLIC_KEY, alarmTopicArn: TOPIC };
const json = synthesized(clusterStack({ alarms: true, values }));
const alarm = (name: string) => resource(json, `aws_cloudwatch_metric_alarm.alarms_${name}`);
const cluster = "${aws_ecs_cluster.cluster.name}";

describe("Alarms", () => {
  it("are five, each telling the topic when it goes off and when it is over", () => {
    const alarms = ofType(json, "aws_cloudwatch_metric_alarm");
    expect(Object.keys(alarms)).toEqual(
      ["cpu_reservation", "memory_reservation", "server_errors", "unhealthy_targets", "unregistered_instances"].map(
        (name) => `alarms_${name}`,
      ),
    );
    for (const one of Object.values(alarms)) {
      expect(one).toMatchObject({
        alarm_actions: ["${var.alarm_topic_arn}"],
        ok_actions: ["${var.alarm_topic_arn}"],
        treat_missing_data: "notBreaching",
        alarm_description: expect.stringMatching(/ npm run doctor, /),
      });
      expect((one.tags as Part).Name).toBe(one.alarm_name);
    }
  });

  it.each([
    ["cpu_reservation", "CPUReservation"],
    ["memory_reservation", "MemoryReservation"],
  ])("watch the cluster's %s for a quarter of an hour", (name, metric) => {
    expect(alarm(name)).toMatchObject({
      alarm_name: expect.stringMatching(new RegExp(`-${name.replace("_", "-")}$`)),
      namespace: "AWS/ECS",
      metric_name: metric,
      dimensions: { ClusterName: cluster },
      period: 300,
      evaluation_periods: 3,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: "${var.alarm_reservation_percent}",
    });
  });

  it("compare the instances that run with those that are registered, where there is none too", () => {
    expect(alarm("unregistered_instances").metric_query).toEqual([
      {
        id: "running",
        return_data: false,
        metric: {
          ...{ namespace: "AWS/AutoScaling", metric_name: "GroupInServiceInstances", period: 300, stat: "Average" },
          dimensions: { AutoScalingGroupName: "${aws_autoscaling_group.capacity.name}" },
        },
      },
      {
        id: "registered",
        return_data: false,
        metric: {
          ...{
            namespace: "ECS/ContainerInsights",
            metric_name: "ContainerInstanceCount",
            period: 300,
            stat: "Average",
          },
          dimensions: { ClusterName: cluster },
        },
      },
      { id: "missing", expression: "running - FILL(registered, 0)", label: "not registered", return_data: true },
    ]);
  });

  it("count the instances of several capacities together", () => {
    const several = synthesized(clusterStack({ alarms: true, values, capacityProviders: { main: {}, arm: {} } }));
    const queries = resource(several, "aws_cloudwatch_metric_alarm.alarms_unregistered_instances")
      .metric_query as Part[];
    const groups = queries.flatMap(({ metric }) => {
      const { AutoScalingGroupName } = ((metric as Part | undefined)?.dimensions ?? {}) as Part;
      return AutoScalingGroupName === undefined ? [] : [AutoScalingGroupName];
    });
    expect(groups).toHaveLength(2);
    const { expression } = queries.at(-1) as Part;
    for (const { id } of queries.slice(0, -1)) expect(expression).toContain(id);
    for (const address of ["capacity", "arm_capacity"]) {
      expect(resource(several, `aws_autoscaling_group.${address}`).enabled_metrics).toHaveLength(3);
    }
  });

  it("have the group publish what they compare, which it doesn't by default", () => {
    const metrics = (part: Part) => resource(part, "aws_autoscaling_group.capacity").enabled_metrics;
    expect(metrics(json)).toEqual(["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize"]);
    expect(metrics(synthesized(clusterStack()))).toBeUndefined();
  });

  it("count the 5xx of the load balancer and of containers together", () => {
    const queries = alarm("server_errors").metric_query as Part[];
    expect(queries.map(({ id, expression, metric }) => [id, expression ?? (metric as Part).metric_name])).toEqual([
      ["balancer", "HTTPCode_ELB_5XX_Count"],
      ["targets", "HTTPCode_Target_5XX_Count"],
      ["errors", "FILL(balancer, 0) + FILL(targets, 0)"],
    ]);
    expect(queries.map(({ return_data }) => return_data)).toEqual([false, false, true]);
    expect(alarm("server_errors")).toMatchObject({
      comparison_operator: "GreaterThanThreshold",
      threshold: "${var.alarm_server_errors}",
      evaluation_periods: 1,
    });
  });

  it("ask for the targets of every service in one query, for five minutes on end", () => {
    expect(alarm("unhealthy_targets")).toMatchObject({
      metric_query: [
        {
          expression: expect.stringContaining("SELECT MAX(UnHealthyHostCount) FROM SCHEMA("),
          period: 60,
          return_data: true,
        },
      ],
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluation_periods: 5,
    });
  });

  it("tell of failed deployments in words", () => {
    expect(resource(json, "aws_cloudwatch_event_target.alarms_failed_deployments_topic")).toMatchObject({
      rule: "${aws_cloudwatch_event_rule.alarms_failed_deployments.name}",
      arn: "${var.alarm_topic_arn}",
      input_transformer: { input_template: expect.stringMatching(/^".*<service> failed.*<reason>"$/) },
    });
  });

  it("watch no targets and no errors where there is no load balancer", () => {
    const without = synthesized(clusterStack({ alarms: true, loadBalancer: false, values }));
    expect(Object.keys(ofType(without, "aws_cloudwatch_metric_alarm"))).toEqual([
      "alarms_cpu_reservation",
      "alarms_memory_reservation",
      "alarms_unregistered_instances",
    ]);
  });

  it("are not there by default, and neither are their variables", () => {
    const plain = synthesized(clusterStack());
    expect(count(plain, "aws_cloudwatch_metric_alarm") + count(plain, "aws_cloudwatch_event_rule")).toBe(0);
    expect(Object.keys(plain.variable as Part).filter((name) => name.startsWith("alarm_"))).toEqual([]);
  });

  it("demand a topic and have defaults for the rest", () => {
    const { variable } = synthesized(clusterStack({ alarms: true })) as { variable: Record<string, Part> };
    expect(variable.alarm_topic_arn).not.toHaveProperty("default");
    expect([variable.alarm_reservation_percent?.default, variable.alarm_server_errors?.default]).toEqual([90, 10]);
  });

  it.each([
    [
      { alarms: true, containerInsights: "disabled" } as const,
      'alarms must come with Container Insights, which counts the registered instances; received containerInsights "disabled". Set it to "enabled", or leave alarms out.',
    ],
    [
      { values: { alarmTopicArn: TOPIC } },
      `values.alarmTopicArn must come with alarms; received "${TOPIC}". Set that too, or leave the value out.`,
    ],
    [
      { alarms: true, values: { region: "eu-west-2", alarmTopicArn: TOPIC } },
      `values.alarmTopicArn: alarm_topic_arn must name a topic of the cluster's own region; received "${TOPIC}". Alarms and events are told within their own region: make a topic there.`,
    ],
    [
      { alarms: true, values: { region: "eu-west-1", alarmTopicArn: `${TOPIC}.fifo` } },
      `values.alarmTopicArn: alarm_topic_arn must be the ARN of an SNS topic, and not a FIFO one; received "${TOPIC}.fifo". List those there are: aws sns list-topics`,
    ],
  ])("refuse settings %j", (settings, mistake) => {
    expect(mistakesOf(() => resolveSettings(settings))).toEqual([mistake]);
  });

  it("refuse wrong props of their own, all at once", () => {
    const stack = clusterStack();
    const { cluster, capacityProvider } = stack;
    const props = {
      cluster,
      capacityProvider,
      name: "prod",
      topicArn: "alarms",
      reservationPercent: 0,
      serverErrors: -1,
    };
    expect(mistakesOf(() => new Alarms(stack, "own", props)).map((mistake) => mistake.split(" must")[0])).toEqual([
      "topicArn",
      "reservationPercent",
      "serverErrors",
    ]);
  });
});
