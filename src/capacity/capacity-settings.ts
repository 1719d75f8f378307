import {
  AgentConfig,
  type AgentConfigProps,
  type AgentOptions,
  agentConfigPropsSchema,
  agentOptionsSchema,
  offeredLogDrivers,
  optionsOfFamily,
  portRangeOfFamily,
} from "../instances/agent-config";
import { allowsPrivilegedTasks } from "../instances/agent-variables";
import { AMI_FAMILY_TRAITS, type AmiFamily, amiFamilyField } from "../instances/ami-family";
import {
  allowsPrivilegedContainers,
  type BottlerocketSettings,
  bottlerocketSettingsSchema,
} from "../instances/bottlerocket";
import {
  type DockerDaemonOptions,
  dockerDaemonOptionsSchema,
  dockerLines,
  proxyVariables,
} from "../instances/docker-daemon";
import { amiVersionRule, imageOfAccelerators } from "../instances/ecs-optimized-image";
import { type InstanceOptions, instanceOptionsSchema, optionsWithRequirements } from "../instances/instance-options";
import { type InstanceRequirementsSettings, instanceRequirementsSchema } from "../instances/instance-selection";
import { type InstanceVolume, instanceVolumesField, mountLines } from "../instances/instance-volume";
import { type AmiFilter, amiFilterSchema } from "../instances/lookup-machine-image";
import { PRE_PULL_HOOK, prePulledImagesField, prePullLines } from "../instances/pre-pulled-images";
import { shellLinesField, userDataWithinLimits } from "../instances/user-data";
import { PortRange, type PortRangeProps, portRangeSchema } from "../network/port-range";
import { CLUSTER_NAME_LENGTH } from "../validation/aws-rules";
import {
  anyOf,
  boolean,
  choice,
  map,
  type Parsed,
  plain,
  schemaOf,
  withDefaults,
  withoutDefaults,
} from "../validation/schema";
import { type Finding, type Findings, findingsAt, type Given, type Known } from "../validation/settings-rule";
import { check } from "../validation/validate";
import { type GroupSettings, groupRules, groupSchema } from "./asg-capacity-provider";
import {
  capacityProviderCountLimit,
  type DefaultStrategyItem,
  defaultStrategyField,
  strategyNamesProviders,
} from "./capacity-provider-strategy";
import {
  type CapacityValues,
  capacityNameRule,
  capacityValuesSchema,
  MAIN_CAPACITY,
  singleTypeRule,
} from "./capacity-values";
import { usesSpot } from "./instances-distribution";

/** The structure of one capacity. The stack's settings apply to every capacity that does not set them itself. */
export interface CapacitySettings extends GroupSettings, InstanceOptions {
  /** The ECS-optimized AMI. @default "amazon-linux-2023" */
  readonly amiFamily?: AmiFamily;
  /**
   * `existing` adds the variable `ami_id` for an AMI of your own, in place of `ami_version`. A filter finds the newest AMI that
   * matches at each plan. The AMI is built from an ECS-optimized AMI of `amiFamily`, which decides how the agent is configured. For
   * types with GPUs or Neuron devices, it is built from the AMI with their drivers. Windows is not supported.
   * @default "ecs-optimized"
   */
  readonly ami?: "ecs-optimized" | "existing" | AmiFilter;
  /** Selects the instance types by what they have, in place of the variable `instance_types`. @default - types by name */
  readonly instanceRequirements?: InstanceRequirementsSettings;
  /** Options of the ECS agent. @default {} */
  readonly agent?: AgentOptions;
  /** Settings of Bottlerocket instances. @default - only the admin container */
  readonly bottlerocket?: BottlerocketSettings;
  /**
   * Shell lines at the end of the user data. They run before the ECS agent starts. When one fails, the instance still joins
   * the cluster. Bottlerocket has no shell and rejects them.
   * @default []
   */
  readonly extraUserData?: readonly string[];
  /** Further volumes of each instance, by names that you choose. Bottlerocket cannot mount them. @default - none */
  readonly volumes?: Readonly<Record<string, InstanceVolume>>;
  /** Options of the Docker daemon: its networks and its proxy. Bottlerocket has no Docker daemon. @default - the defaults of Docker */
  readonly docker?: DockerDaemonOptions;
  /**
   * Images that each instance pulls before the agent starts, so that tasks start sooner: base images, or the images of your
   * services. The agent waits for them at most 10 minutes at each boot. An image that cannot be pulled is left out. With a warm
   * pool, instances stop only when they have the images. Bottlerocket cannot pull them.
   * @default - none
   */
  readonly prePulledImages?: readonly string[];
  /** Measures the instances every minute instead of every five minutes. AWS charges for it. @default false */
  readonly detailedMonitoring?: boolean;
}

