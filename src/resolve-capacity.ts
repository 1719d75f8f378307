import { AgentConfig } from "./agent-config";
import { AMI_FAMILY_TRAITS } from "./ami-family";
import { providerMistakes, strategyMistakes } from "./capacity-rules";
import {
  CAPACITY_DEFAULTS,
  type CapacityProviderSettings,
  type CapacityProvidersSettings,
  type CapacitySettings,
  type DefaultStrategyItem,
  MAIN_CAPACITY,
} from "./capacity-settings";
import { PortRange, type PortRangeProps } from "./port-range";
import { UserData } from "./user-data";

/** One capacity with every default filled in. */
export interface ResolvedCapacity extends Required<CapacitySettings> {
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
    ...capacities.flatMap((capacity) => hostMistakes(capacity, portRange, given[capacity.name] ?? {})),
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
  const keys = Object.keys(CAPACITY_DEFAULTS) as (keyof CapacitySettings)[];
  const taken = Object.fromEntries(keys.map((key) => [key, own[key] ?? stack[key] ?? CAPACITY_DEFAULTS[key]]));
  return {
    ...(taken as unknown as Required<CapacitySettings>),
    name,
    values: own.values,
    agent: { ...stack.agent, ...own.agent },
  };
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

/** What can't be told to the instances. */
function hostMistakes(capacity: ResolvedCapacity, portRange: PortRange, own: CapacitySettings): string[] {
  const { amiFamily: family, agent: options, extraUserData, name } = capacity;
  const setting = (key: keyof CapacitySettings) => (own[key] === undefined ? key : `capacityProviders.${name}.${key}`);
  const mistakes = AgentConfig.mistakes(options, family, portRange, {
    options: setting("agent"),
    portRange: "portRange",
  });
  if (mistakes.length > 0) return mistakes;
  const config = new AgentConfig({
    // The longest name there can be, since the real one is known to Terraform alone.
    clusterName: "x".repeat(24),
    family,
    portRange,
    spotDraining: capacity.spot,
    options,
  });
  return UserData.mistakes(config, extraUserData, setting("extraUserData"));
}
