import { Ec2Service, type Ec2ServiceProps, EcsServiceStack } from "../../src";
import { clusterStack } from "../support/cluster";
import { existingCluster } from "../support/existing-cluster";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { type RunningState, RunningSystem } from "../support/transition";

const TOPIC = "arn:aws:sns:ap-northeast-2:111122223333:alarms";
const SAFE = { missing: [], lost: [], rejected: [] };
const WATCHED = ["5xx", "cpu", "latency", "memory", "running", "unhealthy"];

/** Returns a version of a cluster with alarms and one service. */
const version =
  (props: Partial<Ec2ServiceProps> = {}) =>
  () => {
    const stack = clusterStack({ keyPair: "none", alarms: true, values: { alarmTopicArn: TOPIC } });
    const routed = { containerPort: 80, paths: ["/web*"] };
    new Ec2Service(stack, "web", { cluster: stack, image: "web:1", capacityGuards: false, ...routed, ...props });
    return stack;
  };

const serviceAlarms = (state: RunningState) =>
  state.terraform.state().resources.find(({ address }) => address === "aws_ecs_service.web")?.values.alarms;

describeTerraform("the alarms of a running service", (lab) => {
  it("are added and removed without a gap", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(version());
    const added = await state.apply(version({ alarms: true }));
    expect(added).toMatchObject({
      ...SAFE,
      created: WATCHED.map((what) => `aws_cloudwatch_metric_alarm.web_alarms_${what}`),
      updated: [],
      replaced: [],
      deleted: [],
    });
    const removed = await state.apply(version());
    expect(removed).toMatchObject({ ...SAFE, created: [], replaced: [] });
    expect(removed.deleted).toHaveLength(WATCHED.length);
  });

  it("change their thresholds by variables, in place", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(version({ alarms: true }));
    const variables = { web_alarm_cpu_percent: 150, web_alarm_latency_seconds: 0.25 };
    expect(await state.apply(version({ alarms: true }), { variables })).toMatchObject({
      ...SAFE,
      created: [],
      updated: ["aws_cloudwatch_metric_alarm.web_alarms_cpu", "aws_cloudwatch_metric_alarm.web_alarms_latency"],
      replaced: [],
      deleted: [],
    });
    await state.expectRejected(
      version({ alarms: true }),
      "web_alarm_latency_seconds must be a number from 0.001 to 4000 (seconds); received 0. For example 0.5.",
      { variables: { web_alarm_latency_seconds: 0 } },
    );
  });

  it("exist before the service rolls back with them, and are switched off before they are removed", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(version());
    const { operations } = await state.apply(version({ alarms: { rollback: true } }));
    const order = operations.flatMap(({ type, operation }) =>
      type === "aws_ecs_service" || (type === "aws_cloudwatch_metric_alarm" && operation === "create") ? [type] : [],
    );
    expect(order.indexOf("aws_ecs_service")).toBeGreaterThan(1);
    const names = ["ecs-web-5xx", "ecs-web-latency"];
    expect(serviceAlarms(state)).toEqual([{ alarm_names: names, enable: true, rollback: true }]);

    await state.apply(version({ alarms: { rollback: false } }));
    expect(serviceAlarms(state)).toEqual([{ alarm_names: names, enable: false, rollback: false }]);
    await state.apply(version());
  });

  it("need a topic in a stack of services, which also gets the failed deployments", async () => {
    const state = (await RunningSystem.start(lab, existingCluster())).state();
    const orders = () => {
      const stack = new EcsServiceStack(testApp(), "orders", { values: { clusterName: "ecs" } });
      new Ec2Service(stack, "orders", { cluster: stack.cluster, image: "orders:1", alarms: true });
      return stack;
    };
    const { created } = await state.apply(orders, { variables: { orders_alarm_topic_arn: TOPIC } });
    expect(created).toEqual(
      expect.arrayContaining([
        "aws_cloudwatch_event_rule.orders_alarms_failed_deployments",
        "aws_cloudwatch_metric_alarm.orders_alarms_running",
      ]),
    );
    await state.expectRejected(orders, "orders_alarm_topic_arn must be the ARN of an SNS topic", {
      variables: { orders_alarm_topic_arn: "alarms" },
    });
  });
});
