import { suggestion } from "../validation/problem";
import { matches, matchesNot, wholeNumber } from "../validation/rule";
import { list, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known, Limit } from "../validation/settings-rule";

/** One part of a capacity provider strategy: a share of the tasks for one capacity provider. */
export interface DefaultStrategyItem {
  /** The name of the capacity provider in `capacityProviders`. */
  readonly capacityProvider: string;
  /** The tasks of a service that it runs before weights count. Only one part of a strategy can have a base. @default 0 */
  readonly base?: number;
  /** Its share of the tasks beyond the base, relative to the other weights. @default 1 */
  readonly weight?: number;
}

/** The name of an existing capacity provider in AWS. */
export const capacityProviderReferenceRules = [
  matches(
    "^[A-Za-z0-9_-]{1,255}$",
    "have 1 to 255 letters, digits, hyphens and underscores",
    "Use the name of a capacity provider.",
  ),
  matchesNot(
    "^FARGATE(_SPOT)?$",
    "name a capacity provider of instances",
    "Tasks in bridge mode run only on instances. Use a capacity provider of the cluster.",
  ),
];

type Strategy = readonly DefaultStrategyItem[];
const names = (strategy: Strategy) => strategy.map(({ capacityProvider }) => capacityProvider);
const repeated = (strategy: Strategy) =>
  names(strategy).filter((name, index, all) => name !== undefined && all.indexOf(name) < index);
const withBase = (strategy: Strategy) => strategy.filter(({ base = 0 }) => base > 0);

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
const MOST_PROVIDERS = 20;
const limits: readonly Limit<Strategy>[] = [
  {
    must: `have 1 to ${MOST_PROVIDERS} capacity providers`,
    fix: "Remove the setting for the default.",
    check: ({ length }) => length >= 1 && length <= MOST_PROVIDERS,
    offending: { of: ({ length }) => length },
  },
  {
    must: "name each capacity provider once",
    fix: "Combine the parts with the same name, and add their weights.",
    check: (strategy) => repeated(strategy).length === 0,
    offending: { of: repeated },
  },
  {
    must: "have at most one base",
    fix: "ECS accepts one base in a strategy. Remove the others.",
    check: (strategy) => withBase(strategy).length <= 1,
    offending: { of: (strategy) => names(withBase(strategy)) },
  },
  {
    must: "have at least one weight above 0",
    fix: "Otherwise ECS starts no task beyond the base. Set the weight of one capacity provider to 1.",
    check: (strategy) => strategy.length === 0 || strategy.some(({ weight = 1 }) => weight !== 0),
    offending: { of: (strategy) => strategy.map(({ weight = 1 }) => weight) },
  },
];

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
export const defaultStrategyItemSchema = schemaOf<DefaultStrategyItem>()({
  capacityProvider: plain(string()),
  base: number(wholeNumber(0, 100_000, "tasks", "For example 1.")).default(0),
  weight: number(wholeNumber(0, 1_000, "", "For example 1.")).default(1),
});

/** The field of a strategy that names capacity providers by their keys in `capacityProviders`. */
export const defaultStrategyField = list(defaultStrategyItemSchema, ...limits);

export const capacityProviderStrategySchema = schemaOf<DefaultStrategyItem>()({
  ...defaultStrategyItemSchema.shape,
  capacityProvider: string(...capacityProviderReferenceRules),
});

/** The field of a strategy that names capacity providers by their names in AWS, which can be tokens. */
export const capacityProviderStrategyField = list(capacityProviderStrategySchema, ...limits);

/**
 * The number of capacity providers of a cluster.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
export const capacityProviderCountLimit: Limit<object> = {
  must: `have 1 to ${MOST_PROVIDERS} capacity providers`,
  fix: `A cluster has at most ${MOST_PROVIDERS}.`,
  check: (providers) => Object.keys(providers).length >= 1 && Object.keys(providers).length <= MOST_PROVIDERS,
  offending: { of: (providers) => Object.keys(providers).length },
};

/** A strategy names only capacity providers that exist. */
export function* strategyNamesProviders(
  strategy: Known<readonly DefaultStrategyItem[]> = [],
  capacityProviders: object = {},
): Findings<{ readonly defaultStrategy?: unknown }> {
  const known = Object.keys(capacityProviders);
  for (const [index, item] of strategy.entries()) {
    const name = item?.capacityProvider;
    if (name === undefined || known.length === 0 || known.includes(name)) continue;
    const fix = suggestion(name, known, "capacity providers");
    yield { at: ["defaultStrategy", index, "capacityProvider"], must: "be a name in capacityProviders", fix };
  }
}
