import { CAPACITY_LIMITS, providerReferenceRules } from "../capacity/capacity-rules";
import { isToken, propMistakes } from "../validation/check-props";
import { wholeNumber } from "../validation/rule";
import { placementFieldRules, SERVICE_LIMITS } from "./service-rules";

/** How ECS chooses the instance for a task. */
export interface PlacementStrategy {
  readonly type: "spread" | "binpack" | "random";
  /** `attribute:ecs.availability-zone`, `instanceId` and the like for spread, `cpu` or `memory` for binpack. @default - none, with random */
  readonly field?: string;
}

/** Which instances a task may run on. */
export interface PlacementConstraint {
  readonly type: "distinctInstance" | "memberOf";
  /** In the cluster query language, with memberOf: `attribute:ecs.instance-type =~ t3.*`. */
  readonly expression?: string;
}

/** A share of the tasks for a capacity provider. */
export interface CapacityProviderStrategy {
  /** Its name in the stack's `capacityProviders`, or in AWS. */
  readonly capacityProvider: string;
  /** 0 to 1000. @default 1 */
  readonly weight?: number;
  /** Tasks that it gets before any share is counted. @default 0 */
  readonly base?: number;
}

/** What ECS looks at when it spreads over zones. */
const ZONE = "attribute:ecs.availability-zone";

/**
 * Whether ECS moves tasks when zones have become uneven. It refuses that where a deployment may not start a task more,
 * and where placement goes by something else first or by zones itself, so it is said each time.
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

/** Every way in which placement strategies and constraints break a rule. */
export function placementMistakes(
  strategies: readonly PlacementStrategy[] = [],
  constraints: readonly PlacementConstraint[] = [],
): string[] {
  const mistakes = propMistakes(
    Object.fromEntries(
      strategies.map(({ field }, index) => [`placementStrategies.${index}.field`, [field, placementFieldRules]]),
    ),
  );
  const { placementStrategies, placementConstraints, placementExpression } = SERVICE_LIMITS;
  if (strategies.length > placementStrategies) {
    mistakes.push(
      `placementStrategies must be at most ${placementStrategies}; received ${strategies.length}. Keep those that matter most, in order.`,
    );
  }
  if (constraints.length > placementConstraints) {
    mistakes.push(
      `placementConstraints must be at most ${placementConstraints}; received ${constraints.length}. Join expressions with "and" or "or".`,
    );
  }
  for (const [index, { type, field }] of strategies.entries()) {
    if (type === "random" && field !== undefined) {
      mistakes.push(
        `placementStrategies.${index}.field must be left out with random; received ${JSON.stringify(field)}. Random looks at nothing.`,
      );
    }
    if (type !== "random" && field === undefined) {
      mistakes.push(
        `placementStrategies.${index}.field must be given with ${type}; received nothing. For example ${type === "spread" ? '"attribute:ecs.availability-zone"' : '"memory"'}.`,
      );
    }
    if (type === "binpack" && field !== undefined && field !== "cpu" && field !== "memory") {
      mistakes.push(
        `placementStrategies.${index}.field must be cpu or memory with binpack; received ${JSON.stringify(field)}. Spread goes by other fields.`,
      );
    }
  }
  for (const [index, { type, expression }] of constraints.entries()) {
    if (expression !== undefined && !isToken(expression) && expression.length > placementExpression) {
      mistakes.push(
        `placementConstraints.${index}.expression must be at most ${placementExpression} characters; received ${expression.length}. Give the instances an attribute of your own (instanceAttributes), and name that.`,
      );
    }
    if ((type === "memberOf") !== (expression !== undefined)) {
      mistakes.push(
        `placementConstraints.${index}.expression must ${type === "memberOf" ? "be given with memberOf" : "be left out with distinctInstance"}; received ${JSON.stringify(expression) ?? "nothing"}. memberOf takes one like "attribute:ecs.instance-type =~ t3.*".`,
      );
    }
  }
  return mistakes;
}

/** Every way in which shares of capacity providers break a rule. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
export function strategyMistakes(strategies: readonly CapacityProviderStrategy[] | undefined): string[] {
  if (!strategies) return [];
  const { weight: heaviest, base: largest, providersPerStrategy } = CAPACITY_LIMITS;
  const weightRules = [wholeNumber(0, heaviest, "", "1 is the default.")];
  const baseRules = [wholeNumber(0, largest, "tasks", "0 is the default.")];
  const mistakes = propMistakes(
    Object.fromEntries(
      strategies.flatMap(({ capacityProvider, weight, base }, index) => [
        [`capacityProviderStrategies.${index}.capacityProvider`, [capacityProvider, providerReferenceRules]],
        [`capacityProviderStrategies.${index}.weight`, [weight, weightRules]],
        [`capacityProviderStrategies.${index}.base`, [base, baseRules]],
      ]),
    ),
  );
  if (strategies.length < 1 || strategies.length > providersPerStrategy) {
    mistakes.push(
      `capacityProviderStrategies must be 1 to ${providersPerStrategy}; received ${strategies.length}. Leave it out for the cluster's own capacity provider.`,
    );
  }
  const names = strategies.map(({ capacityProvider }) => capacityProvider);
  for (const twice of new Set(names.filter((name, index) => !isToken(name) && names.indexOf(name) !== index))) {
    mistakes.push(
      `capacityProviderStrategies must name each capacity provider once; received ${JSON.stringify(twice)} twice. Add up their weights.`,
    );
  }
  for (const fargate of new Set(names.filter((name) => name === "FARGATE" || name === "FARGATE_SPOT"))) {
    mistakes.push(
      `capacityProviderStrategies must name providers of instances; received ${JSON.stringify(fargate)}. Tasks in bridge mode run on instances only: name one of the cluster's own.`,
    );
  }
  if (strategies.filter(({ base = 0 }) => base !== 0).length > 1) {
    mistakes.push(
      `capacityProviderStrategies must have a base once; received ${JSON.stringify(strategies.map(({ base = 0 }) => base))}. Keep the one whose tasks come first.`,
    );
  }
  if (strategies.length > 0 && strategies.every(({ weight = 1 }) => weight === 0)) {
    mistakes.push(
      "capacityProviderStrategies must have a weight over 0; received 0 for each. With no weight at all ECS places no task.",
    );
  }
  return mistakes;
}
