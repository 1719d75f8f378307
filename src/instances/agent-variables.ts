import ipaddr from "ipaddr.js";
import { nearest } from "../validation/problem";
import { matches } from "../validation/rule";
import type { Findings, Known, Limit } from "../validation/settings-rule";
import { isPlainObject } from "../validation/token";
import { noAwsCredentials, noRegistryPassword } from "./user-data-secret";

/** A line break would end the variable and start another one, such as a second `ECS_CLUSTER`. */
export const singleLine: Limit<string> = {
  must: "be one line",
  fix: "Remove the line break. The agent reads one NAME=value per line.",
  check: (text) => !/[\r\n\0]/.test(text),
};

/* ---- The forms of values. https://github.com/aws/amazon-ecs-agent/blob/master/agent/config/parse.go ---- */

type Form = Limit<string>;
const IGNORED = "The agent ignores other values.";

/** The values of Go's `strconv.ParseBool`. */
const FLAG = /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;
const flag: Form = {
  must: "be true or false",
  fix: `${IGNORED} Write "true" or "false".`,
  check: (text) => FLAG.test(text),
};
const isOff = (text: string | undefined): boolean => text !== undefined && FLAG.test(text) && /^[0f]/i.test(text);
const isOn = (text: string | undefined): boolean => text !== undefined && FLAG.test(text) && !isOff(text);
const on: Form = {
  must: "be true, because services need it",
  fix: "Remove it. Otherwise ECS places no task of a service that has an execution role or a task role.",
  check: (text) => !isOff(text),
};

const oneOf = (...values: readonly string[]): Form => ({
  must: `be ${values.slice(0, -1).join(", ")} or ${values.at(-1)}`,
  fix: IGNORED,
  check: (value) => values.includes(value),
});
const count = (min: number, max = 2_147_483_647): Form => ({
  must: `be a whole number from ${min} to ${max}`,
  fix: IGNORED,
  check: (value) => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max,
});

/** Seconds of the units of Go's `time.ParseDuration`. */
const UNITS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/gu;
function secondsOf(value: string): number {
  if (value === "" || value.replace(PART, "") !== "") return Number.NaN;
  return [...value.matchAll(PART)].reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
}
function duration(min = "1ns", max?: string): Form {
  const limits = max ? ` from ${min} to ${max}` : min === "1ns" ? "" : ` of at least ${min}`;
  const most = max === undefined ? Number.POSITIVE_INFINITY : secondsOf(max);
  return {
    must: `be a duration with a unit${limits}`,
    fix: `For example "90s", "30m" or "1h30m". ${IGNORED}`,
    check: (value) => secondsOf(value) >= secondsOf(min) && secondsOf(value) <= most,
  };
}

