import { Alarms, resolveSettings } from "../../src";
import { clusterStack, PUBLIC_KEY } from "../support/cluster";
import { count, mistakesOf, ofType, type Part, resource, synthesized } from "../support/synthesized";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms";
const values = { region: "eu-west-1", sshPublicKey: PUBLIC_KEY, alarmTopicArn: TOPIC };
const json = synthesized(clusterStack({ alarms: true, values }));
const alarm = (name: string) => resource(json, `aws_cloudwatch_metric_alarm.alarms_${name}`);
const cluster = "${aws_ecs_cluster.cluster.name}";

describe("Alarms", () => {
  it("are five, each telling the topic when it goes off and when it is over", () => {
    const alarms = ofType(json, "aws_cloudwatch_metric_alarm");
    expect(Object.keys(alarms).sort()).toEqual(
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

  const measured = (part: Part): Part => resource(part, "aws_cloudwatch_metric_alarm.alarms_unregistered_instances");
  const metrics = (part: Part) =>
    (measured(part).metric_query as { id: string; metric?: Part }[]).flatMap(({ id, metric }) =>
      metric === undefined ? [] : [[id, metric.namespace, metric.metric_name, metric.dimensions, metric.period]],
    );

  it("measure what tells of instances that haven't joined", () => {
    const group = "${aws_autoscaling_group.capacity.name}";
    const provider = "${one(aws_ecs_cluster_capacity_providers.capacity_association.capacity_providers)}";
    expect(metrics(json)).toEqual([
      ["running", "AWS/AutoScaling", "GroupInServiceInstances", { AutoScalingGroupName: group }, 300],
      [
        ...["needed", "AWS/ECS/ManagedScaling", "CapacityProviderReservation"],
        ...[{ ClusterName: cluster, CapacityProviderName: provider }, 300],
      ],
      ["reserved", "AWS/ECS", "CPUReservation", { ClusterName: cluster }, 300],
      ["busy", "ECS/ContainerInsights", "ContainerInstanceCount", { ClusterName: cluster }, 300],
    ]);
    expect((measured(json).metric_query as Part[]).filter(({ return_data }) => return_data)).toEqual([
      expect.objectContaining({ id: "missing" }),
    ]);
    expect(measured(json)).toMatchObject({
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluation_periods: 3,
    });
  });

  /** What the alarm counts, by the expression itself, in JavaScript's words; a metric without data is undefined. */
  function missing(part: Part, data: Readonly<Record<string, number | undefined>>): number {
    const { expression } = (measured(part).metric_query as Part[]).at(-1) as { expression: string };
    const names = metrics(part).map(([id]) => String(id));
    const functions = {
      FILL: (value: number | undefined, otherwise: number) => value ?? otherwise,
      IF: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
      MIN: (values: readonly number[]) => Math.min(...values),
    };
    const evaluate = new Function(...Object.keys(functions), ...names, `return ${expression};`);
    return evaluate(...Object.values(functions), ...names.map((name) => data[name])) as number;
  }

  it.each([
    ["an idle cluster, whose instance runs no task", { running: 1, needed: 0, reserved: 0 }, 0],
    ["two instances of which one is idle", { running: 2, needed: 50, reserved: 30, busy: 1 }, 0],
    ["a full cluster that may not grow", { running: 2, needed: 200, reserved: 95, busy: 2 }, 0],
    ["a group without instances", { running: 0, needed: 200 }, 0],
    ["none that has joined", { running: 2, needed: 0 }, 2],
    ["none that has joined, and tasks that wait", { running: 1, needed: 100 }, 1],
    ["one of two that hasn't joined while tasks wait for it", { running: 2, needed: 100, reserved: 95, busy: 1 }, 1],
    ["one of two that hasn't joined in a full group", { running: 2, needed: 200, reserved: 95, busy: 1 }, 1],
  ])("count in %s", (_, data, expected) => {
    expect(missing(json, data)).toBe(expected);
  });

  const ofCapacities = (...names: string[]) =>
    synthesized(
      clusterStack({ alarms: true, values, capacityProviders: Object.fromEntries(names.map((name) => [name, {}])) }),
    );

  it("count the instances of several capacities together", () => {
    const several = ofCapacities("main", "arm");
    expect(metrics(several).map(([id]) => id)).toEqual([
      "running",
      "needed",
      "running_2",
      "needed_2",
      "reserved",
      "busy",
    ]);
    expect(missing(several, { running: 1, running_2: 2, needed: 0, needed_2: 0 })).toBe(3);
    const lacking = { running: 1, running_2: 2, needed: 100, needed_2: 100, reserved: 90, busy: 2 };
    expect(missing(several, lacking)).toBe(1);
    expect(missing(several, { ...lacking, busy: 3 })).toBe(0);
    for (const address of ["capacity", "arm_capacity"]) {
      expect(resource(several, `aws_autoscaling_group.${address}`).enabled_metrics).toHaveLength(3);
    }
  });

  it("take no more metrics than CloudWatch does, however many capacities there are", () => {
    const five = ofCapacities("main", "b", "c", "d", "e");
    expect(metrics(five)).toHaveLength(6);
    const idle = { running: 1, running_2: 1, running_3: 1, running_4: 1, running_5: 2 };
    expect(missing(five, idle)).toBe(6);
    expect(missing(five, { ...idle, reserved: 0 })).toBe(0);
    expect(metrics(ofCapacities("main", "b", "c", "d"))).toHaveLength(10);
    expect(metrics(ofCapacities("main", ..."bcdefghijk"))).toHaveLength(10);
  });

  it("tell without Container Insights where none has joined, by metrics that cost nothing", () => {
    const without = synthesized(clusterStack({ alarms: true, containerInsights: "disabled", values }));
    expect(metrics(without).map(([id, namespace]) => [id, namespace])).toEqual([
      ["running", "AWS/AutoScaling"],
      ["reserved", "AWS/ECS"],
    ]);
    expect(missing(without, { running: 2 })).toBe(2);
    expect(missing(without, { running: 2, reserved: 0 })).toBe(0);
    expect(missing(without, { running: 2, reserved: 95 })).toBe(0);
    expect(missing(without, { running: 0 })).toBe(0);
  });

  it("have the group publish what they compare, which it doesn't by default", () => {
    const enabled = (part: Part) => resource(part, "aws_autoscaling_group.capacity").enabled_metrics;
    expect(enabled(json)).toEqual(["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize"]);
    expect(enabled(synthesized(clusterStack()))).toBeUndefined();
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
