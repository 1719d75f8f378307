import { matchesNot } from "../validation/rule";
import { choice, list, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { isToken } from "../validation/token";

/** How ECS chooses the instance for a task. */
export interface PlacementStrategy {
  /** `spread` distributes tasks evenly over the values of `field`. `binpack` fills one instance before the next. */
  readonly type: "spread" | "binpack" | "random";
  /** With `spread`, for example `attribute:ecs.availability-zone` or `instanceId`. With `binpack`, `cpu` or `memory`. @default - none, with `random` */
  readonly field?: string;
}

const fieldName = matchesNot(
  "[\\x00-\\x20]|^$",
  "be the name of a field",
  'For example "attribute:ecs.availability-zone" or "memory".',
);

export const placementStrategySchema = schemaOf<PlacementStrategy>()(
  { type: choice("spread", "binpack", "random"), field: string(fieldName).optional() },
  fieldFitsType,
);

function* fieldFitsType(
  { type, field }: Known<PlacementStrategy>,
  given: Given<PlacementStrategy>,
): Findings<PlacementStrategy> {
  if (type === "random" && given("field")) {
    yield { at: "field", must: "not be set with random", fix: "Remove it: random does not use a field." };
  } else if ((type === "spread" || type === "binpack") && !given("field")) {
    const example = type === "spread" ? ZONE : "memory";
    yield { at: "field", must: `be set with ${type}`, fix: `For example "${example}".` };
  } else if (type === "binpack" && field !== undefined && field !== "cpu" && field !== "memory") {
    yield {
      at: "field",
      must: "be cpu or memory with binpack",
      fix: "Use cpu or memory. Only spread uses other fields.",
    };
  }
}

/** Which instances a task can run on. */
export interface PlacementConstraint {
  /** `distinctInstance` runs each task on an instance of its own. `memberOf` uses instances that match `expression`. */
  readonly type: "distinctInstance" | "memberOf";
  /**
   * An expression of the cluster query language, with `memberOf`: `attribute:ecs.instance-type =~ t3.*`.
   * @default - none, with `distinctInstance`
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
   */
  readonly expression?: string;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementConstraint.html */
const shortEnough: Limit<string> = {
  must: "have at most 2000 characters",
  fix: "Give the instances an attribute (instanceAttributes), and use it in the expression.",
  check: (expression) => expression.length <= 2000,
};

export const placementConstraintSchema = schemaOf<PlacementConstraint>()(
  { type: choice("distinctInstance", "memberOf"), expression: string(shortEnough).optional() },
  expressionFitsType,
);

function* expressionFitsType(
  { type }: Known<PlacementConstraint>,
  given: Given<PlacementConstraint>,
): Findings<PlacementConstraint> {
  if (type === undefined || (type === "memberOf") === given("expression")) return;
  yield type === "memberOf"
    ? { at: "expression", must: "be set with memberOf", fix: 'For example "attribute:ecs.instance-type =~ t3.*".' }
    : { at: "expression", must: "not be set with distinctInstance", fix: "Remove it, or set type to memberOf." };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
const atMost = (count: number, fix: string): Limit<readonly unknown[]> => ({
  must: `have at most ${count} elements`,
  fix,
  check: (elements) => elements.length <= count,
  offending: { of: (elements) => elements.length },
});

/** The field of a service's placement strategies. */
export const placementStrategiesField = list(
  placementStrategySchema,
  atMost(5, "Keep the most important ones. ECS applies them in order."),
);

/** The field of a service's placement constraints. */
export const placementConstraintsField = list(
  placementConstraintSchema,
  atMost(10, 'Join expressions with "and" or "or".'),
);

/** The field that ECS spreads over Availability Zones by. */
const ZONE = "attribute:ecs.availability-zone";

/** Tasks are spread over Availability Zones. In each zone an instance is filled before the next. */
export const DEFAULT_PLACEMENT: readonly PlacementStrategy[] = [
  { type: "spread", field: ZONE },
  { type: "binpack", field: "memory" },
];

/**
 * Returns whether ECS moves tasks when the Availability Zones have become uneven. ECS rejects this for a service that
 * cannot start an additional task, or whose placement uses zones in another way. The argument is always set: without it,
 * AWS chooses.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
 */
export function zoneRebalancing(service: {
  readonly maximumPercent: number;
  readonly strategies: readonly PlacementStrategy[];
  readonly constraints?: readonly PlacementConstraint[];
}): "ENABLED" | "DISABLED" {
  const { maximumPercent, strategies, constraints = [] } = service;
  const [first = { type: "spread", field: ZONE }] = strategies;
  const possible =
    !isToken(maximumPercent) &&
    maximumPercent > 100 &&
    first.type === "spread" &&
    first.field === ZONE &&
    !constraints.some(({ expression = "" }) => expression.includes(ZONE));
  return possible ? "ENABLED" : "DISABLED";
}
