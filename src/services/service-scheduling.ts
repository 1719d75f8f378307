import type { EcsServiceCapacityProviderStrategy } from "@cdktf/provider-aws/lib/ecs-service";
import { capacityProviderStrategyField } from "../capacity/capacity-provider-strategy";
import type { TaskPlatform } from "../tasks/task-platform";
import { hcl, literal } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { wholeNumber } from "../validation/rule";
import { boolean, number, type Parsed, plain, schemaOf } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import {
  DEFAULT_PLACEMENT,
  type PlacementConstraint,
  type PlacementStrategy,
  placementConstraintsField,
  placementStrategiesField,
  zoneRebalancing,
} from "./placement";
import { type ServiceScalingSettings, serviceScalingSettingsSchema } from "./service-scaling";
import type { CapacityProviderStrategy } from "./service-strategy";

/** How many tasks of a service run, and on which instances. */
export interface ServiceScheduling {
  /** The number of tasks. With `scaling`, the number at the start. @default - 1, or `minCapacity` of `scaling` */
  readonly desiredCount?: number;
  /** How the number of tasks follows the load. @default - the number stays at `desiredCount` */
  readonly scaling?: ServiceScalingSettings;
  /**
   * Leave the number of tasks alone after the service exists, because something outside this app changes it.
   * @default - true with `scaling`, otherwise false: each apply sets `desiredCount`
   */
  readonly ignoreDesiredCount?: boolean;
  /** Run one task on each instance. @default false */
  readonly daemon?: boolean;
  /** Percent of the tasks that a deployment keeps running. @default - 50, or 0 for a daemon */
  readonly minimumHealthyPercent?: number;
  /** Percent of the tasks that can run during a deployment. @default - 200, or 100 for a daemon */
  readonly maximumPercent?: number;
  /** How ECS chooses instances for tasks, in order. @default - spread over Availability Zones, then fill instances by memory */
  readonly placementStrategies?: readonly PlacementStrategy[];
  /** The instances that tasks can run on. @default - all instances */
  readonly placementConstraints?: readonly PlacementConstraint[];
  /**
   * Shares of the tasks for capacity providers. A service with EFS volumes cannot use providers with Bottlerocket.
   * @default - the cluster's strategy, without the providers that cannot mount the service's volumes
   */
  readonly capacityProviderStrategies?: readonly CapacityProviderStrategy[];
}

const tasks = wholeNumber(0, 5000, "tasks", "For example 2.");
const minimum = wholeNumber(0, 100, "percent", "With 50, a deployment replaces half of the tasks at a time.");
const maximum = wholeNumber(100, 200, "percent", "With 200, a deployment starts new tasks before the old ones stop.");

export const serviceSchedulingSchema = schemaOf<ServiceScheduling>()(
  {
    desiredCount: number(tasks).optional(),
    scaling: serviceScalingSettingsSchema.optional(),
    ignoreDesiredCount: plain(boolean()).optional(),
    daemon: plain(boolean()).default(false),
    minimumHealthyPercent: number(minimum).optional(),
    maximumPercent: number(maximum).optional(),
    placementStrategies: placementStrategiesField.default(DEFAULT_PLACEMENT),
    placementConstraints: placementConstraintsField.optional(),
    capacityProviderStrategies: capacityProviderStrategyField.optional(),
  },
  desiredCountWithinScaling,
  scalingChangesCount,
  deploymentCanStart,
  settingsOfDaemon,
);

type Scheduling = Parsed<typeof serviceSchedulingSchema>;

const MINIMUM_PERCENT = 50;
const MAXIMUM_PERCENT = 200;

function* desiredCountWithinScaling({
  desiredCount: count,
  scaling,
}: Known<ServiceScheduling>): Findings<ServiceScheduling> {
  const { minCapacity: min, maxCapacity: max } = scaling ?? {};
  if (count === undefined || min === undefined || max === undefined || (count >= min && count <= max)) return;
  const must = `be from minCapacity to maxCapacity of scaling, which are ${min} and ${max}`;
  yield { at: "desiredCount", must, fix: "Remove it: scaling starts at minCapacity." };
}

/** Scaling changes the number of tasks. An apply that sets it again would undo that. */
function* scalingChangesCount(
  { ignoreDesiredCount }: Known<ServiceScheduling>,
  given: Given<ServiceScheduling>,
): Findings<ServiceScheduling> {
  if (ignoreDesiredCount !== false || !given("scaling")) return;
  const fix = "Remove it. Scaling changes the number of tasks, and an apply would set it back.";
  yield { at: "ignoreDesiredCount", must: "not be false with scaling", fix };
}

/** A deployment must be able to stop a task before it starts one, or to start one before it stops one. */
function* deploymentCanStart(
  settings: Known<ServiceScheduling>,
  given: Given<ServiceScheduling>,
): Findings<ServiceScheduling> {
  const { daemon, scaling, maximumPercent } = settings;
  const count =
    settings.desiredCount ?? (given("desiredCount") ? undefined : given("scaling") ? scaling?.minCapacity : 1);
  const percent = settings.minimumHealthyPercent ?? (given("minimumHealthyPercent") ? undefined : MINIMUM_PERCENT);
  if (daemon || count === undefined || percent === undefined || maximumPercent === undefined) return;
  const canStop = Math.ceil((count * percent) / 100) < count;
  const canStart = Math.floor((count * maximumPercent) / 100) > count;
  if (count === 0 || canStop || canStart) return;
  yield {
    at: "maximumPercent",
    must: "let a deployment stop or start a task",
    fix: `With a desiredCount of ${count} and a minimumHealthyPercent of ${percent}, ECS can do neither. Set it to 200, or lower minimumHealthyPercent.`,
  };
}