export const capacitySchema = schemaOf<CapacitySettings>()({
  ...groupSchema.shape,
  amiFamily: amiFamilyField,
  ami: plain(anyOf(choice("ecs-optimized", "existing"), amiFilterSchema)).default("ecs-optimized"),
  instanceRequirements: instanceRequirementsSchema.optional(),
  agent: withDefaults(agentOptionsSchema),
  bottlerocket: bottlerocketSettingsSchema.optional(),
  extraUserData: shellLinesField.default([]),
  volumes: instanceVolumesField.optional(),
  docker: dockerDaemonOptionsSchema.optional(),
  prePulledImages: prePulledImagesField.optional(),
  detailedMonitoring: plain(boolean()).default(false),
  ...instanceOptionsSchema.shape,
});

/** One of several capacity providers. The stack's settings apply where it sets none. Its `agent` adds to the stack's. */
export interface CapacityProviderSettings extends CapacitySettings {
  /** Defaults of its variables, whose names start with its name: `arm_instance_types`. The values of `main` are those of the stack. @default {} */
  readonly values?: CapacityValues;
}

export const capacityProviderSchema = schemaOf<CapacityProviderSettings>()({
  values: withDefaults(capacityValuesSchema),
  ...withoutDefaults(capacitySchema.shape),
});

/** The capacities of a stack. */
export interface CapacityProvidersSettings extends CapacitySettings {
  /**
   * Several capacity providers by name. Each has its own group, AMI, variables and addresses. `main` is the capacity
   * provider of a stack without this setting.
   * @default - only `main`
   */
  readonly capacityProviders?: Readonly<Record<string, CapacityProviderSettings>>;
  /** How ECS distributes the tasks of services that name no capacity provider. @default - every capacity provider with weight 1 */
  readonly defaultStrategy?: readonly DefaultStrategyItem[];
}

export const capacityProvidersSchema = schemaOf<CapacityProvidersSettings>()(
  {
    ...capacitySchema.shape,
    capacityProviders: map(capacityProviderSchema, {
      names: [capacityNameRule],
      limits: [capacityProviderCountLimit],
    }).optional(),
    defaultStrategy: defaultStrategyField.optional(),
  },
  // A stack adds `values` and `portRange`, which the rules read too.
  capacityRules as never,
);

/** The settings of a stack that its capacities depend on. */
export interface StackCapacities extends CapacityProvidersSettings {
  /** The values of `main`. */
  readonly values?: CapacityValues;
  /** The dynamic host ports of all capacities. */
  readonly portRange?: PortRangeProps;
}

/** One capacity with the stack's settings and all defaults. */
export interface ResolvedCapacity extends Parsed<typeof capacitySchema> {
  /** The name of the capacity among the settings. */
  readonly name: string;
  /** The defaults of its variables. */
  readonly values: Parsed<typeof capacityValuesSchema>;
}

/** The capacities of a stack with all defaults. */
export interface ResolvedCapacities {
  /** The capacities in the order of the settings. */
  readonly capacities: readonly ResolvedCapacity[];
  /** The host ports of all capacities, which share a security group. */
  readonly portRange: PortRange;
  /** How ECS distributes tasks over several capacity providers. @default - only `main`, which needs no strategy */
  readonly defaultStrategy?: readonly Required<DefaultStrategyItem>[];
}

/** The parsed settings of a stack, as {@link resolveCapacities} reads them. */
type ParsedStackCapacities = Parsed<typeof capacityProvidersSchema> & {
  readonly values: Parsed<typeof capacityValuesSchema>;
  readonly portRange?: PortRangeProps;
};

/** Returns the capacities of a stack. Its settings are valid and have their defaults. */
export function resolveCapacities(settings: ParsedStackCapacities): ResolvedCapacities {
  const { capacityProviders, values } = settings;
  const capacities = Object.entries(capacityProviders ?? { [MAIN_CAPACITY]: { values } }).map(([name, own]) => ({
    ...mergedSettings(settings, own),
    name,
    values: name === MAIN_CAPACITY ? values : own.values,
  }));
  const everyProvider = capacities.map(({ name }) => ({ capacityProvider: name, base: 0, weight: 1 }));
  return {
    capacities,
    portRange: settings.portRange ? new PortRange(settings.portRange) : defaultPortRange(capacities),
    defaultStrategy: settings.defaultStrategy ?? (capacityProviders && everyProvider),
  };
}

