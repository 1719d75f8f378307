import {
  Ec2Service,
  type EcsClusterStack,
  OneOffTask,
  ScheduledTask,
  type ScheduledTaskProps,
  ServiceImage,
} from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

const TOPIC = "arn:aws:sns:ap-northeast-2:111122223333:alarms";

/** Returns a version of a cluster with a service, and what else a function adds. */
const version =
  (add: (stack: EcsClusterStack, image: ServiceImage) => void = () => {}, image = "app:1") =>
  () => {
    const stack = clusterStack({
      ...{ keyPair: "none", loadBalancer: false, alarms: true, values: { alarmTopicArn: TOPIC } },
    });
    const shared = new ServiceImage(stack, "app", { image });
    new Ec2Service(stack, "web", { cluster: stack, image: shared });
    add(stack, shared);
    return stack;
  };

const nightly =
  (props: Partial<ScheduledTaskProps> = {}, id = "nightly") =>
  (stack: EcsClusterStack, image: ServiceImage) => {
    new ScheduledTask(stack, id, { cluster: stack, image, scheduleExpression: "rate(1 day)", ...props });
  };

const TASK = "aws_ecs_task_definition.nightly_task_definition";
const SCHEDULE = "aws_scheduler_schedule.nightly";
const QUEUE = "aws_sqs_queue.nightly_dead_letter_queue";
const SCHEDULED = [
  "aws_cloudwatch_metric_alarm.nightly_dead_letters",
  "aws_iam_role.nightly_scheduler_role",
  "aws_iam_role_policy.nightly_scheduler_role_policy",
  SCHEDULE,
  "aws_scheduler_schedule_group.nightly_schedule_group",
  QUEUE,
];
const RUN = [
  "aws_cloudwatch_event_rule.nightly_failed",
  "aws_cloudwatch_event_target.nightly_failed_topic",
  "aws_cloudwatch_log_group.nightly_task_definition_log_group",
  TASK,
  "aws_iam_role.nightly_task_definition_execution_role",
  "aws_iam_role_policy.nightly_task_definition_execution_role_policy",
];
const ALL = [...RUN, ...SCHEDULED].sort();
/** Old revisions of task definitions stay in AWS. */
const DELETED = ALL.filter((address) => address !== TASK);
const SMOOTH = { missing: [], lost: [], rejected: [] };
const NONE = { created: [], updated: [], replaced: [], deleted: [] };

describeTerraform("a scheduled task", (lab) => {
  const start = async (first: () => EcsClusterStack) => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(first);
    return state;
  };
  const sorted = (addresses: readonly string[]) => [...addresses].sort();

  it("is added beside a service in one apply, and removed in one apply, without a change of the service", async () => {
    const state = await start(version());
    const added = await state.apply(version(nightly()));
    expect(added).toMatchObject({ ...SMOOTH, ...NONE, created: expect.anything() });
    expect(sorted(added.created)).toEqual(ALL);
    const removed = await state.apply(version());
    expect(removed).toMatchObject({ ...SMOOTH, ...NONE, deleted: expect.anything() });
    expect(sorted(removed.deleted)).toEqual(DELETED);
    await state.destroy();
  });

  it("gets another time, and stops for some time, in place", async () => {
    const state = await start(version(nightly()));
    for (const variables of [
      { nightly_schedule_expression: "cron(0 3 * * ? *)" },
      { nightly_schedule_enabled: false },
    ]) {
      const changed = await state.apply(version(nightly()), { variables });
      expect(changed).toMatchObject({ ...SMOOTH, ...NONE, updated: [SCHEDULE] });
    }
  });

  it("runs a new image from the next run on, which a service with the same image deploys", async () => {
    const state = await start(version(nightly()));
    const changed = await state.apply(version(nightly()), { variables: { app_image: "app:2" } });
    expect(changed).toMatchObject({ ...SMOOTH, deleted: [] });
    expect(sorted(changed.updated)).toEqual(["aws_ecs_service.web", SCHEDULE]);
    expect(changed.replaced).toEqual([]);
    expect(sorted(changed.created)).toEqual([TASK, "aws_ecs_task_definition.web_task_definition"]);
  });

  it("gets another name in one apply. The schedule with the new name exists before the old one is deleted", async () => {
    const state = await start(version(nightly()));
    const renamed = await state.apply(version(nightly({ name: "report" })));
    expect(renamed).toMatchObject({ ...SMOOTH, deleted: [] });
    expect(renamed.replaced).toContain(SCHEDULE);
    const own = renamed.operations.filter((one) => renamed.addressOf(one) === SCHEDULE);
    expect(own.map(({ operation }) => operation)).toEqual(["create", "delete"]);
  });

  it("gets another id in one apply, which is another task", async () => {
    const state = await start(version(nightly()));
    const renamed = await state.apply(version(nightly({}, "report")));
    expect(renamed).toMatchObject({ ...SMOOTH, updated: [], replaced: [] });
    expect(sorted(renamed.deleted)).toEqual(DELETED);
    expect(sorted(renamed.created)).toEqual(ALL.map((address) => address.replace("nightly", "report")));
  });

  it("loses its dead-letter queue after the schedule and the role no longer use it, and gets it back", async () => {
    const state = await start(version(nightly()));
    const without = await state.apply(version(nightly({ deadLetterQueue: false })));
    expect(without).toMatchObject({ ...SMOOTH, created: [], replaced: [] });
    expect(sorted(without.deleted)).toEqual(["aws_cloudwatch_metric_alarm.nightly_dead_letters", QUEUE]);
    expect(sorted(without.updated)).toEqual(["aws_iam_role_policy.nightly_scheduler_role_policy", SCHEDULE]);
    const again = await state.apply(version(nightly()));
    expect(sorted(again.created)).toEqual(["aws_cloudwatch_metric_alarm.nightly_dead_letters", QUEUE]);
  });

  it("becomes a one-off task, and a one-off task becomes scheduled, with the same task definition", async () => {
    const state = await start(version(nightly()));
    const byHand = version((stack, image) => {
      new OneOffTask(stack, "nightly", { cluster: stack, image });
    });
    const without = await state.apply(byHand);
    expect(without).toMatchObject({ ...SMOOTH, created: [], updated: [], replaced: [] });
    expect(sorted(without.deleted)).toEqual([...SCHEDULED].sort());
    const again = await state.apply(version(nightly()));
    expect(sorted(again.created)).toEqual([...SCHEDULED].sort());
  });

  it("goes with the rest of the stack in one destroy", async () => {
    const state = await start(version(nightly()));
    await state.destroy();
  });
});
