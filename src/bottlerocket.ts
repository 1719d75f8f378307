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
  /** Further settings by their own names: `{ kernel: { sysctl: { "vm.max_map_count": "262144" } } }`. Not `ecs`, `autoscaling` and `host-containers`, which follow from the rest. @default - none */
  readonly settings?: { readonly [key: string]: TomlValue };
}

/** What follows from other settings. */
const OWN_SETTINGS = ["ecs", "autoscaling", "host-containers"];

const tomlValue: z.ZodType<TomlValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.array(tomlValue), z.record(z.string(), tomlValue)]),
);

/** The shape of Bottlerocket's settings. */
export const bottlerocketShape = z
  .strictObject({ adminContainer: z.boolean().optional(), settings: z.record(z.string(), tomlValue).optional() })
  .optional();

/** Every setting that is another one's affair. @param at what the caller calls them */
export const bottlerocketMistakes = ({ settings = {} }: BottlerocketSettings, at: string): string[] =>
  OWN_SETTINGS.filter((name) => name in settings).map(
    (name) =>
      `${at}.settings.${name} is set by this library; received ${JSON.stringify(settings[name])}. Use the setting of the same purpose instead: agent, warmPool or adminContainer.`,
  );
