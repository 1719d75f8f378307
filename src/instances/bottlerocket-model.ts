import type { Key } from "../validation/place";
import { NOT_SHOWN, nearest } from "../validation/problem";
import { matches } from "../validation/rule";
import type { Limit } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isPlainObject, isToken } from "../validation/token";
import { hasAwslogs, LOG_DRIVERS } from "./agent-variables";
import { noAwsCredentials, noRegistryPassword } from "./user-data-secret";

/** A type of Bottlerocket's settings. */
interface Model {
  /** The type as messages name it: `a string`. */
  readonly type: string;
  readonly fix: string;
  readonly is: (value: unknown) => boolean;
  /** The types of the inner values by name. */
  readonly table?: Readonly<Record<string, Model>>;
  /** The type of the elements of a list, or of the values of a map. */
  readonly each?: Model;
  /** The limits of the names of a map. */
  readonly names?: Limit<string>;
  /** The limits of the value. */
  readonly limit?: { readonly must: string; readonly fix: string; readonly check: (value: never) => boolean };
  /** Why the setting cannot have any value. */
  readonly secret?: { readonly must: string; readonly fix: string };
}

const REJECTED = "Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.";
/** A token is a text that only Terraform knows. */
const string = (pattern: RegExp, type: string, example: string): Model => ({
  type,
  fix: `For example ${example}. ${REJECTED}`,
  is: (value) => typeof value === "string" && (isToken(value) || pattern.test(value)),
});
const text: Model = { ...string(/^/, "a string", ""), fix: `Write it in quotes. ${REJECTED}` };
const flag: Model = {
  type: "true or false",
  fix: `Write it without quotes. ${REJECTED}`,
  is: (value) => typeof value === "boolean",
};
const count: Model = {
  type: "a whole number of at least 0",
  fix: `Write it without quotes. ${REJECTED}`,
  is: (value) => Number.isInteger(value) && (value as number) >= 0,
};
const anything: Model = { type: "a value", fix: REJECTED, is: () => true };
const base64 = string(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "text in base64", '"aGVsbG8="');
const duration = string(
  /^(?=.)(\d+(\.\d+)?h)?(\d+(\.\d+)?m)?(\d+(\.\d+)?s)?(\d+(\.\d+)?ms)?$/,
  "a duration with units",
  '"1h30m"',
);
const oneOf = (...values: readonly string[]): Model =>
  string(new RegExp(`^(${values.join("|")})$`), `one of ${values.join(", ")}`, `"${values[0]}"`);
const list = (each: Model, limit?: Model["limit"]): Model => ({
  type: "a list",
  fix: `Write it in brackets: [first, second]. ${REJECTED}`,
  is: Array.isArray,
  each,
  limit,
});
const BRACES = `Write it in braces: { name: value }. ${REJECTED}`;
const table = (shape: Readonly<Record<string, Model>>): Model => ({
  type: "an object of settings",
  fix: BRACES,
  is: isPlainObject,
  table: shape,
});
const map = (each: Model, names?: Limit<string>): Model => ({
  type: "an object",
  fix: BRACES,
  is: isPlainObject,
  each,
  names,
});
const secret = (rule: Model["secret"]): Model => ({ ...anything, secret: rule });

export const identifier = matches(
  "^[A-Za-z0-9-]{1,76}$",
  "have a name of 1 to 76 letters, digits and hyphens",
  REJECTED,
);
const sysctlName = matches(
  "^[A-Za-z0-9_-][A-Za-z0-9_-]*([./][A-Za-z0-9_-]+)*$",
  "have a name of letters, digits, hyphens and underscores between dots",
  REJECTED,
);
const container = { source: text, "user-data": base64, command: list(text) };
const mode = oneOf("off", "once", "always");

/**
 * The settings of the variants for ECS. Newer versions of Bottlerocket have more.
 * https://bottlerocket.dev/en/os/latest/#/api/settings/, https://github.com/bottlerocket-os/bottlerocket-settings-sdk
 */
