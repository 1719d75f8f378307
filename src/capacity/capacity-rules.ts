import { volumeMistakes } from "../instances/volumes";
import { distinctElements, each, matches, matchesNot, type Rule } from "../validation/rule";
import { suggestion } from "../validation/zod-mistakes";
import {
  type CapacityProvidersSettings,
  type CapacitySettings,
  type DefaultStrategyItem,
  MAIN_CAPACITY,
} from "./capacity-settings";
import { groupMistakes } from "./group-rules";
import { buyingMistakes } from "./instances-distribution";
import { placementMistakes } from "./placement-rules";

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const GROUPS_PER_INTERFACE = 5;

/** Limits of ECS and of EC2 Auto Scaling that settings are held against, each once. */
export const CAPACITY_LIMITS = {
  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
  providersPerCluster: 20,
  /** Instances of a cluster, of all its groups together. */
  instancesPerCluster: 5_000,
  /** 6 in what ECS said formerly. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
  providersPerStrategy: 20,
  /** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
  base: 100_000,
  weight: 1_000,
  /** Percent. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ManagedScaling.html */
  targetCapacity: { min: 1, max: 100 },
  /** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRequirements.html */
  excludedInstanceTypes: 400,
  /** One is the stack's own. */
  extraSecurityGroups: GROUPS_PER_INTERFACE - 1,
} as const;

/** What a capacity provider may be called among the settings. */
export const PROVIDER_NAME = /^[a-z][a-z0-9]{0,15}$/;

/** What a provider's name in AWS holds. */
export const providerReferenceRules = [
  matches(
    "^[A-Za-z0-9_-]{1,255}$",
    "hold 1 to 255 letters, digits, hyphens and underscores",
    "ECS takes nothing else.",
  ),
];

/** What it may be called in AWS. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html */
export const providerNameRules = [
  matchesNot(
    "^([aA][wW][sS]|[eE][cC][sS]|[fF][aA][rR][gG][aA][tT][eE])",
    "not start with aws, ecs or fargate",
    "ECS keeps those names; put cp- before it.",
  ),
  ...providerReferenceRules,
];

/**
 * AWS refuses a warm pool beside a mixed instances policy, by the page of PutWarmPool up to 2025; what has become of that
 * since isn't said. https://docs.amazonaws.cn/cli/latest/reference/autoscaling/put-warm-pool.html
 */
export const singleTypeRule: Rule<readonly string[]> = {
  must: "hold a single type, since there is a warm pool",
  fix: "Keep the preferred one, or leave warmPool out.",
  check: (value) => value.length <= 1,
  condition: (reference) => `length(${reference}) <= 1`,
};

/** Every way in which the capacity providers' names, and what only some of them may say, break a rule. */
export function providerMistakes({ capacityProviders }: CapacityProvidersSettings): string[] {
  if (!capacityProviders) return [];
  const names = Object.keys(capacityProviders);
  const { providersPerCluster } = CAPACITY_LIMITS;
  const mistakes = names
    .filter((name) => !PROVIDER_NAME.test(name))
    .map(
      (name) =>
        `capacityProviders must be named with 1 to 16 lower-case letters and digits, a letter first; received ${JSON.stringify(name)}. The name is part of variables, addresses and names in AWS: for example arm.`,
    );
  if (names.length === 0 || names.length > providersPerCluster) {
    mistakes.push(
      `capacityProviders must be 1 to ${providersPerCluster}, which is what a cluster takes; received ${names.length}. Leave the setting out for a single one.`,
    );
  }
  const values = capacityProviders[MAIN_CAPACITY]?.values;
  if (values) {
    mistakes.push(
      `capacityProviders.main.values must be left out; received ${JSON.stringify(values)}. The variables of main have no prefix: write them in the stack's own values.`,
    );
  }
  return mistakes;
}

