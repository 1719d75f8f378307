import type { Key, Place } from "../validation/place";
import { boolean, Field, plain, schemaOf } from "../validation/schema";
import { show } from "../validation/show";
import { isPlainObject, isToken } from "../validation/token";

/** A value of Bottlerocket's settings in TOML. */
export type TomlValue = string | number | boolean | readonly TomlValue[] | { readonly [key: string]: TomlValue };

/** A table of TOML. */
type TomlTable = { readonly [key: string]: TomlValue };

/**
 * The settings of Bottlerocket instances. Other families ignore them.
 * @see https://bottlerocket.dev/en/os/latest/#/api/settings/
 */
export interface BottlerocketSettings {
  /** Enables the admin container. SSH leads into it, and it can read the agent's log. @default true */
  readonly adminContainer?: boolean;
  /**
   * Further settings with Bottlerocket's names: `{ kernel: { sysctl: { "vm.max_map_count": "262144" } } }`. Add your own
   * host containers in `host-containers`. The library sets `ecs`, `autoscaling` and `host-containers.admin` itself.
   * @default - none
   */
  readonly settings?: { readonly [key: string]: TomlValue };
}

/** The tables that the library sets, and the settings to use instead. */
const SET_ELSEWHERE = {
  ecs: "the agent's options",
  autoscaling: "warmPool or the agent's option warmPoolsCheck",
} as const;

/** The keys without which Bottlerocket does not start a host container. https://bottlerocket.dev/en/os/latest/#/api/settings/host-containers/ */
const CONTAINER_KEYS = { source: "string", enabled: "boolean", superpowered: "boolean" } as const;
const CONTAINER_EXAMPLE =
  'For example { source: "public.ecr.aws/…/name:1.0.0", enabled: true, superpowered: false }. Bottlerocket does not start the container without it.';

const CONTROL_EXAMPLE = "For example { control: { enabled: false } }.";

const HOST_CONTAINERS = "host-containers";
const ADMIN = "admin";
const CONTROL = "control";

/** Bottlerocket's settings as TOML. A string token can stand for a text. */
const settingsField = new Field<TomlTable>(
  { type: "an object of settings", fix: "Write it in braces: { name: value }.", isPlain: true },
  isPlainObject,
  (table: TomlTable, place) => {
    for (const [name, setting] of Object.entries(SET_ELSEWHERE)) reportIfSet(table, name, setting, place);
    if (Object.hasOwn(table, HOST_CONTAINERS)) checkHostContainers(table[HOST_CONTAINERS], place.at(HOST_CONTAINERS));
    return readToml(table, place);
  },
);

export const bottlerocketSettingsSchema = schemaOf<BottlerocketSettings>()({
  adminContainer: plain(boolean()).default(true),
  settings: settingsField.default({}),
});

function reportIfSet(table: TomlTable, name: string, setting: string, place: Place): void {
  if (!Object.hasOwn(table, name)) return;
  place.at(name).report("not be set here, because the library sets it", show(table[name]), `Use ${setting} instead.`);
}

function checkHostContainers(containers: unknown, place: Place): void {
  if (!isPlainObject(containers)) {
    place.report("be an object of containers by their names", show(containers), CONTROL_EXAMPLE);
    return;
  }
  reportIfSet(containers as TomlTable, ADMIN, "adminContainer", place);
  for (const [name, container] of Object.entries(containers)) {
    if (name === ADMIN || name === CONTROL) continue;
    const given = isPlainObject(container) ? container : {};
    for (const [key, type] of Object.entries(CONTAINER_KEYS)) {
      if (typeof given[key] !== type) {
        place.at(name).at(key).report(`be set to a ${type}`, show(given[key]), CONTAINER_EXAMPLE);
      }
    }
  }
}

/** Deeper than any setting of Bottlerocket. A value that contains itself is deeper too. */
const DEEPEST = 10;

/** Reads a value. Reports each part that TOML cannot express. */
function readToml(value: unknown, place: Place, depth = 0): unknown {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (isToken(value)) {
    return place.report(
      "be known when the code runs",
      "a token",
      "Write the value itself. Only a text can be a token.",
    );
  }
  if (Number.isFinite(value)) return value;
  const isList = Array.isArray(value);
  if (!isList && !isPlainObject(value)) {
    return place.report("be a string, a number, true, false, a list or an object", show(value), "Change or remove it.");
  }
  if (depth === DEEPEST) return place.report(`have at most ${DEEPEST} levels`, show(value), "Remove the inner values.");
  const read = (inner: unknown, key: Key) => readToml(inner, place.at(key), depth + 1);
  if (isList) return Array.from(value, read);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, read(inner, key)]));
}

const isTable = (value: TomlValue | undefined): value is TomlTable => isPlainObject(value);

/** Returns true when the settings disable the control container, which Session Manager leads into. */
export function withoutControlContainer({ settings = {} }: BottlerocketSettings = {}): boolean {
  const containers = settings[HOST_CONTAINERS];
  const control = isTable(containers) ? containers[CONTROL] : undefined;
  return isTable(control) && control.enabled === false;
}

/** Returns the host containers: the caller's, and the admin container. */
export function hostContainers({ adminContainer, settings = {} }: BottlerocketSettings): TomlTable {
  const others = settings[HOST_CONTAINERS];
  return { ...(isTable(others) ? others : {}), [ADMIN]: { enabled: adminContainer ?? true } };
}
