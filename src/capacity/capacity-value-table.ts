import type { AmiFamily } from "../instances/ami-family";
import type { CapacityValues } from "../stacks/cluster-values";
import type { ValueDefinition } from "../validation/value-definition";
import {
  amiVersionRule,
  desiredSizeRules,
  instanceTypesRules,
  LIMITS,
  maxSizeRules,
  rootVolumeRule,
  sizeRule,
} from "../validation/values";
import { singleTypeRule } from "./capacity-rules";
import { CAPACITY_VALUE_DEFAULTS, MAIN_CAPACITY, prefixOf } from "./capacity-settings";

/** What decides which variables a capacity has. */
export interface CapacityConditions {
  readonly name: string;
  readonly amiFamily: AmiFamily;
  readonly values?: CapacityValues;
  /** Choose the types, so that there is no variable of them. */
  readonly instanceRequirements?: object;
  /** A pool has one type. */
  readonly warmPool?: object;
}

/** The variables of one capacity, by the names that their values have in TypeScript. */
export type CapacityValueTable = Partial<Record<keyof CapacityValues, ValueDefinition>>;

/** The variables of one capacity; all but main's start with its name. */
export function capacityValueTable({
  name,
  amiFamily,
  instanceRequirements,
  warmPool,
}: CapacityConditions): CapacityValueTable {
  const prefix = prefixOf(name);
  const of = name === MAIN_CAPACITY ? "" : ` Of the capacity provider ${name}.`;
  return {
    ...(instanceRequirements
      ? {}
      : {
          instanceTypes: {
            name: `${prefix}instance_types`,
            type: "list(string)",
            description: `The instance types, in order of preference, all of one architecture. The AMI follows them.${of}`,
            default: CAPACITY_VALUE_DEFAULTS.instanceTypes,
            rules: warmPool ? [...instanceTypesRules, singleTypeRule] : instanceTypesRules,
          },
        }),
    minSize: {
      name: `${prefix}min_size`,
      type: "number",
      description: `The fewest instances that the group keeps.${of}`,
      default: CAPACITY_VALUE_DEFAULTS.minSize,
      rules: [sizeRule],
    },
    maxSize: {
      name: `${prefix}max_size`,
      type: "number",
      description: `The most instances that managed scaling may start.${of}`,
      default: CAPACITY_VALUE_DEFAULTS.maxSize,
      rules: maxSizeRules(prefix),
    },
    desiredSize: {
      name: `${prefix}desired_size`,
      type: "number",
      description: `The instances to start with; null means min_size. Managed scaling decides afterwards.${of}`,
      default: null,
      nullable: true,
      rules: desiredSizeRules(prefix),
    },
    rootVolumeGib: {
      name: `${prefix}root_volume_gib`,
      type: "number",
      description: `The size of each instance's volume for images and containers, in GiB. At least ${LIMITS.rootVolumeGib.min}.${of}`,
      default: CAPACITY_VALUE_DEFAULTS.rootVolumeGib,
      rules: [rootVolumeRule],
    },
    amiVersion: {
      name: `${prefix}ami_version`,
      type: "string",
      description: `The ECS-optimized AMI: recommended, which is looked up at each plan, or a published version to pin.${of}`,
      default: CAPACITY_VALUE_DEFAULTS.amiVersion,
      rules: [amiVersionRule(amiFamily)],
    },
  };
}
