import type { AgentOptions } from "../instances/agent-options";
import type { AmiFamily } from "../instances/ami-family";
import type { BottlerocketSettings } from "../instances/bottlerocket";
import type { InstanceRequirementsSettings } from "../instances/instance-selection";
import type { InstanceVolume } from "../instances/volumes";
import type { CapacityValues } from "../stacks/cluster-values";
import type { GroupSettings } from "./group-settings";
import type { InstancesDistribution } from "./instances-distribution";
import type { PlacementGroupStrategy } from "./placement-rules";

/** Structure of one capacity. At the top of the settings it is what each capacity has that says nothing else. */
export interface CapacitySettings extends GroupSettings {
  /** The ECS-optimized AMI. @default "amazon-linux-2023" */
  readonly amiFamily?: AmiFamily;
  /** Buy Spot capacity only; the agent then drains on an interruption notice. @default false: on-demand only */
  readonly spot?: boolean;
  /** How much is bought on demand and how much on the Spot market. @default - all on demand; with `spot`, nothing */
  readonly instancesDistribution?: InstancesDistribution;
  /** Replace a Spot instance when it is likely to be interrupted, before the notice comes. @default - where Spot is bought */
  readonly capacityRebalance?: boolean;
  /** Which instance types by what they have, in place of the variable `instance_types`. @default - types by name */
  readonly instanceRequirements?: InstanceRequirementsSettings;
  /** Options of the ECS agent. @default - the agent's own */
  readonly agent?: AgentOptions;
  /** What only Bottlerocket has: the admin container, and further settings. @default - the admin container and nothing else */
  readonly bottlerocket?: BottlerocketSettings;
  /** Shell lines appended to the user data. Not with Bottlerocket. @default - none */
  readonly extraUserData?: readonly string[];
  /** Further volumes of each instance, by a name of your own. Not with Bottlerocket. @default - none */
  readonly volumes?: Readonly<Record<string, InstanceVolume>>;
  /** Where AWS puts the instances: `cluster` close together, so in one zone, `spread` on hardware of their own, at most 7 a zone, `partition` in groups that share none. @default - wherever there is room */
  readonly placementGroup?: PlacementGroupStrategy;
  /** With `placementGroup: "partition"`: into how many groups, 1 to 7. @default 2 */
  readonly partitionCount?: number;
  /** Measure the instances each minute instead of every five, for a price. @default false */
  readonly detailedMonitoring?: boolean;
  /** The utilization that managed scaling aims at, in percent, 1 to 100. @default 100 */
  readonly targetCapacity?: number;
  /** Keep instances that run tasks from being scaled in. `destroy` takes them down all the same. @default false */
  readonly terminationProtection?: boolean;
}

/** One of several capacity providers; what it leaves out is as the stack's own settings say. `agent` adds to the stack's. */
export interface CapacityProviderSettings extends CapacitySettings {
  /** Defaults of its variables, which start with its name: `arm_instance_types`. Those of `main` are among the stack's. @default - each variable's own default */
  readonly values?: CapacityValues;
}

/** One part of the cluster's default strategy. */
export interface DefaultStrategyItem {
  /** The provider's name in `capacityProviders`. */
  readonly capacityProvider: string;
  /** The tasks of a service that it runs before weights count, 0 to 100000; one part of a strategy may have one. @default 0 */
  readonly base?: number;
  /** Its share of the tasks beyond the base, relative to the other weights, 0 to 1000. @default 1 */
  readonly weight?: number;
}

/** What decides how many capacities there are. */
export interface CapacityProvidersSettings extends CapacitySettings {
  /** Several capacity providers by name, each with its own group, image, variables and addresses. `main` is the one that a stack without this setting has. @default - `main` alone */
  readonly capacityProviders?: Readonly<Record<string, CapacityProviderSettings>>;
  /** How ECS spreads tasks over the providers where a service names none. At most 20. @default - every provider with weight 1 */
  readonly defaultStrategy?: readonly DefaultStrategyItem[];
}

/** The capacity of a stack without `capacityProviders`: its variables, names and addresses have no prefix. */
export const MAIN_CAPACITY = "main";

/** What the names of a capacity's variables, outputs and addresses start with. */
export const prefixOf = (name: string): string => (name === MAIN_CAPACITY ? "" : `${name}_`);

/** Settings without a default of their own: what is undefined is not there. */
export const OPTIONAL_CAPACITY_SETTINGS = [
  "instancesDistribution",
  "capacityRebalance",
  "instanceRequirements",
  "managedScaling",
  "instanceRefresh",
  "maxInstanceLifetimeDays",
  "schedules",
  "warmPool",
  "lifecycleHooks",
  "bottlerocket",
  "volumes",
  "placementGroup",
  "partitionCount",
] as const;

export type OptionalCapacitySetting = (typeof OPTIONAL_CAPACITY_SETTINGS)[number];

/** Each capacity setting's default, once. */
export const CAPACITY_DEFAULTS = {
  amiFamily: "amazon-linux-2023",
  spot: false,
  agent: {},
  extraUserData: [],
  targetCapacity: 100,
  terminationProtection: false,
  detailedMonitoring: false,
} as const satisfies CapacitySettings;

/** The default of each capacity value that has one, once. */
export const CAPACITY_VALUE_DEFAULTS = {
  instanceTypes: ["t3.small"],
  minSize: 1,
  maxSize: 2,
  rootVolumeGib: 30,
  amiVersion: "recommended",
} as const satisfies CapacityValues;