/** Returns the parsed settings of one capacity. */
function mergedSettings(stack: object, own: object): Parsed<typeof capacitySchema> {
  const isOwn = (...path: readonly string[]) =>
    path.reduce<unknown>((inner, key) => (inner as Values | undefined)?.[key], own) !== undefined;
  return merge(stack as Values, own as Values, isOwn) as unknown as Parsed<typeof capacitySchema>;
}

/** Returns the range that all families support: where one of them cannot set the range, the others use the same. */
function defaultPortRange(capacities: readonly ResolvedCapacity[]): PortRange {
  const families = capacities.map(({ amiFamily }) => amiFamily);
  const fixed = families.find((family) => !AMI_FAMILY_TRAITS[family].portRangeIsSettable);
  return PortRange.defaultOf(fixed ?? "amazon-linux-2023");
}

type Values = Readonly<Record<string, unknown>>;

/** Returns an object with the same keys as another one. */
const withKeysOf = (keys: object, read: (key: string) => unknown): Values =>
  Object.fromEntries(Object.keys(keys).map((key) => [key, read(key)]));

/**
 * Returns the settings of one capacity: its own, or else the stack's. The options of the agent are merged one by one.
 * @param isOwn returns true for a setting, or an option of the agent, of the capacity itself
 */
const merge = (stack: Values, own: Values, isOwn: (...path: readonly string[]) => boolean): Values => ({
  ...withKeysOf(capacitySchema.shape, (name) => (isOwn(name) ? own : stack)[name]),
  agent: withKeysOf(agentOptionsSchema.shape, (option) => {
    const { agent } = isOwn("agent", option) ? own : stack;
    return (agent as Values | undefined)?.[option];
  }),
});

/* ---- Rules between settings. The stack's schema adds `capacityRules`. ---- */

/** Checks the capacities of a stack, each with the stack's settings. Reports a problem where its setting was given, and once. */
export function* capacityRules(
  settings: Known<StackCapacities>,
  given: Given<StackCapacities>,
): Findings<StackCapacities> {
  const { capacityProviders, defaultStrategy } = settings;
  if (given("capacityProviders") && capacityProviders === undefined) return;
  yield* strategyNamesProviders(defaultStrategy, capacityProviders ?? { [MAIN_CAPACITY]: {} });
  yield* valuesOfMain(settings, given);
  const found = new Set<string>();
  for (const capacity of capacitiesOf(settings, given)) {
    for (const finding of oneCapacity(capacity)) {
      const moved = { ...finding, at: capacity.place(...([finding.at].flat() as [Setting])) };
      const key = JSON.stringify([moved.at, moved.must]);
      if (!found.has(key)) yield moved;
      found.add(key);
    }
  }
}

/** The values of `main` are those of the stack. */
function* valuesOfMain(settings: Known<StackCapacities>, given: Given<StackCapacities>): Findings<StackCapacities> {
  const { capacityProviders } = settings;
  if (given("capacityProviders", MAIN_CAPACITY, "values")) {
    const fix = "The variables of main have no prefix. Write them in the values of the stack.";
    yield { at: ["capacityProviders", MAIN_CAPACITY, "values"], must: "not be set", fix };
  }
  const [first] = Object.keys(capacityProviders ?? {});
  if (first === undefined || capacityProviders?.[MAIN_CAPACITY] !== undefined) return;
  for (const value of Object.keys(capacityValuesSchema.shape)) {
    if (!given("values", value)) continue;
    const must = `be set in the values of a capacity provider, because none is named ${MAIN_CAPACITY}`;
    yield { at: ["values", value], must, fix: `Write it as capacityProviders.${first}.values.${value}.` };
  }
}

type Setting = keyof CapacitySettings | "values" | "portRange";
/** A setting of one capacity, or a value inside it. */
type Path = readonly [Setting, ...(string | number)[]];

/** One capacity, as its rules see it. */
interface KnownCapacity {
  readonly settings: Known<Omit<StackCapacities, "capacityProviders" | "defaultStrategy">>;
  readonly given: Given<CapacityProviderSettings>;
  /** Returns where the caller gave a setting. */
  readonly place: (...path: Path) => Finding<StackCapacities>["at"];
  /** Whether the stack's settings of Bottlerocket can be meant for another capacity. */
  readonly sharesBottlerocket: boolean;
}