/** Every way in which a default strategy breaks ECS's rules. @param names the providers there are */
export function strategyMistakes(strategy: readonly DefaultStrategyItem[], names: readonly string[]): string[] {
  const { providersPerStrategy } = CAPACITY_LIMITS;
  const received = (what: unknown) => `received ${JSON.stringify(what)}`;
  const mistakes: string[] = [];
  if (strategy.length === 0 || strategy.length > providersPerStrategy) {
    mistakes.push(
      `defaultStrategy must hold 1 to ${providersPerStrategy} capacity providers, which is ECS's limit; received ${strategy.length}. Name those that services use by default; a service can name others itself.`,
    );
  }
  strategy.forEach(({ capacityProvider }, index) => {
    if (!names.includes(capacityProvider)) {
      mistakes.push(
        `defaultStrategy.${index}.capacityProvider must be a name in capacityProviders; ${received(capacityProvider)}. ${suggestion(capacityProvider, names)}`,
      );
    } else if (strategy.findIndex((item) => item.capacityProvider === capacityProvider) < index) {
      mistakes.push(
        `defaultStrategy.${index}.capacityProvider must be there once; ${received(capacityProvider)} again. Add the weights up in one part.`,
      );
    }
  });
  const bases = strategy.filter(({ base = 0 }) => base > 0);
  if (bases.length > 1) {
    mistakes.push(
      `defaultStrategy must have one base at most, since ECS fills one provider first; ${received(Object.fromEntries(bases.map(({ capacityProvider, base }) => [capacityProvider, base])))}. Keep the base of the provider whose instances stay.`,
    );
  }
  if (strategy.length > 0 && strategy.every(({ weight = 1 }) => weight === 0)) {
    mistakes.push(
      `defaultStrategy must have a weight over 0, or ECS starts no task beyond the base; ${received(strategy.map(({ weight = 1 }) => weight))}. Give 1 to the provider that is to take the rest.`,
    );
  }
  return mistakes;
}

/** Every way in which the settings of one capacity break a rule. @param at the name of a setting where it was given */
export function capacityMistakes(
  capacity: CapacitySettings,
  at: (setting: keyof CapacitySettings) => string,
): string[] {
  return [
    ...buyingMistakes(capacity, at),
    ...groupMistakes(capacity, at),
    ...requirementsMistakes(capacity, at("instanceRequirements")),
    ...placementMistakes(capacity, capacity.instanceRequirements, at),
    ...volumesMistakes(capacity, at("volumes")),
  ];
}

function requirementsMistakes({ instanceRequirements }: CapacitySettings, at: string): string[] {
  if (!instanceRequirements) return [];
  const { excludedInstanceTypes = [], instanceGenerations, vCpuCount, memoryMiB } = instanceRequirements;
  const mistakes: string[] = [];
  for (const [name, { min, max }] of Object.entries({ vCpuCount, memoryMiB })) {
    if (max !== undefined && max < min) {
      mistakes.push(
        `${at}.${name}.max must be at least min; received ${JSON.stringify({ max, min })}. Raise it, or lower min.`,
      );
    }
  }
  if (instanceGenerations?.length === 0) {
    mistakes.push(`${at}.instanceGenerations must name one at least; received []. Leave it out for the current one.`);
  }
  const wrong = excludedInstanceTypes.filter((type) => !/^[a-z0-9.*-]{1,30}$/.test(type));
  if (wrong.length > 0) {
    mistakes.push(
      `${at}.excludedInstanceTypes must be types of at most 30 characters, with * for any text; received ${JSON.stringify(wrong)}. For example "m5.*".`,
    );
  }
  const { excludedInstanceTypes: most } = CAPACITY_LIMITS;
  if (excludedInstanceTypes.length > most) {
    mistakes.push(
      `${at}.excludedInstanceTypes must be at most ${most}; received ${excludedInstanceTypes.length}. Put * for what they have in common.`,
    );
  }
  return mistakes;
}

function volumesMistakes({ volumes, amiFamily }: CapacitySettings, at: string): string[] {
  if (!volumes) return [];
  if (amiFamily === "bottlerocket") {
    return [
      `${at} must be left out with bottlerocket, which has no shell to mount them; received ${JSON.stringify(volumes)}. Raise root_volume_gib, or choose amazon-linux-2023.`,
    ];
  }
  return volumeMistakes(volumes, at);
}

export const securityGroupIdsRules: readonly Rule<never>[] = [
  distinctElements(
    1,
    CAPACITY_LIMITS.extraSecurityGroups,
    "security groups",
    `A network interface takes ${GROUPS_PER_INTERFACE}, and one is the stack's own.`,
  ),
  each(
    matches(
      "^sg-[0-9a-f]{8,17}$",
      "be ids of security groups",
      "List those there are: aws ec2 describe-security-groups --query SecurityGroups[].GroupId",
    ),
  ),
];
