import type { Samples } from "../area";

const memberOf = { type: "memberOf", expression: "attribute:ecs.instance-type =~ t3.*" } as const;
const topicArn = (name: string) => `arn:aws:sns:ap-northeast-2:111122223333:${name}`;
const shares = { capacityProviderStrategies: [{ capacityProvider: "main" }] };
const overrides = { overrides: { job: {} }, name: "job" };

/** Changes of the settings of `ScheduledTask` that a service does not have. */
export const SCHEDULED_TASK_SAMPLES: Samples = {
  cluster: { never: "A cluster is another construct, whose settings have their own changes." },
  name: { from: "before", to: "after" },
  taskCount: { to: 2 },
  placementStrategies: { to: [{ type: "random" }] },
  "placementStrategies[].type": { with: { placementStrategies: [{ field: "memory" }] }, from: "binpack", to: "spread" },
  "placementStrategies[].field": { with: { placementStrategies: [{ type: "binpack" }] }, from: "memory", to: "cpu" },
  placementConstraints: { to: [memberOf] },
  "placementConstraints[].type": {
    with: { placementConstraints: [{}] },
    ...{ from: "distinctInstance", to: "memberOf", also: { placementConstraints: [memberOf] } },
  },
  "placementConstraints[].expression": {
    with: { placementConstraints: [memberOf] },
    ...{ from: memberOf.expression, to: "attribute:ecs.instance-type =~ t3a.*" },
  },
  capacityProviderStrategies: { to: [{ capacityProvider: "other" }] },
  "capacityProviderStrategies[].capacityProvider": { from: "main", to: "other" },
  "capacityProviderStrategies[].base": { with: shares, to: 1 },
  "capacityProviderStrategies[].weight": { with: shares, from: 1, to: 2 },
  group: { to: "reports" },
  overrides: { with: { name: "override" }, to: { override: { command: ["report"] } } },
  "overrides.*.command": { with: overrides, to: ["report"] },
  "overrides.*.environment": { with: { ...overrides, name: "other", overrides: { other: {} } }, to: { DAY: "monday" } },
  capacityGuards: { to: false },
  alarmTopicArn: { to: topicArn("jobs") },
  scheduleExpression: { variable: "ID_schedule_expression", from: "rate(1 day)", to: "cron(0 3 * * ? *)" },
  timeZone: { to: "Asia/Seoul" },
  flexibleTimeWindowMinutes: { to: 15 },
  enabled: { variable: "ID_schedule_enabled", from: true, to: false },
  startDate: { to: "2027-01-01T00:00:00Z" },
  endDate: { to: "2028-01-01T00:00:00Z" },
  scheduleGroup: { to: "default" },
  maximumRetryAttempts: { to: 3 },
  maximumEventAgeSeconds: { to: 600 },
  deadLetterQueue: { to: false },
  schedulerRole: { to: "arn:aws:iam::111122223333:role/scheduler" },
};
