import { AgentConfig } from "../instances/agent-config";
import { AMI_FAMILY_TRAITS } from "../instances/ami-family";
import { bottlerocketMistakes } from "../instances/bottlerocket";
import { UserData } from "../instances/user-data";
import { mountLines } from "../instances/volumes";
import { PortRange, type PortRangeProps } from "../network/port-range";
import { capacityMistakes, providerMistakes, strategyMistakes } from "./capacity-rules";
import {
  CAPACITY_DEFAULTS,
  type CapacityProviderSettings,
  type CapacityProvidersSettings,
  type CapacitySettings,
  type DefaultStrategyItem,
  MAIN_CAPACITY,
  OPTIONAL_CAPACITY_SETTINGS,
  type OptionalCapacitySetting,
} from "./capacity-settings";
import { usesSpot } from "./instances-distribution";

/** One capacity with every default filled in. */
export interface ResolvedCapacity
  extends Required<Omit<CapacitySettings, OptionalCapacitySetting>>,
    Pick<CapacitySettings, OptionalCapacitySetting> {
  /** The provider's name among the settings; `main` where there is a single one. */
  readonly name: string;
  readonly values: CapacityProviderSettings["values"];
}

/** The capacities of a stack. */
export interface ResolvedCapacities {
  readonly capacities: readonly ResolvedCapacity[];
  readonly strategy: readonly Required<DefaultStrategyItem>[];
  readonly portRange: PortRange;
  readonly mistakes: readonly string[];
}

/** Fills in what each capacity leaves out, and finds every mistake in it. */
export function resolveCapacities(
  settings: CapacityProvidersSettings & { readonly portRange?: PortRangeProps },
): ResolvedCapacities {
  const given = settings.capacityProviders ?? {};
  const named = Object.entries(settings.capacityProviders ? given : { [MAIN_CAPACITY]: {} });
  const capacities = named.map(([name, own]) => resolved(name, settings, own));
  const names = capacities.map(({ name }) => name);
  const strategy: readonly DefaultStrategyItem[] =
    settings.defaultStrategy ?? names.map((capacityProvider) => ({ capacityProvider }));
  const { portRange, mistakes: rangeMistakes } = portRangeOf(capacities, settings.portRange);
  const mistakes = [
    ...providerMistakes(settings),
    ...(names.length > 0 ? strategyMistakes(strategy, names) : []),
    ...rangeMistakes,
    ...capacities.flatMap((capacity) => {
      const at = placeOf(capacity, given[capacity.name] ?? {});
      const meantForOthers =
        at("bottlerocket") === "bottlerocket" && capacities.some(({ amiFamily }) => amiFamily === "bottlerocket");
      return [...capacityMistakes(capacity, at), ...hostMistakes(capacity, portRange, at, meantForOthers)];
    }),
  ];
  return {
    capacities,
    strategy: strategy.map(({ capacityProvider, base = 0, weight = 1 }) => ({ capacityProvider, base, weight })),
    portRange,
    // What the stack says for all is wrong once, however many capacities take it over.
    mistakes: [...new Set(mistakes)],
  };
}

function resolved(name: string, stack: CapacitySettings, own: CapacityProviderSettings): ResolvedCapacity {
  const defaults: CapacitySettings = CAPACITY_DEFAULTS;
  const keys = [...Object.keys(defaults), ...OPTIONAL_CAPACITY_SETTINGS] as (keyof CapacitySettings)[];
  const taken = Object.fromEntries(keys.map((key) => [key, own[key] ?? stack[key] ?? defaults[key]]));
  const agent = { ...stack.agent, ...own.agent };
  return { ...(taken as unknown as ResolvedCapacity), name, values: own.values, agent };
}

/** One range for all, since all have the same security group: where one family can't set it, the others follow. */
function portRangeOf(
  capacities: readonly ResolvedCapacity[],
  given?: PortRangeProps,
): { portRange: PortRange; mistakes: readonly string[] } {
  const families = capacities.map(({ amiFamily }) => amiFamily);
  const fixed = families.find((family) => !AMI_FAMILY_TRAITS[family].portRangeIsSettable);
  const mistakes = given ? PortRange.mistakes(given) : [];
  const portRange =
    given && mistakes.length === 0 ? new PortRange(given) : PortRange.defaultOf(fixed ?? CAPACITY_DEFAULTS.amiFamily);
  return { portRange, mistakes };
}

/** Where a setting of a capacity was given: in its own settings, or in the stack's. */
const placeOf =
  ({ name }: ResolvedCapacity, own: CapacitySettings) =>
  (key: keyof CapacitySettings): string =>
    own[key] === undefined ? key : `capacityProviders.${name}.${key}`;

/** What can't be told to the instances. */
function hostMistakes(
  capacity: ResolvedCapacity,
  portRange: PortRange,
  setting: (key: keyof CapacitySettings) => string,
  /** Whether the stack's Bottlerocket settings are meant for another capacity. */
  familiesDiffer: boolean,
): string[] {
  const { amiFamily: family, agent: options, extraUserData, bottlerocket } = capacity;
  const mistakes = [
    ...(bottlerocket ? bottlerocketMistakes(bottlerocket, setting("bottlerocket")) : []),
    ...AgentConfig.mistakes(options, family, portRange, { options: setting("agent"), portRange: "portRange" }),
  ];
  if (bottlerocket && family !== "bottlerocket" && !familiesDiffer) {
    mistakes.push(
      `${setting("bottlerocket")} must come with amiFamily "bottlerocket"; received ${JSON.stringify(bottlerocket)} and "${family}". Set that too, or leave it out.`,
    );
  }
  if (mistakes.length > 0) return mistakes;
  // A family without a shell is refused volumes, and not the lines that would mount them too.
  const mounts = AMI_FAMILY_TRAITS[family].userData === "shell" ? mountLines(capacity.volumes ?? {}) : [];
  const config = new AgentConfig({
    // The longest name there can be, since the real one is known to Terraform alone.
    clusterName: "x".repeat(24),
    family,
    portRange,
    spotDraining: usesSpot(capacity),
    bottlerocket,
    options: capacity.warmPool ? { ...options, warmPoolsCheck: true } : options,
  });
  // Without a shell there are no lines: what is long then is Bottlerocket's own.
  const settings = mounts.length + extraUserData.length === 0 && bottlerocket?.settings !== undefined;
  const name = settings ? `${setting("bottlerocket")}.settings` : setting("extraUserData");
  return UserData.mistakes(config, [...mounts, ...extraUserData], name);
}
