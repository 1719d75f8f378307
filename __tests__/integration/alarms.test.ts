import type { State, Terraform, TerraformResult } from "../../cli/offline-provider";
import { clusterConfiguration, PUBLIC_KEY } from "../support/cluster";
import { casesAsModules, errorTextOf } from "../support/modules";
import { partOf } from "../support/part-of";
import { describeTerraform } from "../support/terraform";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms";
const variables = { ssh_public_key: PUBLIC_KEY, region: "eu-west-1", name: "prod" };
const configuration = clusterConfiguration({ alarms: true, dashboard: true });

describeTerraform("alarms and dashboard", (lab) => {
  let terraform: Terraform;
  let resources: State["resources"];
  const of = (address: string) => resources.find((one) => one.address === address)?.values ?? {};
  beforeAll(async () => {
    terraform = await lab.terraform({ configuration, variables: { ...variables, alarm_topic_arn: TOPIC } });
    const { status, stderr } = await terraform.apply();
    expect(stderr).not.toContain("Error");
    expect(status).toBe(0);
    ({ resources } = terraform.state());
  });

  it("reports failed deployments of this cluster's services only, in any region and partition", () => {
    const clusterArn = String(of("aws_ecs_cluster.cluster").arn);
    const pattern = JSON.parse(String(of("aws_cloudwatch_event_rule.alarms_failed_deployments").event_pattern));
    expect(pattern).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      // Without the slash at the end, "prod" would match the services of "prod-2" too.
      resources: [{ prefix: `${clusterArn.replace(":cluster/", ":service/")}/` }],
    });
    expect(pattern.resources[0].prefix).toMatch(/:service\/prod\/$/);
  });

  it("can be planned without Container Insights", async () => {
    const without = clusterConfiguration({ alarms: true, dashboard: true, containerInsights: "disabled" });
    const { aws_cloudwatch_metric_alarm = {}, aws_cloudwatch_dashboard = {} } = without.resource as Record<
      string,
      object
    >;
    const addresses = Object.entries({ aws_cloudwatch_metric_alarm, aws_cloudwatch_dashboard }).flatMap(
      ([type, named]) => Object.keys(named).map((name) => `${type}.${name}`),
    );
    const terraform = await lab.terraform({
      configuration: partOf(without, ...addresses),
      variables: { ...variables, alarm_topic_arn: TOPIC },
    });
    const { status, stderr } = await terraform.plan();
    expect([status, stderr]).toEqual([2, ""]);
  });

  it("queries the targets of this load balancer, and plans no change after apply", async () => {
    const [query] = of("aws_cloudwatch_metric_alarm.alarms_unhealthy_targets").metric_query as Part[];
    expect(query?.expression).toBe(
      `SELECT MAX(UnHealthyHostCount) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) WHERE LoadBalancer = '${of("aws_lb.load_balancer").arn_suffix}'`,
    );
    expect((await terraform.plan()).status).toBe(0);
  });

  it("has a dashboard without overlapping widgets", () => {
    const { widgets } = JSON.parse(String(of("aws_cloudwatch_dashboard.dashboard").dashboard_body)) as {
      widgets: Widget[];
    };
    const occupied = new Set<string>();
    for (const { x, y, width, height } of widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column++) {
        for (let row = y; row < y + height; row++) {
          expect(occupied.has(`${column},${row}`)).toBe(false);
          occupied.add(`${column},${row}`);
        }
      }
    }
    const text = JSON.stringify(widgets);
    expect(text).toContain("npx ecs-default-vpc doctor --cluster prod --region eu-west-1");
    expect(text).toContain(
      JSON.stringify(
        `SEARCH('{AWS/ECS,ClusterName,ServiceName} ClusterName="prod" MetricName="CPUUtilization"', 'Average', 60)`,
      ),
    );
    // No placeholder of Terraform is left, only those of CloudWatch.
    expect([...new Set(text.match(/\$\{[^}]*\}?/g))].sort()).toEqual([
      "${PROP('Dim.CapacityProviderName')}",
      "${PROP('Dim.ServiceName')}",
      "${PROP('Dim.TargetGroup')}",
    ]);
  });

  const rejected = [
    [
      "alarm_topic_arn",
      "arn:aws:sns:eu-west-1:123456789012:alarms.fifo",
      "alarm_topic_arn must be the ARN of an SNS topic",
    ],
    ["alarm_topic_arn", "arn:aws:sns:eu-west-2:123456789012:alarms", "alarm_topic_arn must"],
    ["alarm_reservation_percent", 101, "alarm_reservation_percent must be a whole number from 1 to 100 (percent)"],
    ["alarm_server_errors", -1, "alarm_server_errors must be a whole number from 0 to 1000000"],
  ] as const;
  let failed: TerraformResult;
  beforeAll(async () => {
    const valid = { ...variables, alarm_topic_arn: TOPIC };
    // The validation of a variable does not need the resources that use it.
    const { variable } = configuration;
    const cases = rejected.map(([name, value]) => ({
      configuration: { variable },
      variables: { ...valid, [name]: value },
    }));
    failed = await (await casesAsModules(lab, cases, { region: "eu-west-1" })).plan();
  });

  it.each(rejected.map(([name, value, message], index) => [name, value, message, index] as const))(
    "rejects %s = %j at plan",
    (_, value, message, index) => {
      expect(errorTextOf(failed.stderr, index)).toContain(message);
      expect(errorTextOf(failed.stderr, index)).toContain(`received ${JSON.stringify(value)}`);
      expect(failed.status).toBe(1);
    },
  );
});

type Part = Readonly<Record<string, unknown>>;

interface Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
