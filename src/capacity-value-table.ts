import type { AmiFamily } from "./ami-family";
import { singleTypeRule } from "./capacity-rules";
import { MAIN_CAPACITY, prefixOf } from "./capacity-settings";
import type { CapacityValues } from "./cluster-values";
import type { ValueDefinition } from "./value-definition";
import { amiVersionRule, desiredSizeRules, instanceTypesRules, maxSizeRules, rootVolumeRule, sizeRule } from "./values";

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
            default: ["t3.small"],
            rules: warmPool ? [...instanceTypesRules, singleTypeRule] : instanceTypesRules,
          },
        }),
    minSize: {
      name: `${prefix}min_size`,
      type: "number",
      description: `The fewest instances that the group keeps.${of}`,
      default: 1,
      rules: [sizeRule],
    },
    maxSize: {
      name: `${prefix}max_size`,
      type: "number",
      description: `The most instances that managed scaling may start.${of}`,
      default: 2,
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
      description: `The size of each instance's volume for images and containers, in GiB. At least 30.${of}`,
      default: 30,
      rules: [rootVolumeRule],
    },
    amiVersion: {
      name: `${prefix}ami_version`,
      type: "string",
      description: `The ECS-optimized AMI: recommended, which is looked up at each plan, or a published version to pin.${of}`,
      default: "recommended",
      rules: [amiVersionRule(amiFamily)],
    },
  };
}
