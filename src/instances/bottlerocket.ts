import type { Key, Place } from "../validation/place";
import { pathText } from "../validation/problem";
import { boolean, choice, Field, map, plain, schemaOf, string } from "../validation/schema";
import { show } from "../validation/show";
import { isPlainObject, isToken } from "../validation/token";
import { deviations, identifier } from "./bottlerocket-model";
import { imageNameRule } from "./pre-pulled-images";

/** A value of Bottlerocket's settings in TOML. */
export type TomlValue = string | number | boolean | readonly TomlValue[] | { readonly [key: string]: TomlValue };

/** A table of TOML. */
type TomlTable = { readonly [key: string]: TomlValue };

/** A container that runs before the ECS agent starts, for the setup of an instance. */
export interface BootstrapContainer {
  /** The image, with its tag: of ECR, or of a public registry. */
  readonly source: string;
  /** Text that the container finds in its file `user-data`. The library encodes it. User data is not secret. @default - none */
  readonly userData?: string;
  /** When it runs: at the first boot, at each boot, or never. @default "once" */
  readonly mode?: (typeof BOOTSTRAP_MODES)[number];
  /** Whether the instance does not boot when the container fails. Without it, the boot goes on. @default false */
  readonly essential?: boolean;
}

const BOOTSTRAP_MODES = ["once", "always", "off"] as const;

const bootstrapContainerSchema = schemaOf<BootstrapContainer>()({
  source: string(imageNameRule),
  userData: plain(string()).optional(),
  mode: plain(choice(...BOOTSTRAP_MODES)).default("once"),
  essential: plain(boolean()).default(false),
});

/**
 * The settings of Bottlerocket instances. Other families ignore them.
 * @see https://bottlerocket.dev/en/os/latest/#/api/settings/
 */
export interface BottlerocketSettings {
  /** Enables the admin container. SSH connects to it, and it can read the agent's log. @default true */
  readonly adminContainer?: boolean;
  /**
   * Bootstrap containers by names that you choose. They run before the ECS agent, with full access to the instance.
   * @default - none
   * @see https://bottlerocket.dev/en/os/latest/#/concepts/bootstrap-containers/
   */
  readonly bootstrapContainers?: Readonly<Record<string, BootstrapContainer>>;
  /**
   * Further settings with Bottlerocket's names: `{ kernel: { sysctl: { "vm.max_map_count": "262144" } } }`. Add your own
   * host containers in `host-containers`. Settings in `ecs` add to those that the library sets. The library validates names
   * and types, and warns about names that it does not know.
   * @default - none
   */
  readonly settings?: { readonly [key: string]: TomlValue };
}

/** The settings that the library sets, and what to use instead. */
const SET_ELSEWHERE = {
  autoscaling: "Use warmPool or agent.warmPoolsCheck instead.",
  ecs: {
    cluster: "Remove it. The instances join the cluster of their stack.",
    "awsvpc-block-imds": "Remove it. It is always true.",
    "container-stop-timeout": "Use agent.containerStopTimeoutSeconds instead.",
    "enable-spot-instance-draining": "Remove it. It is true with Spot capacity.",
    "image-pull-behavior": "Use agent.imagePullBehavior instead.",
    "instance-attributes": "Use agent.instanceAttributes instead.",
    loglevel: "Use agent.logLevel instead.",
    "reserved-memory": "Use agent.reservedMemoryMiB instead.",
    "task-cleanup-wait": "Use agent.taskCleanupWaitSeconds instead.",
  },
  "host-containers": { admin: { enabled: "Use adminContainer instead." } },
};

/** The keys without which Bottlerocket does not start a host container. https://bottlerocket.dev/en/os/latest/#/api/settings/host-containers/ */
const CONTAINER_KEYS = { source: "string", enabled: "boolean", superpowered: "boolean" } as const;
const CONTAINER_EXAMPLE =
  'For example { source: "public.ecr.aws/…/name:1.0.0", enabled: true, superpowered: false }. Bottlerocket does not start the container without it.';

const BOOTSTRAP_CONTAINERS = "bootstrap-containers";
const HOST_CONTAINERS = "host-containers";
const ADMIN = "admin";
const CONTROL = "control";

/** Bottlerocket's settings as TOML. A string token can stand for a text. */
const settingsField = new Field<TomlTable>(
  { type: "an object of settings", fix: "Write it in braces: { name: value }.", isPlain: true },
  isPlainObject,
  (table: TomlTable, place) => {
    const before = place.problems.length;
    const read = readToml(table, place);
    if (place.problems.length > before) return read;
    reportSetElsewhere(table, SET_ELSEWHERE, place);
    reportIncomplete(table[HOST_CONTAINERS], place.at(HOST_CONTAINERS));
    for (const { path, must, received, fix } of deviations(table)) {
      if (must) path.reduce((inner, key) => inner.at(key), place).report(must, received, fix);
    }
    return read;
  },
);