/** A daemon has one task on each instance and no strategy. https://github.com/aws/containers-roadmap/issues/692 */
function* settingsOfDaemon(
  settings: Known<ServiceScheduling>,
  given: Given<ServiceScheduling>,
): Findings<ServiceScheduling> {
  if (!settings.daemon) return;
  for (const at of [
    "desiredCount",
    "ignoreDesiredCount",
    "scaling",
    "placementStrategies",
    "capacityProviderStrategies",
  ] as const) {
    if (given(at))
      yield { at, must: "not be set with daemon", fix: "Remove it. A daemon runs one task on each instance." };
  }
  if (settings.maximumPercent !== undefined && settings.maximumPercent !== 100) {
    const fix = "Remove it: an instance never runs two tasks of a daemon.";
    yield { at: "maximumPercent", must: "be 100 with daemon", fix };
  }
  if (settings.minimumHealthyPercent === 100) {
    const fix = "Remove it: the old task of a daemon stops before the new one starts.";
    yield { at: "minimumHealthyPercent", must: "be below 100 with daemon", fix };
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
const MOST_CONSTRAINTS = 10;

/** ECS counts the constraints of the task definition and of the service together. */
export function* constraintsTogether({
  placementConstraints: own = [],
  taskPlacementConstraints: ofTask = [],
}: Known<ServiceScheduling & TaskPlatform>): Findings<TaskPlatform> {
  const count = own.length + ofTask.length;
  if (own.length === 0 || ofTask.length === 0 || count <= MOST_CONSTRAINTS) return;
  const must = `have at most ${MOST_CONSTRAINTS} elements together with placementConstraints`;
  yield { at: "taskPlacementConstraints", must, fix: 'Join expressions with "and" or "or".', received: count };
}

/** Returns the percentage of the tasks that a deployment keeps running. */
export const minimumPercent = ({ minimumHealthyPercent, daemon }: Scheduling): number =>
  minimumHealthyPercent ?? (daemon ? 0 : MINIMUM_PERCENT);

/** Returns the number of tasks at the start. */
export const initialCount = ({ desiredCount, scaling }: Scheduling): number =>
  desiredCount ?? scaling?.minCapacity ?? 1;

/** Returns the largest number of tasks, with the maximum of schedules. */
export function mostTasks(settings: Scheduling): number {
  const { scaling } = settings;
  if (!scaling) return initialCount(settings);
  const scheduled = Object.values(scaling.schedules).flatMap(({ maxCapacity }) => maxCapacity ?? []);
  const all = [scaling.maxCapacity, ...scheduled];
  if (scheduled.length === 0) return scaling.maxCapacity;
  return all.some(isToken) ? hcl`max(${all}...)`.number : Math.max(...all);
}

/** Returns the guard of a deployment that can start, for a number of tasks that only Terraform knows. */
export function deploymentGuards(name: string, settings: Scheduling): Guard[] {
  const { daemon, maximumPercent } = settings;
  const count = initialCount(settings);
  // With the default, a deployment can always start a task.
  if (daemon || maximumPercent === undefined || !isToken(count)) return [];
  const canStop = hcl`ceil(${count} * ${minimumPercent(settings)} / 100) < ${count}`;
  const canStart = hcl`floor(${count} * ${maximumPercent} / 100) > ${count}`;
  return [
    {
      condition: hcl`${count} == 0 || ${canStop} || ${canStart}`.string,
      errorMessage: `maximumPercent of ${name} must let a deployment stop or start a task; received ${hcl`${maximumPercent}`}. With ${hcl`${count}`} tasks and a minimumHealthyPercent of ${hcl`${minimumPercent(settings)}`}, ECS can do neither. Set it to 200, or lower minimumHealthyPercent.`,
    },
  ];
}

/** https://github.com/aws/containers-roadmap/issues/692 */
const DAEMON_SCHEDULING = {
  schedulingStrategy: "DAEMON",
  launchType: "EC2",
  availabilityZoneRebalancing: "DISABLED",
  deploymentMaximumPercent: 100,
} as const;

/** Returns how ECS schedules the tasks, as arguments of `aws_ecs_service`. */
export function schedulingOf(settings: Scheduling, strategy: readonly EcsServiceCapacityProviderStrategy[]) {
  const { daemon, placementConstraints } = settings;
  return {
    ...(daemon ? DAEMON_SCHEDULING : replicaScheduling(settings, strategy)),
    deploymentMinimumHealthyPercent: minimumPercent(settings),
    placementConstraints: placementConstraints?.map(({ type, expression }) => ({
      type,
      expression: expression === undefined ? undefined : literal(expression),
    })),
  };
}

function replicaScheduling(settings: Scheduling, strategy: readonly EcsServiceCapacityProviderStrategy[]) {
  const { placementStrategies, placementConstraints, maximumPercent = MAXIMUM_PERCENT } = settings;
  return {
    schedulingStrategy: "REPLICA",
    desiredCount: initialCount(settings),
    capacityProviderStrategy: [...strategy],
    orderedPlacementStrategy: placementStrategies.map(({ type, field }) => ({
      type,
      field: field === undefined ? undefined : literal(field),
    })),
    availabilityZoneRebalancing: zoneRebalancing({
      maximumPercent,
      strategies: placementStrategies,
      constraints: placementConstraints,
    }),
    deploymentMaximumPercent: maximumPercent,
  };
}