/** Returns the capacities of a stack, each with the stack's settings. */
function capacitiesOf(settings: Known<StackCapacities>, given: Given<StackCapacities>): KnownCapacity[] {
  const { capacityProviders = { [MAIN_CAPACITY]: {} }, portRange } = settings;
  const capacities = Object.entries(capacityProviders).map(([name, own]) => {
    const isOwn = (...path: readonly (string | number)[]) => given("capacityProviders", name, ...path);
    const place = (...path: Path): readonly [keyof StackCapacities, ...(string | number)[]] => {
      const [setting, inner] = path;
      const isValueOfMain = setting === "values" && name === MAIN_CAPACITY;
      const isFromProvider =
        setting === "values" || (setting === "agent" && inner !== undefined ? isOwn(setting, inner) : isOwn(setting));
      return isFromProvider && !isValueOfMain ? ["capacityProviders", name, ...path] : path;
    };
    const values = name === MAIN_CAPACITY ? settings.values : own?.values;
    return {
      settings: { ...merge(settings, own ?? {}, isOwn), values, portRange } as KnownCapacity["settings"],
      given: (...path: Path) => given(...(place(...path) as ["capacityProviders"])),
      place,
    };
  });
  const isBottlerocket = capacities.some((capacity) => capacity.settings.amiFamily === "bottlerocket");
  return capacities.map((capacity) => ({
    ...capacity,
    sharesBottlerocket: isBottlerocket && capacity.place("bottlerocket").length === 1,
  }));
}

/** Checks one capacity. The paths are those of its own settings. */
function* oneCapacity({ settings, given, sharesBottlerocket }: KnownCapacity): Iterable<Finding<StackCapacities>> {
  const { amiFamily: family, agent = {} } = settings;
  yield* groupRules(settings, given);
  yield* findingsAt<CapacitySettings>(["agent"], optionsOfFamily(agent, family));
  if (given("warmPool") && agent.warmPoolsCheck === false) {
    const fix = "Remove it. Without the check, instances of the pool join the cluster and ECS places tasks on them.";
    yield { at: ["agent", "warmPoolsCheck"], must: "be true with warmPool", fix };
  }
  if (family === undefined) return;
  if (given("bottlerocket") && family !== "bottlerocket" && !sharesBottlerocket) {
    const must = `be used with amiFamily "bottlerocket", and not "${family}"`;
    yield { at: "bottlerocket", must, fix: "Set amiFamily too, or remove it." };
  }
  for (const [setting, fix] of NEED_A_SHELL) {
    if (!given(setting) || AMI_FAMILY_TRAITS[family].userData === "shell") continue;
    yield { at: setting, must: `not be set with ${family}`, fix };
  }
  if (given("lifecycleHooks", PRE_PULL_HOOK) && given("prePulledImages") && given("warmPool")) {
    const fix = "The library creates this hook for prePulledImages. Choose another name.";
    yield { at: ["lifecycleHooks", PRE_PULL_HOOK], must: "not be set with prePulledImages and warmPool", fix };
  }
  if (given("volumes") && AMI_FAMILY_TRAITS[family].userData !== "shell") {
    const fix = "Bottlerocket has no shell to mount them. Raise root_volume_gib, or use amazon-linux-2023.";
    yield { at: "volumes", must: `not be set with ${family}`, fix };
  }
  const ofFamily = settings.ami === "ecs-optimized" ? family : undefined;
  for (const { must, fix } of imageOfAccelerators(ofFamily, settings.instanceRequirements)) {
    yield { at: ["instanceRequirements", "acceleratorManufacturers"], must, fix };
  }
  yield* optionsWithRequirements(settings, settings.instanceRequirements);
  yield* valuesOfOne(settings, given);
  yield* instancesOfOne(settings);
}

const NEED_A_SHELL = [
  ["docker", 'Bottlerocket has network settings in bottlerocket.settings: { network: { "https-proxy": … } }.'],
  ["prePulledImages", "Bottlerocket has no shell that could pull them. Use amazon-linux-2023."],
] as const;

/** Checks what the other settings of a capacity mean for its values. */
function* valuesOfOne(
  { ami, amiFamily, instanceRequirements, values }: KnownCapacity["settings"],
  given: KnownCapacity["given"],
): Findings<CapacityProviderSettings> {
  if (instanceRequirements && given("values", "instanceTypes")) {
    const fix = "The requirements select the types. Remove one of the two.";
    yield { at: ["values", "instanceTypes"], must: "not be set with instanceRequirements", fix };
  }
  if (
    given("warmPool") &&
    values?.instanceTypes &&
    !singleTypeRule.check(values.instanceTypes as readonly string[], {})
  ) {
    const { must, fix } = singleTypeRule;
    yield { at: ["values", "instanceTypes"], must, fix };
  }
  if (ami !== undefined && ami !== "existing" && given("values", "amiId")) {
    const fix = 'Set ami to "existing" too, or remove values.amiId.';
    yield { at: ["values", "amiId"], must: 'be used with ami "existing"', fix };
  }
  if (ami !== undefined && ami !== "ecs-optimized" && given("values", "amiVersion")) {
    const fix = "It is a version of an ECS-optimized AMI. Remove one of the two.";
    yield { at: ["values", "amiVersion"], must: "not be set with an AMI of your own", fix };
  }
  const version = amiVersionRule(amiFamily as AmiFamily);
  if (values?.amiVersion !== undefined && !version.check(values.amiVersion, {})) {
    yield { at: ["values", "amiVersion"], must: version.must, fix: version.fix };
  }
}