/** A JSON text. @param of what it has, for messages */
function json(of: string, example: string, check: (value: unknown) => boolean, fix = IGNORED): Form {
  return {
    must: `be JSON: ${of}`,
    fix: `For example ${example}, without quotes around it. ${fix}`,
    check: (value) => {
      try {
        return check(JSON.parse(value));
      } catch {
        return false;
      }
    },
  };
}
const isListOf = (check: (element: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every((element) => check(element));
const isString = (value: unknown): value is string => typeof value === "string";
const isPort = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535;
const isMap = (value: unknown) => isPlainObject(value) && Object.values(value).every(isString);

/** The log drivers that the agent knows. It does not start with another one. */
export const LOG_DRIVERS: readonly string[] = [
  ...["awslogs", "awsfirelens", "fluentd", "gelf", "journald", "json-file", "logentries", "none", "splunk"],
  ...["sumologic", "syslog"],
];
/** Drivers that a setting can add to the agent's own. `awsfirelens` is always there, and older agents do not start with it. */
export const FURTHER_LOG_DRIVERS = ["fluentd", "gelf", "journald", "splunk", "syslog"] as const;

/** The drivers that ecs-init offers. https://github.com/aws/amazon-ecs-agent/blob/master/ecs-init/docker/docker.go */
export const AGENT_LOG_DRIVERS: readonly string[] = ["json-file", "syslog", "awslogs", "fluentd", "none"];

const drivers = json(
  "a list of log drivers that the agent knows",
  '["json-file","awslogs","none"]',
  isListOf((driver) => LOG_DRIVERS.includes(driver as string)),
  `The drivers are ${LOG_DRIVERS.join(", ")}.`,
);
/** What every service needs of the log drivers, in the agent's variable and in Bottlerocket's settings. */
export const hasAwslogs = {
  must: "contain awslogs",
  fix: "Add it. Services log with it, and ECS places their tasks only on instances that have it.",
  check: (all: readonly unknown[]) => all.includes("awslogs"),
};
const withAwslogs: Form = { ...hasAwslogs, check: (value) => hasAwslogs.check(JSON.parse(value)) };
const ports = json("a list of ports", "[22,8080]", isListOf(isPort));
const strings = json("a list of strings", '["efsAuth"]', isListOf(isString));
const DOES_NOT_START = "The agent does not start with other values.";
const networks = json(
  "a list of networks",
  '["10.0.15.0/24"]',
  isListOf((network) => isString(network) && ipaddr.isValidCIDR(network)),
  DOES_NOT_START,
);
const labels = json("an object of strings", '{"team":"a"}', isMap);
const tags = json("an object of tags", '{"team":"a"}', isMap, DOES_NOT_START);
const noAwsTag: Form = {
  must: "have no tag that starts with aws:",
  fix: "Rename the tag. ECS would not register the instance.",
  check: (value) => !Object.keys(JSON.parse(value)).some((key) => /^aws:/i.test(key)),
};
const proxy: Form = {
  must: "be the host and the port of a proxy, without a password",
  fix: 'For example "10.0.0.131:3128". User data is not secret.',
  check: (value) => /^(https?:\/\/)?[^\s/@]+\/?$/.test(value),
};

const FORMS: readonly (readonly [forms: readonly Form[], ...names: string[]])[] = [
  [
    [flag],
    ...["ECS_AGENT_PID_NAMESPACE_HOST", "ECS_AGENT_RUN_PRIVILEGED", "ECS_ALLOW_OFFHOST_INTROSPECTION_ACCESS"],
    ...["ECS_APPARMOR_CAPABLE", "ECS_AUDIT_LOGFILE_DISABLED", "ECS_CHECKPOINT", "ECS_DISABLE_DOCKER_HEALTH_CHECK"],
    ...["ECS_DISABLE_IMAGE_CLEANUP", "ECS_DISABLE_METRICS", "ECS_DISABLE_PRIVILEGED", "ECS_DISABLE_TASK_METADATA_AZ"],
    ...["ECS_EBSTA_SUPPORTED", "ECS_ENABLE_CONTAINER_METADATA", "ECS_ENABLE_FIRELENS_ASYNC", "ECS_ENABLE_GPU_SUPPORT"],
    ...["ECS_ENABLE_HIGH_DENSITY_ENI", "ECS_ENABLE_INF_SUPPORT", "ECS_ENABLE_RUNTIME_STATS"],
    ...["ECS_ENABLE_TASK_CPU_MEM_LIMIT", "ECS_ENABLE_TASK_ENI", "ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST"],
    ...["ECS_ENABLE_UNTRACKED_IMAGE_CLEANUP", "ECS_EXCLUDE_IPV6_PORTBINDING", "ECS_EXTERNAL"],
    ...["ECS_FSX_WINDOWS_FILE_SERVER_SUPPORTED", "ECS_GMSA_SUPPORTED", "ECS_POLL_METRICS"],
    ...["ECS_PROPAGATE_TASK_MEMORY_LIMIT_CGROUPV2", "ECS_PULL_DEPENDENT_CONTAINERS_UPFRONT", "ECS_SELINUX_CAPABLE"],
    ...["ECS_SHARED_VOLUME_MATCH_FULL_CONFIG", "ECS_SKIP_LOCALHOST_TRAFFIC_FILTER", "ECS_UPDATES_ENABLED"],
  ],
  [[flag, on], "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE", "ECS_ENABLE_TASK_IAM_ROLE"],
  [
    [duration()],
    ...["ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION_JITTER", "ECS_IMAGE_MINIMUM_CLEANUP_AGE", "ECS_IMAGE_PULL_TIMEOUT"],
    "NON_ECS_IMAGE_MINIMUM_CLEANUP_AGE",
  ],
  [[duration("10m")], "ECS_IMAGE_CLEANUP_INTERVAL"],
  [[duration("1m")], "ECS_CONTAINER_CREATE_TIMEOUT", "ECS_IMAGE_PULL_INACTIVITY_TIMEOUT"],
  [[duration("45s")], "ECS_CONTAINER_START_TIMEOUT"],
  [[duration("30s")], "ECS_MANIFEST_PULL_TIMEOUT"],
  [[duration("5s", "20s")], "ECS_POLLING_METRICS_WAIT_DURATION"],
  [[duration("8ms", "100ms")], "ECS_CGROUP_CPU_PERIOD"],
  [
    [count(1)],
    ...["ECS_INIT_DOCKER_LOG_FILE_NUM", "ECS_LOG_MAX_ROLL_COUNT", "ECS_NUM_IMAGES_DELETE_PER_CYCLE"],
    "NONECS_NUM_CONTAINERS_DELETE_PER_CYCLE",
  ],
  [[count(1, 4_194_304)], "ECS_TASK_PIDS_LIMIT"],
  [
    [matches("^[0-9]*[.]?[0-9]*[1-9][0-9]*$", "be a number of megabytes above 0", 'For example "5".')],
    "ECS_LOG_MAX_FILE_SIZE_MB",
  ],
  [
    [matches("^[1-9][0-9]{0,8}, ?[1-9][0-9]{0,8}$", "be two numbers with a comma", `For example "40,60". ${IGNORED}`)],
    "ECS_TASK_METADATA_RPS_LIMIT",
  ],
  [[drivers, withAwslogs], "ECS_AVAILABLE_LOGGING_DRIVERS"],
  [[ports], "ECS_RESERVED_PORTS", "ECS_RESERVED_PORTS_UDP"],
  [[strings], "ECS_VOLUME_PLUGIN_CAPABILITIES"],
  [[networks], "ECS_AWSVPC_ADDITIONAL_LOCAL_ROUTES"],
  [[tags, noAwsTag], "ECS_CONTAINER_INSTANCE_TAGS"],
  [[labels], "ECS_AGENT_LABELS", "ECS_LOG_OPTS", "ECS_PAUSE_LABELS"],
  [[oneOf("docker", "dockercfg")], "ECS_ENGINE_AUTH_TYPE"],
  [[oneOf("ipv4", "ipv6")], "ECS_INSTANCE_IP_COMPATIBILITY"],
  [[oneOf("none", "crit", "error", "warn", "info", "debug")], "ECS_LOGLEVEL_ON_INSTANCE"],
  [[oneOf("size", "hourly", "date", "none")], "ECS_LOG_ROLLOVER_TYPE"],
  [[oneOf("logfmt", "json")], "ECS_LOG_OUTPUT_FORMAT"],
  [[oneOf("awslogs", "fluentd", "gelf", "json-file", "journald", "logentries", "splunk", "syslog")], "ECS_LOG_DRIVER"],
  [[proxy], "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"],
  // Any text.
  [
    [],
    ...["AWS_DEFAULT_REGION", "CREDENTIALS_FETCHER_HOST", "CREDENTIALS_FETCHER_SECRET_NAME_FOR_DOMAINLESS_GMSA"],
    ...["DOCKER_HOST", "ECS_AGENT_APPARMOR_PROFILE", "ECS_AGENT_HEALTHCHECK_HOST", "ECS_ALTERNATE_CREDENTIAL_PROFILE"],
    ...["ECS_AUDIT_LOGFILE", "ECS_BACKEND_HOST", "ECS_CGROUP_PATH", "ECS_CNI_LOGLEVEL", "ECS_CNI_PLUGINS_PATH"],
    ...["ECS_DATADIR", "ECS_DETAILED_OS_FAMILY", "ECS_EXCLUDE_UNTRACKED_IMAGE", "ECS_HOST_DATA_DIR"],
    ...["ECS_INIT_DOCKER_LOG_FILE_SIZE", "ECS_LOGFILE", "ECS_NVIDIA_RUNTIME", "ECS_UPDATE_DOWNLOAD_DIR"],
    ...["ECS_OFFHOST_INTROSPECTION_INTERFACE_NAME", "NO_PROXY", "no_proxy"],
  ],
];
const KNOWN = new Map(FORMS.flatMap(([forms, ...names]) => names.map((name) => [name, forms] as const)));

/* ---- The names of variables. ---- */

/** Returns the limits of names. @param ours the variables that the library sets */
export const variableNames = (ours: readonly string[]): readonly Limit<string>[] => [
  { ...noRegistryPassword, check: (name) => name !== "ECS_ENGINE_AUTH_DATA" },
  { ...noAwsCredentials, check: (name) => !/^AWS_(ACCESS_KEY(_ID)?|SECRET_(ACCESS_)?KEY|SESSION_TOKEN)$/.test(name) },
  {
    must: "not be a variable that the library sets",
    fix: "Use the setting with the same purpose instead.",
    check: (name) => !ours.includes(name),
  },
  matches(
    "^[A-Za-z_][A-Za-z0-9_]*$",
    "have a name of letters, digits and underscores",
    "The name is part of a line of /etc/ecs/ecs.config.",
  ),
];

/** The letters in which a misspelt name differs from the name that was meant. */
const MOST_WRONG_LETTERS = 2;
const meant = (name: string, ours: readonly string[]): string | undefined =>
  nearest(name.toUpperCase(), [...KNOWN.keys(), ...ours], MOST_WRONG_LETTERS);

type Variables = { readonly variables?: Readonly<Record<string, string>> };

/** Finds misspelt names, and values that the agent ignores or does not start with. */
export function* variableProblems({ variables = {} }: Known<Variables>, ours: readonly string[]): Findings<Variables> {
  for (const [name, value] of Object.entries(variables)) {
    const at = ["variables", name] as const;
    const forms = KNOWN.get(name);
    const near = forms || ours.includes(name) ? undefined : meant(name, ours);
    if (near !== undefined) {
      yield { at, must: "be a variable of the agent", received: name, fix: `Did you mean "${near}"?` };
    }
    const form = value === undefined ? undefined : forms?.find(({ check }) => !check(value, {}));
    const received = value?.replace(/^(\w+:\/\/)?.*@/, "$1…@");
    if (form) yield { at, must: form.must, received, fix: form.fix };
  }
  yield* directAddresses(variables);
}

/** Instance metadata, the credentials of tasks, and Docker. */
const DIRECT = ["169.254.169.254", "169.254.170.2", "/var/run/docker.sock"];

/** The forms of Go: https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config */
const isDirect = (address: string, noProxy: string): boolean =>
  noProxy.split(",").some((part) => {
    const entry = part.trim();
    if (entry === "*" || entry === address) return true;
    return ipaddr.IPv4.isValidCIDR(entry) && ipaddr.IPv4.isValid(address)
      ? ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(entry))
      : false;
  });

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/http_proxy_config.html */
function* directAddresses(variables: Readonly<Record<string, string | undefined>>): Findings<Variables> {
  const isGiven = (name: string) => Object.hasOwn(variables, name);
  // Go reads the upper-case name first.
  const name = !isGiven("NO_PROXY") && isGiven("no_proxy") ? "no_proxy" : "NO_PROXY";
  const { [name]: direct = "" } = variables;
  const hasProxy = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].some(isGiven);
  const isUnknown = isGiven(name) && variables[name] === undefined;
  const missing = DIRECT.filter((address) => !isDirect(address, direct));
  if (!hasProxy || isUnknown || missing.length === 0) return;
  yield {
    at: ["variables", name],
    must: `contain ${DIRECT.join(",")} with a proxy`,
    fix: "The agent reaches instance metadata, the credentials of tasks and Docker directly.",
  };
}

/** Returns the warnings about variables that the library does not know. Newer agents know more. */
export const variableWarnings = (variables: Readonly<Record<string, string>> = {}): readonly string[] =>
  Object.keys(variables)
    .filter((name) => !KNOWN.has(name))
    .map(
      (name) =>
        `agent.variables.${name}: the library does not know this variable, and passes it on. Check its spelling: https://github.com/aws/amazon-ecs-agent#environment-variables`,
    );

/** Returns the log drivers of the variables, or undefined when the variables do not name them. */
export function logDriversOf({ variables = {} }: Variables): readonly string[] | undefined {
  const { ECS_AVAILABLE_LOGGING_DRIVERS: names } = variables;
  return names === undefined ? undefined : (JSON.parse(names) as readonly string[]);
}

/** Returns true when the variables let the agent start privileged containers. */
export const allowsPrivilegedTasks = ({ variables = {} }: Variables): boolean =>
  !isOn(variables.ECS_DISABLE_PRIVILEGED);