export const bottlerocketSettingsSchema = schemaOf<BottlerocketSettings>()(
  {
    adminContainer: plain(boolean()).default(true),
    bootstrapContainers: map(bootstrapContainerSchema, { names: [identifier] }).optional(),
    settings: settingsField.default({}),
  },
  function* eachContainerOnce({ bootstrapContainers = {}, settings = {} }) {
    const others = settings[BOOTSTRAP_CONTAINERS] as object | undefined;
    for (const name of Object.keys(bootstrapContainers)) {
      if (others === undefined || !Object.hasOwn(others, name)) continue;
      const fix = "settings has a container with the same name. Remove one of the two.";
      yield { at: ["bootstrapContainers", name], must: "not be set in settings too", fix };
    }
  },
);

/** Returns the bootstrap containers of the settings: those of the caller's TOML, and the others. */
export function bootstrapContainers({
  bootstrapContainers: own,
  settings = {},
}: BottlerocketSettings): TomlTable | undefined {
  if (!own) return undefined;
  const others = settings[BOOTSTRAP_CONTAINERS];
  const rendered = Object.entries(own).map(([name, { source, userData, mode = "once", essential = false }]) => [
    name,
    {
      source,
      ...(userData === undefined ? {} : { "user-data": Buffer.from(userData).toString("base64") }),
      mode,
      essential,
    },
  ]);
  return { ...(isTable(others) ? others : {}), ...Object.fromEntries(rendered) };
}

/** Returns the warnings about settings that the library does not know. Newer versions of Bottlerocket have more. */
export const settingsWarnings = ({ settings = {} }: BottlerocketSettings): readonly string[] =>
  [...deviations(settings)]
    .filter(({ must }) => must === undefined)
    .map(
      ({ path }) =>
        `${pathText(["bottlerocket", "settings", ...path])}: the library does not know this setting, and passes it on. Bottlerocket rejects all settings when it does not know one: https://bottlerocket.dev/en/os/latest/#/api/settings/`,
    );

/** Returns true when the settings let the agent start privileged containers. Bottlerocket's own default is false. */
export const allowsPrivilegedContainers = ({ settings = {} }: BottlerocketSettings = {}): boolean =>
  isTable(settings.ecs) && settings.ecs["allow-privileged-containers"] === true;

/** Bottlerocket's own log drivers. https://bottlerocket.dev/en/os/latest/#/api/settings/ecs/ */
const OWN_LOG_DRIVERS: readonly string[] = ["json-file", "awslogs", "none"];

/** Returns the log drivers that the settings offer. */
export function driversOfHost({ settings = {} }: BottlerocketSettings = {}): readonly string[] {
  const given = isTable(settings.ecs) ? settings.ecs["logging-drivers"] : undefined;
  return Array.isArray(given) ? (given as readonly string[]) : OWN_LOG_DRIVERS;
}

interface Instead {
  readonly [name: string]: string | Instead;
}

function reportSetElsewhere(table: TomlTable, instead: Instead, place: Place): void {
  for (const [name, setting] of Object.entries(instead)) {
    const value = table[name];
    if (value === undefined) continue;
    if (typeof setting === "string") {
      place.at(name).report("not be set here, because the library sets it", show(value), setting);
    } else if (isTable(value)) reportSetElsewhere(value, setting, place.at(name));
  }
}

/** Reports host containers that Bottlerocket would not start. It has the admin and the control container itself. */
function reportIncomplete(containers: TomlValue | undefined, place: Place): void {
  if (!isTable(containers)) return;
  for (const [name, container] of Object.entries(containers)) {
    if (name === ADMIN || name === CONTROL || !isTable(container)) continue;
    for (const [key, type] of Object.entries(CONTAINER_KEYS)) {
      if (container[key] === undefined)
        place.at(name).at(key).report(`be set to a ${type}`, "nothing", CONTAINER_EXAMPLE);
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

/** Returns true when the settings disable the control container, which Session Manager connects to. */
export function withoutControlContainer({ settings = {} }: BottlerocketSettings = {}): boolean {
  const containers = settings[HOST_CONTAINERS];
  const control = isTable(containers) ? containers[CONTROL] : undefined;
  return isTable(control) && control.enabled === false;
}

/** Returns the host containers: the caller's, and the admin container. */
export function hostContainers({ adminContainer, settings = {} }: BottlerocketSettings): TomlTable {
  const containers = settings[HOST_CONTAINERS];
  const others = isTable(containers) ? containers : {};
  const admin = others[ADMIN];
  return { ...others, [ADMIN]: { ...(isTable(admin) ? admin : {}), enabled: adminContainer ?? true } };
}
