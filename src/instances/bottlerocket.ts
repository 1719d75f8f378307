import { z } from "zod";

/** A value of Bottlerocket's settings, as TOML has them. */
export type TomlValue = string | number | boolean | readonly TomlValue[] | { readonly [key: string]: TomlValue };

/**
 * What only Bottlerocket has.
 * @see https://bottlerocket.dev/en/os/latest/#/api/settings/
 */
export interface BottlerocketSettings {
  /** The admin container: SSH leads into it, and it can see the agent's log. @default true */
  readonly adminContainer?: boolean;
  /** Further settings by their own names: `{ kernel: { sysctl: { "vm.max_map_count": "262144" } } }`. `host-containers` has the control container and others of yours. Not `ecs`, `autoscaling` and `host-containers.admin`, which follow from the rest. @default - none */
  readonly settings?: { readonly [key: string]: TomlValue };
}

/** What follows from other settings, and from which. */
const OWN_SETTINGS = { ecs: "agent", autoscaling: "warmPool" } as const;

/** What Bottlerocket needs to start a host container that isn't its own. https://bottlerocket.dev/en/os/latest/#/api/settings/host-containers/ */
const REQUIRED = { source: "string", enabled: "boolean", superpowered: "boolean" } as const;

const HOST_CONTAINERS = "host-containers";
const CONTROL = "control";
const EXAMPLE = { source: "public.ecr.aws/…/name:1.0.0", enabled: true, superpowered: false };
const json = (value: unknown): string => JSON.stringify(value);
const isTable = (value: TomlValue | undefined): value is { readonly [key: string]: TomlValue } =>
  typeof value === "object" && !Array.isArray(value);

const tomlValue: z.ZodType<TomlValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.array(tomlValue), z.record(z.string(), tomlValue)]),
);

/** The shape of Bottlerocket's settings. */
export const bottlerocketShape = z
  .strictObject({ adminContainer: z.boolean().optional(), settings: z.record(z.string(), tomlValue).optional() })
  .optional();

/** Every setting that is another one's affair, or that Bottlerocket wouldn't start with. @param at what the caller calls them */
export function bottlerocketMistakes({ settings = {} }: BottlerocketSettings, at: string): string[] {
  const containers = settings[HOST_CONTAINERS];
  return [
    ...Object.entries(OWN_SETTINGS)
      .filter(([name]) => name in settings)
      .map(
        ([name, other]) =>
          `${at}.settings.${name} is set by this library; received ${json(settings[name])}. Use the setting of the same purpose instead: ${other}.`,
      ),
    ...(containers === undefined ? [] : hostContainerMistakes(containers, `${at}.settings.${HOST_CONTAINERS}`)),
  ];
}

function hostContainerMistakes(containers: TomlValue, at: string): string[] {
  if (!isTable(containers)) {
    return [
      `${at} must be an object of containers by their names; received ${json(containers)}. For example { control: { enabled: false } }.`,
    ];
  }
  return Object.entries(containers).flatMap(([name, container]) => {
    if (name === "admin") {
      return [
        `${at}.admin is set by this library; received ${json(container)}. Use the setting of the same purpose instead: adminContainer.`,
      ];
    }
    if (name === CONTROL) return [];
    const given = isTable(container) ? container : {};
    return Object.entries(REQUIRED)
      .filter(([key, type]) => typeof given[key] !== type)
      .map(
        ([key, type]) =>
          `${at}.${name}.${key} must be given as a ${type}, without which Bottlerocket starts no container of yours; received ${json(given[key]) ?? "nothing"}. For example ${json(EXAMPLE)}.`,
      );
  });
}

/** Whether the control container, which Session Manager leads into, is turned off. */
export function withoutControlContainer({ settings = {} }: BottlerocketSettings = {}): boolean {
  const containers = settings[HOST_CONTAINERS];
  const control = isTable(containers) ? containers[CONTROL] : undefined;
  return isTable(control) && control.enabled === false;
}

/** The host containers: others of the caller's, and the admin one as it is set. */
export const hostContainers = ({ adminContainer = true, settings = {} }: BottlerocketSettings): object => {
  const others = settings[HOST_CONTAINERS];
  return { ...(isTable(others) ? others : {}), admin: { enabled: adminContainer } };
};
