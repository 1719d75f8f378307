import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { TerraformVariable, Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, type EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { at, type Part, resolved, synthesized } from "../support/synthesized";

Testing.setupJest();

const TOPIC = "arn:aws:sns:ap-northeast-2:111122223333:alarms";
const routed = { containerPort: 80, paths: ["/web*"] };

/** Returns the JSON of a cluster with one service. */
function create(props: Partial<Ec2ServiceProps>, settings: EcsClusterSettings = { alarms: true }): Part {
  const stack = clusterStack(settings);
  new Ec2Service(stack, "web", { cluster: stack, ...props });
  return synthesized(stack);
}

/** Returns the alarms of the service by what they watch. */
function alarmsOf(json: Part): Record<string, Part> {
  const alarms = Object.entries(at(json, "resource", "aws_cloudwatch_metric_alarm") ?? {}) as [string, Part][];
  return Object.fromEntries(
    alarms.flatMap(([name, alarm]) =>
      name.startsWith("web_alarms_") ? [[name.slice("web_alarms_".length), alarm]] : [],
    ),
  );
}

describe("the alarms of a service", () => {
  it("exist only with the setting", () => {
    expect(alarmsOf(create(routed))).toEqual({});
  });

  it("watch the tasks, and with a route the requests, and notify the topic of the cluster", () => {
    const alarms = alarmsOf(create({ ...routed, alarms: true }));
    expect(Object.keys(alarms)).toEqual(["cpu", "memory", "running", "5xx", "latency", "unhealthy"]);
    for (const [what, alarm] of Object.entries(alarms)) {
      expect(alarm).toMatchObject({
        alarm_name: "${var.name}-web-".replace("${var.name}", "${aws_ecs_cluster.cluster.name}") + what,
        alarm_actions: ["${var.alarm_topic_arn}"],
        ok_actions: ["${var.alarm_topic_arn}"],
        treat_missing_data: "notBreaching",
      });
    }
    expect(Object.keys(alarmsOf(create({ alarms: true })))).toEqual(["cpu", "memory", "running"]);
  });

  it("have thresholds that are variables", () => {
    const json = create({ ...routed, alarms: { cpuPercent: 150, latencySeconds: 0.5 } });
    const thresholds = Object.entries(alarmsOf(json)).map(([what, { threshold }]) => [what, threshold]);
    expect(Object.fromEntries(thresholds)).toEqual({
      cpu: "${var.web_alarm_cpu_percent}",
      memory: "${var.web_alarm_memory_percent}",
      running: 1,
      "5xx": "${var.web_alarm_server_errors}",
      latency: "${var.web_alarm_latency_seconds}",
      unhealthy: 1,
    });
    const defaults = (name: string) => at(json, "variable", `web_alarm_${name}`, "default");
    expect(["cpu_percent", "memory_percent", "server_errors", "latency_seconds"].map(defaults)).toEqual([
      150, 90, 10, 0.5,
    ]);
    expect(at(json, "variable", "web_alarm_topic_arn")).toBeUndefined();
  });

  it("measure the service, and each of its target groups", () => {
    const { cpu, "5xx": errors } = alarmsOf(
      create({
        ...routed,
        ...{ networkMode: "awsvpc", deployment: { strategy: "BLUE_GREEN" } },
        alarms: true,
      }),
    );
    expect(cpu).toMatchObject({
      namespace: "AWS/ECS",
      metric_name: "CPUUtilization",
      dimensions: { ClusterName: "${aws_ecs_cluster.cluster.name}", ServiceName: "web" },
    });
    const queries = (errors as Part).metric_query as Part[];
    expect(queries.at(-1)).toEqual({
      id: "all",
      expression: "SUM([FILL(group1, 0), FILL(group2, 0)])",
      label: "5xx",
      return_data: true,
    });
    expect(queries.slice(0, -1).map(({ metric }) => (metric as Part).dimensions)).toEqual(
      ["web_target_group", "web_target_groups_alternate"].map((group) => ({
        LoadBalancer: '${join("/", slice(split("/", aws_lb_listener.load_balancer_http.arn), 1, 4))}',
        TargetGroup: `\${aws_lb_target_group.${group}.arn_suffix}`,
      })),
    );
  });

  it("watch the targets of Network Load Balancers, which measure no requests", () => {
    const listeners = { tcp: { loadBalancer: "edge", port: 9000, containerPort: 9000 } };
    const props = { containerPort: 9000, listeners, alarms: { rollback: true } };
    const settings = { alarms: true, networkLoadBalancers: { edge: {} } };
    expect(() => create(props, settings)).toThrow("alarms.rollback must not be set for a service without a route");
    const alarms = alarmsOf(create({ ...props, alarms: true }, settings));
    expect(Object.keys(alarms)).toEqual(["cpu", "memory", "running", "unhealthy"]);
    expect(((alarms.unhealthy as Part).metric_query as Part[])[0]?.metric).toMatchObject({
      namespace: "AWS/NetworkELB",
      metric_name: "UnHealthyHostCount",
      dimensions: { TargetGroup: "${aws_lb_target_group.web_listener_tcp_target_group.arn_suffix}" },
    });
  });

  it("count the tasks with Container Insights, and otherwise detect a service without any", () => {
    const counted = alarmsOf(create({ alarms: true })).running as Part;
    expect((counted.metric_query as Part[]).at(-1)).toMatchObject({ expression: "desired - FILL(running, 0)" });
    const settings = { alarms: true, containerInsights: "disabled" } as const;
    expect(alarmsOf(create({ alarms: true }, settings)).running).toMatchObject({
      metric_name: "CPUUtilization",
      comparison_operator: "LessThanThreshold",
      threshold: 0,
      treat_missing_data: '${var.web_desired_count > 0 ? "breaching" : "notBreaching"}',
    });
    const awaited = alarmsOf(create({ alarms: true, imageParameter: true }, settings)).running;
    expect(awaited?.treat_missing_data).toContain(
      '!(aws_ssm_parameter.web_image_parameter.insecure_value == "none") && ',
    );
    // Only the instances decide how many tasks a daemon should have.
    expect(alarmsOf(create({ alarms: true, daemon: true }, settings)).running).toBeUndefined();
  });

  it("notify a topic of their own, which then also gets the failed deployments", () => {
    const own = create({ alarms: { topicArn: TOPIC } });
    expect(at(own, "variable", "web_alarm_topic_arn", "default")).toBe(TOPIC);
    expect(alarmsOf(own).cpu).toMatchObject({ alarm_actions: ["${var.web_alarm_topic_arn}"] });
    expect(at(own, "resource", "aws_cloudwatch_event_target", "web_alarms_failed_deployments_topic", "arn")).toBe(
      "${var.web_alarm_topic_arn}",
    );
    expect(JSON.stringify(own)).toHaveResourceWithProperties(CloudwatchEventRule, {
      name: "${aws_ecs_cluster.cluster.name}-web-failed-deployments",
      event_pattern: expect.stringContaining(
        '"resources" = [join("", [join("", [replace(aws_ecs_cluster.cluster.arn, ":cluster/", ":service/"), "/"]), "web"])]',
      ),
    });
    const required = create({ alarms: true }, {});
    expect(at(required, "variable", "web_alarm_topic_arn")).toBeDefined();
    expect(at(required, "variable", "web_alarm_topic_arn")).not.toHaveProperty("default");
  });

  it("leave the failed deployments to the rule of the cluster's alarms", () => {
    const rules = Object.keys(at(create({ alarms: true }), "resource", "aws_cloudwatch_event_rule") as Part);
    expect(rules).toEqual(["alarms_failed_deployments"]);
  });

  it("have names that other resources can refer to", () => {
    const stack = clusterStack();
    const { alarmNames = {} } = new Ec2Service(stack, "web", { cluster: stack, ...routed, alarms: true });
    expect(Object.keys(alarmNames)).toEqual(["cpu", "memory", "running", "5xx", "latency", "unhealthy"]);
    expect(resolved(stack, alarmNames["5xx"])).toBe("${aws_cloudwatch_metric_alarm.web_alarms_5xx.alarm_name}");
    expect(new Ec2Service(stack, "worker", { cluster: stack }).alarmNames).toBeUndefined();
  });

  it("can be references", () => {
    const stack = clusterStack();
    const number = (name: string) => new TerraformVariable(stack, name, { type: "number" }).numberValue;
    const topicArn = new TerraformVariable(stack, "topic", { type: "string" }).stringValue;
    new Ec2Service(stack, "web", { cluster: stack, alarms: { topicArn, cpuPercent: number("limit") } });
    const { cpu } = alarmsOf(synthesized(stack));
    expect(cpu).toMatchObject({ threshold: "${var.limit}", alarm_actions: ["${var.topic}"] });
  });

  it("can roll a deployment back, beside other alarms", () => {
    const names = (json: Part) => at(json, "resource", "aws_ecs_service", "web", "alarms");
    const [errors, latency] = ["5xx", "latency"].map(
      (what) => `\${reverse(split(":alarm:", aws_cloudwatch_metric_alarm.web_alarms_${what}.alarm_name))[0]}`,
    );
    expect(names(create({ ...routed, alarms: { rollback: true } }))).toEqual({
      alarm_names: [errors, latency],
      enable: true,
      rollback: true,
    });
    // The AWS provider cannot remove the alarms, only switch them off.
    expect(names(create({ ...routed, alarms: { rollback: false } }))).toMatchObject({ enable: false, rollback: false });
    expect(names(create({ ...routed, alarms: true }))).toBeUndefined();
    const deployment = { alarms: { alarmNames: ["queue"], rollback: false } };
    expect(names(create({ ...routed, alarms: { rollback: true }, deployment }))).toEqual({
      alarm_names: ["queue", errors, latency],
      enable: true,
      rollback: false,
    });
    for (const alarms of [true, { rollback: false }])
      expect(names(create({ ...routed, alarms, deployment }))).toMatchObject({ alarm_names: ["queue"] });
  });

  it("reject bad thresholds, and requests without a route", () => {
    const problems = (alarms: Ec2ServiceProps["alarms"]) => {
      const stack = clusterStack();
      return problemsOf(() => new Ec2Service(stack, "web", { cluster: stack, alarms }));
    };
    expect(problems({ cpuPercent: 0, latencySeconds: 0, topicArn: "topic" })).toHaveLength(4);
    expect(problems({ rollback: true })).toEqual([
      "alarms.rollback must not be set for a service without a route; received true. Remove it: the circuit breaker rolls back. Or set deployment.alarms to alarms that you create.",
    ]);
    expect(problems("yes" as never)).toEqual([
      'alarms must be true, false or settings; received "yes". Use true for the default thresholds.',
    ]);
  });
});

it("adds six alarms to a service with a route, and nothing else", () => {
  const counts = (json: Part) => resourceCounts(JSON.stringify(json));
  const { aws_cloudwatch_metric_alarm: before = 0, ...others } = counts(create(routed));
  expect(counts(create({ ...routed, alarms: true }))).toEqual({ ...others, aws_cloudwatch_metric_alarm: before + 6 });
});