/** The longest name of a cluster. Only Terraform knows the real one. */
const LONGEST_NAME = "x".repeat(CLUSTER_NAME_LENGTH.max);

/** Checks the host ports and the user data of the instances. */
function* instancesOfOne(settings: KnownCapacity["settings"]): Iterable<Finding<StackCapacities>> {
  const { bottlerocket, volumes = {} } = settings;
  const { amiFamily: family, extraUserData = [], ...capacity } = settings as CapacitySettings;
  const { settings: ports } = check(portRangeSchema, settings.portRange);
  const portRange = ports && new PortRange(ports);
  yield* portRangeOfFamily({ family, portRange });
  const config = agentConfigProps({ amiFamily: family, ...capacity }, { clusterName: LONGEST_NAME, portRange });
  const isValid = check(agentConfigPropsSchema, config).settings && check(instanceVolumesField, volumes).settings;
  if (!isValid) return;
  const hasShell = family !== undefined && AMI_FAMILY_TRAITS[family].userData === "shell";
  const docker = check(dockerDaemonOptionsSchema.optional(), settings.docker).settings;
  const images = check(prePulledImagesField.optional(), settings.prePulledImages).settings;
  const extraLines = hasShell
    ? shellLines({ ...capacity, extraUserData, docker, prePulledImages: images }, LONGEST_NAME)
    : extraUserData;
  for (const finding of userDataWithinLimits({ agentConfig: new AgentConfig(config), extraLines })) {
    const isToml = extraLines.length === 0 && bottlerocket?.settings !== undefined;
    yield { ...finding, at: isToml ? ["bottlerocket" as const, "settings"] : "extraUserData" };
  }
}

/** The settings whose shell lines are in the user data. */
interface ShellSettings extends Pick<CapacitySettings, "volumes" | "prePulledImages" | "warmPool" | "extraUserData"> {
  readonly docker?: Parsed<typeof dockerDaemonOptionsSchema>;
}

/** Returns the shell lines of a capacity after the agent's configuration. @param groupName the name of the Auto Scaling group */
export const shellLines = (
  { docker, volumes, prePulledImages: images, warmPool, extraUserData = [] }: ShellSettings,
  groupName: string,
): readonly string[] => [
  ...(docker ? dockerLines(docker) : []),
  ...mountLines(volumes ?? {}),
  ...(images
    ? prePullLines(images, {
        proxies: docker ? proxyVariables(docker) : {},
        autoscalingGroupName: warmPool && groupName,
      })
    : []),
  ...extraUserData,
];

/** Returns the hooks of a capacity. One of the library keeps an instance in the warm pool running until it has its images. */
export const hooksOf = ({ lifecycleHooks, prePulledImages, warmPool }: CapacitySettings) =>
  prePulledImages && warmPool
    ? {
        ...lifecycleHooks,
        [PRE_PULL_HOOK]: { transition: "launching", heartbeatTimeoutSeconds: 900, defaultResult: "continue" } as const,
      }
    : lifecycleHooks;

/** Returns true when the instances of a capacity can run privileged containers. */
export const allowsPrivileged = ({ amiFamily, agent = {}, bottlerocket }: CapacitySettings): boolean =>
  amiFamily === "bottlerocket" ? allowsPrivilegedContainers(bottlerocket) : allowsPrivilegedTasks(agent);

/** Returns the log drivers of containers that the instances of a capacity offer. */
export const logDrivers = ({ amiFamily: family, agent: options = {}, bottlerocket }: CapacitySettings) =>
  offeredLogDrivers({ family, options, bottlerocket });

/** Returns the configuration of the agent on the instances of a capacity. */
export const agentConfigProps = (
  { amiFamily, agent, bottlerocket, warmPool, ...purchasing }: CapacitySettings,
  cluster: Pick<AgentConfigProps, "clusterName" | "portRange">,
): AgentConfigProps => ({
  ...cluster,
  family: amiFamily,
  bottlerocket,
  spotDraining: usesSpot(purchasing),
  // Instances in a warm pool must not join the cluster.
  options: warmPool ? { ...agent, warmPoolsCheck: true } : agent,
});