const MODEL = table({
  autoscaling: table({ "should-wait": flag }),
  aws: table({ region: text, profile: text, config: base64, credentials: secret(noAwsCredentials) }),
  boot: table({
    "reboot-to-reconcile": flag,
    "kernel-parameters": map(list(text)),
    "init-parameters": map(list(text)),
  }),
  "bootstrap-commands": map(table({ commands: list(list(text)), mode, essential: flag }), identifier),
  "bootstrap-containers": map(table({ ...container, mode, essential: flag }), identifier),
  cloudformation: table({ "should-signal": flag, "stack-name": text, "logical-resource-id": text }),
  "container-registry": table({
    mirrors: anything,
    credentials: secret(noRegistryPassword),
    creds: secret(noRegistryPassword),
  }),
  dns: table({ "name-servers": list(text), "search-list": list(text) }),
  ecs: table({
    "allow-privileged-containers": flag,
    "awsvpc-block-imds": flag,
    "backend-host": text,
    cluster: text,
    "container-stop-timeout": duration,
    "enable-container-metadata": flag,
    "enable-spot-instance-draining": flag,
    "image-cleanup-age": duration,
    "image-cleanup-delete-per-cycle": count,
    "image-cleanup-enabled": flag,
    "image-cleanup-wait": duration,
    "image-pull-behavior": text,
    "instance-attributes": map(text),
    "logging-drivers": list(oneOf(...LOG_DRIVERS), hasAwslogs),
    loglevel: text,
    "metadata-service-burst": count,
    "metadata-service-rps": count,
    "reserved-memory": count,
    "task-cleanup-wait": duration,
  }),
  "host-containers": map(table({ ...container, enabled: flag, superpowered: flag }), identifier),
  kernel: table({
    lockdown: oneOf("none", "integrity", "confidentiality"),
    modules: map(table({ allowed: flag, autoload: flag })),
    sysctl: map(text, sysctlName),
    hugepages: anything,
    drivers: anything,
  }),
  metrics: table({ "metrics-url": text, "send-metrics": flag, "service-checks": list(text) }),
  motd: text,
  network: table({
    hostname: text,
    hosts: list(anything),
    "https-proxy": text,
    "no-proxy": list(text),
    "disable-ipv6": list(text),
  }),
  ntp: table({ "time-servers": anything, options: list(text), logging: list(text) }),
  "nvidia-container-runtime": table({
    "visible-devices-as-volume-mounts": flag,
    "visible-devices-envvar-when-unprivileged": flag,
  }),
  "oci-defaults": table({ capabilities: map(flag), "resource-limits": map(anything) }),
  "oci-hooks": table({ "log4j-hotpatch-enabled": flag }),
  pki: map(table({ data: base64, trusted: flag }), identifier),
  updates: table({
    "metadata-base-url": text,
    "targets-base-url": text,
    seed: count,
    "version-lock": text,
    "ignore-waves": flag,
  }),
});

/** A part of settings that the model does not have. */
interface Deviation {
  readonly path: readonly Key[];
  /** Completes "must …". Undefined for an unknown name, which a newer Bottlerocket can have. */
  readonly must?: string;
  readonly received: string;
  readonly fix: string;
}

/** Finds what Bottlerocket rejects in its settings, and the names that the library does not know. */
export function* deviations(value: unknown, model: Model = MODEL, path: readonly Key[] = []): Iterable<Deviation> {
  const { type, fix, is, table: shape, each, names, limit, secret: reason } = model;
  const received = show(value);
  if (reason) yield { path, ...reason, received: NOT_SHOWN };
  else if (!is(value)) yield { path, must: `be ${type}`, received, fix };
  else if (limit && !limit.check(value as never)) yield { path, must: limit.must, received, fix: limit.fix };
  else if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) if (each) yield* deviations(element, each, [...path, index]);
  } else if (isPlainObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      const at = [...path, name];
      if (names && !names.check(name, {})) yield { path: at, must: names.must, received: show(name), fix: names.fix };
      else if (each) yield* deviations(inner, each, at);
      else if (shape)
        yield* Object.hasOwn(shape, name) ? deviations(inner, shape[name], at) : [unknownName(name, shape, at)];
    }
  }
}

function unknownName(name: string, shape: object, path: readonly Key[]): Deviation {
  // Names of three or four letters are near many others.
  const near = nearest(name.toLowerCase(), Object.keys(shape), Math.min(2, Math.floor(name.length / 3)));
  const fix = near ? `Did you mean "${near}"? ${REJECTED}` : "";
  return { path, must: near && "be a setting of Bottlerocket", received: show(name), fix };
}
