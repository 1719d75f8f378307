import { type Secret, secretField } from "../iam/secret";
import { hcl } from "../terraform/expression";
import { logRetentionRule } from "../validation/aws-rules";
import { matches, wholeNumber } from "../validation/rule";
import {
  boolean,
  choice,
  custom,
  list,
  map,
  number,
  type Parsed,
  plain,
  schemaOf,
  sensitive,
  string,
} from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";
import { type Json, some, sortedEntries, text } from "./ecs-json";

const LOG_MODES = ["non-blocking", "blocking"] as const;

/** How containers write to their log. https://docs.docker.com/engine/logging/configure/ */
export type LogMode = (typeof LOG_MODES)[number];

/** The field of the mode of a log driver. */
export const logModeField = plain(choice(...LOG_MODES));

const LOG_GROUP_CLASSES = ["STANDARD", "INFREQUENT_ACCESS"] as const;

/** The log drivers that a container can use. */
export type LogDriverName =
  | "awslogs"
  | "awsfirelens"
  | "fluentd"
  | "gelf"
  | "journald"
  | "json-file"
  | "none"
  | "splunk"
  | "syslog";

/** Where a container's output goes with the log driver `awslogs`, and how. */
export interface AwsLogDriverProps {
  /** The start of the names of the log streams. @default - the name of the task definition */
  readonly streamPrefix?: string;
  /** The name of a log group that exists. @default - the log group of the task */
  readonly logGroup?: string;
  /** Days that a log group of the container's own keeps the output. @default - the log group of the task, with `logRetentionDays` */
  readonly retention?: number;
  /** The class of a log group of the container's own. @default - the log group of the task, which is `STANDARD` */
  readonly logGroupClass?: (typeof LOG_GROUP_CLASSES)[number];
  /** What happens to output that CloudWatch Logs does not receive in time. @default - `logMode` of the task */
  readonly mode?: LogMode;
  /** The memory for output in the mode `non-blocking`, such as `4m`. @default - 25m */
  readonly maxBufferSize?: string;
  /** A regular expression that matches the first line of a message of several lines. @default - each line is a message */
  readonly multilinePattern?: string;
  /** The start of a message of several lines, as a date in the format of strftime. @default - each line is a message */
  readonly datetimeFormat?: string;
}

const dockerSize = matches("^[1-9][0-9]*[kmg]$", "be a number with the unit k, m or g", 'For example "25m".');

export const awsLogDriverPropsSchema = schemaOf<AwsLogDriverProps>()(
  {
    streamPrefix: string(
      matches("^[^:*]{1,256}$", "have 1 to 256 characters without : and *", "For example the name of the team."),
    ).optional(),
    logGroup: string(
      matches(
        "^[A-Za-z0-9_/.#-]{1,512}$",
        "be the name of a log group",
        "List the log groups: aws logs describe-log-groups --query logGroups[].logGroupName",
      ),
    ).optional(),
    retention: number(logRetentionRule).optional(),
    logGroupClass: plain(choice(...LOG_GROUP_CLASSES)).optional(),
    mode: logModeField.optional(),
    maxBufferSize: string(dockerSize).optional(),
    multilinePattern: string().optional(),
    datetimeFormat: string().optional(),
  },
  function* ownLogGroup(_, given) {
    for (const at of ["retention", "logGroupClass"] as const) {
      if (!given("logGroup") || !given(at)) continue;
      yield {
        at,
        must: "not be set with logGroup",
        fix: "The log group that exists has its own. Remove one of the two.",
      };
    }
  },
  function* oneStart(_, given) {
    if (!given("multilinePattern") || !given("datetimeFormat")) return;
    yield {
      at: "datetimeFormat",
      must: "not be set with multilinePattern",
      fix: "Docker accepts one. Remove one of the two.",
    };
  },
  function* bufferOfMode({ mode }, given) {
    if (mode !== "blocking" || !given("maxBufferSize")) return;
    yield { at: "maxBufferSize", must: 'not be set with mode "blocking"', fix: "This mode has no buffer. Remove it." };
  },
);

/** Options of most log drivers. */
export interface BaseLogDriverProps {
  /** The tag of each message, with Docker's templates such as `{{.Name}}`. @default - the first characters of the container's id */
  readonly tag?: string;
  /** Docker labels of the container that each message has. @default - none */
  readonly labels?: readonly string[];
  /** Environment variables of the container that each message has. @default - none */
  readonly env?: readonly string[];
  /** The same for the variables that match a regular expression. @default - none */
  readonly envRegex?: string;
  /** Further options by Docker's names. They replace the others. @default - none */
  readonly options?: Readonly<Record<string, string>>;
  /** Options whose values are secrets, by Docker's names. The execution role can read them. @default - none */
  readonly secretOptions?: Readonly<Record<string, Secret>>;
}

const baseShape = {
  tag: string().optional(),
  labels: list(string()).optional(),
  env: list(string()).optional(),
  envRegex: string().optional(),
  options: map(string()).default({}),
  secretOptions: sensitive(map(secretField)).default({}),
};

/** An option is a text or a secret. */
function* distinctOptions({
  options = {},
  secretOptions = {},
}: Known<BaseLogDriverProps>): Findings<BaseLogDriverProps> {
  for (const name of Object.keys(secretOptions)) {
    if (!Object.hasOwn(options, name)) continue;
    yield {
      at: ["secretOptions", name],
      must: "have a name that options does not have",
      fix: "Remove one of the two.",
    };
  }
}

export const baseLogDriverPropsSchema = schemaOf<BaseLogDriverProps>()(baseShape, distinctOptions);

/** The options of FireLens, which sends output to the log router of the task. */
export interface FireLensLogDriverProps {
  /**
   * The output of the log router, with the names of Fluent Bit or Fluentd: `{ Name: "cloudwatch_logs", region: "eu-west-1", … }`.
   * @default - none: the configuration of the router decides
   */
  readonly options?: Readonly<Record<string, string>>;
  /** Options whose values are secrets. The execution role can read them. @default - none */
  readonly secretOptions?: Readonly<Record<string, Secret>>;
}

export const fireLensLogDriverPropsSchema = schemaOf<FireLensLogDriverProps>()(
  { options: baseShape.options, secretOptions: baseShape.secretOptions },
  distinctOptions,
);

/** The options of Splunk's HTTP Event Collector. */
export interface SplunkLogDriverProps extends BaseLogDriverProps {
  /** The token of the collector. */
  readonly secretToken: Secret;
  /** The URL of Splunk, such as `https://splunk.example.com:8088`. */
  readonly url: string;
  /** The source of the events. @default - Splunk's own */
  readonly source?: string;
  /** The source type of the events. @default - Splunk's own */
  readonly sourceType?: string;
  /** The index of the events. @default - Splunk's own */
  readonly index?: string;
  /** The path of a CA certificate on the instance. @default - none */
  readonly caPath?: string;
  /** The name in the server's certificate. @default - the host of `url` */
  readonly caName?: string;
  /** Do not check the server's certificate. @default - false */
  readonly insecureSkipVerify?: boolean;
  /** The format of messages. @default - inline */
  readonly format?: "inline" | "json" | "raw";
  /** Check the connection when the container starts. Without it, the container starts when Splunk does not answer. @default - true */
  readonly verifyConnection?: boolean;
  /** Compress messages. @default - false */
  readonly gzip?: boolean;
  /** The level of the compression: -1 is the default, 0 none, 9 the best. @default - -1 */
  readonly gzipLevel?: number;
}

const url = matches(
  "^https?://[^/\\s@]+(/[^\\s]*)?$",
  "be a URL without a user",
  "For example https://splunk.example.com:8088.",
);

const TOKEN_OPTION = "splunk-token";

export const splunkLogDriverPropsSchema = schemaOf<SplunkLogDriverProps>()(
  {
    ...baseShape,
    secretToken: sensitive(secretField),
    // A URL with a user can have a password.
    url: sensitive(string(url)),
    source: string().optional(),
    sourceType: string().optional(),
    index: string().optional(),
    caPath: string().optional(),
    caName: string().optional(),
    insecureSkipVerify: boolean().optional(),
    format: choice("inline", "json", "raw").optional(),
    verifyConnection: boolean().optional(),
    gzip: boolean().optional(),
    gzipLevel: number(wholeNumber(-1, 9, "", "-1 is the default, 0 none and 9 the best.")).optional(),
  },
  distinctOptions,
  oneToken,
);

/** ECS rejects a name that is an option and a secret. A token as an option would be in the state. */
function* oneToken({ options = {}, secretOptions = {} }: Known<SplunkLogDriverProps>): Findings<SplunkLogDriverProps> {
  const given = { options, secretOptions };
  for (const at of ["options", "secretOptions"] as const) {
    if (!Object.hasOwn(given[at], TOKEN_OPTION)) continue;
    const fix = "Set secretToken, which is this option.";
    yield { at, must: `not have ${TOKEN_OPTION}`, fix, received: TOKEN_OPTION };
  }
}

/** The options of Fluentd. */
export interface FluentdLogDriverProps extends BaseLogDriverProps {
  /** The address of Fluentd: a host and a port, or `unix://` and a path. @default - `localhost:24224` of the instance */
  readonly address?: string;
  /** Start the container when Fluentd does not answer, and connect in the background. @default - false */
  readonly async?: boolean;
  /** The most messages in memory. @default - Docker's own */
  readonly bufferLimit?: number;
  /** Seconds between two attempts to connect. @default - 1 */
  readonly retryWaitSeconds?: number;
  /** The most attempts to connect. @default - Docker's own, which has no limit in practice */
  readonly maxRetries?: number;
  /** Times with nanoseconds. @default - false */
  readonly subSecondPrecision?: boolean;
}

const count = wholeNumber(1, 2_147_483_647, "", "Remove it for Docker's own.");

export const fluentdLogDriverPropsSchema = schemaOf<FluentdLogDriverProps>()(
  {
    ...baseShape,
    address: string().optional(),
    async: boolean().optional(),
    bufferLimit: number(count).optional(),
    retryWaitSeconds: number(count).optional(),
    maxRetries: number(count).optional(),
    subSecondPrecision: boolean().optional(),
  },
  distinctOptions,
);

/** The options of the Graylog Extended Log Format. */
export interface GelfLogDriverProps extends BaseLogDriverProps {
  /** The address of the server, such as `udp://logs.example.com:12201`. */
  readonly address: string;
  /** The compression with UDP. @default - gzip */
  readonly compressionType?: "gzip" | "zlib" | "none";
  /** The level of the compression: -1 to 9. @default - 1 */
  readonly compressionLevel?: number;
  /** The most attempts to connect again with TCP. @default - 3 */
  readonly tcpMaxReconnect?: number;
  /** Seconds between two attempts with TCP. @default - 1 */
  readonly tcpReconnectDelaySeconds?: number;
}

const gelfAddress = matches(
  "^(udp|tcp)://[^/\\s@]+:[0-9]+$",
  "be udp:// or tcp:// with a host and a port",
  "For example udp://logs.example.com:12201.",
);

export const gelfLogDriverPropsSchema = schemaOf<GelfLogDriverProps>()(
  {
    ...baseShape,
    address: string(gelfAddress),
    compressionType: choice("gzip", "zlib", "none").optional(),
    compressionLevel: number(wholeNumber(-1, 9, "", "9 is the best compression.")).optional(),
    tcpMaxReconnect: number(count).optional(),
    tcpReconnectDelaySeconds: number(count).optional(),
  },
  distinctOptions,
);

/** The options of syslog. */
export interface SyslogLogDriverProps extends BaseLogDriverProps {
  /** The address of the server, such as `tcp+tls://logs.example.com:6514`. @default - syslog of the instance */
  readonly address?: string;
  /** The facility of messages, such as `local0`. @default - daemon */
  readonly facility?: string;
  /** The path of a CA certificate on the instance. @default - none */
  readonly tlsCaCert?: string;
  /** The path of a certificate on the instance. @default - none */
  readonly tlsCert?: string;
  /** The path of the certificate's key on the instance. @default - none */
  readonly tlsKey?: string;
  /** Do not check the server's certificate. @default - false */
  readonly tlsSkipVerify?: boolean;
  /** The format of messages. @default - the format of the local syslog */
  readonly format?: "rfc3164" | "rfc5424" | "rfc5424micro";
}

const syslogAddress = matches(
  "^((udp|tcp|tcp[+]tls)://[^/\\s@]+|unix(gram)?://.+)$",
  "be an address of syslog",
  "For example tcp+tls://logs.example.com:6514.",
);

export const syslogLogDriverPropsSchema = schemaOf<SyslogLogDriverProps>()(
  {
    ...baseShape,
    address: string(syslogAddress).optional(),
    facility: string().optional(),
    tlsCaCert: string().optional(),
    tlsCert: string().optional(),
    tlsKey: string().optional(),
    tlsSkipVerify: boolean().optional(),
    format: choice("rfc3164", "rfc5424", "rfc5424micro").optional(),
  },
  distinctOptions,
);

/** The options of files in JSON on the instance. */
export interface JsonFileLogDriverProps extends BaseLogDriverProps {
  /** The most bytes of a file, such as `10m`. @default - Docker's own, which is no limit */
  readonly maxSize?: string;
  /** The most files, with `maxSize`. @default - 1 */
  readonly maxFile?: number;
  /** Compress old files. @default - false */
  readonly compress?: boolean;
}

export const jsonFileLogDriverPropsSchema = schemaOf<JsonFileLogDriverProps>()(
  {
    ...baseShape,
    maxSize: string(dockerSize).optional(),
    maxFile: number(count).optional(),
    compress: boolean().optional(),
  },
  distinctOptions,
  function* filesWithSize(_: Known<JsonFileLogDriverProps>, given: Given<JsonFileLogDriverProps>) {
    if (!given("maxFile") || given("maxSize")) return;
    yield { at: "maxFile", must: "not be set without maxSize", fix: "Set maxSize, or remove it." };
  },
);

/** Docker's names of the options that all drivers have. */
const BASE = { tag: "tag", labels: "labels", env: "env", envRegex: "env-regex" };

const NAMES = {
  splunk: {
    url: "splunk-url",
    source: "splunk-source",
    sourceType: "splunk-sourcetype",
    index: "splunk-index",
    caPath: "splunk-capath",
    caName: "splunk-caname",
    insecureSkipVerify: "splunk-insecureskipverify",
    format: "splunk-format",
    verifyConnection: "splunk-verify-connection",
    gzip: "splunk-gzip",
    gzipLevel: "splunk-gzip-level",
  },
  fluentd: {
    address: "fluentd-address",
    async: "fluentd-async",
    bufferLimit: "fluentd-buffer-limit",
    retryWaitSeconds: "fluentd-retry-wait",
    maxRetries: "fluentd-max-retries",
    subSecondPrecision: "fluentd-sub-second-precision",
  },
  gelf: {
    address: "gelf-address",
    compressionType: "gelf-compression-type",
    compressionLevel: "gelf-compression-level",
    tcpMaxReconnect: "gelf-tcp-max-reconnect",
    tcpReconnectDelaySeconds: "gelf-tcp-reconnect-delay",
  },
  syslog: {
    address: "syslog-address",
    facility: "syslog-facility",
    tlsCaCert: "syslog-tls-ca-cert",
    tlsCert: "syslog-tls-cert",
    tlsKey: "syslog-tls-key",
    tlsSkipVerify: "syslog-tls-skip-verify",
    format: "syslog-format",
  },
  journald: {},
  "json-file": { maxSize: "max-size", maxFile: "max-file", compress: "compress" },
};

type Options = Readonly<Record<string, unknown>>;

/** Returns the value of an option as Docker reads it: a list with commas, and a duration of Fluentd with its unit. */
function optionOf(name: string, value: unknown): unknown {
  if (name === "fluentd-retry-wait") return isToken(value) ? hcl`"\${${value}}s"` : `${value}s`;
  if (Array.isArray(value)) return isToken(value) ? hcl`join(",", ${value})` : value.join(",");
  return value;
}

/** Returns options by Docker's names. */
function dockerOptions(driver: keyof typeof NAMES, settings: Parsed<typeof baseLogDriverPropsSchema>): Options {
  const names: Readonly<Record<string, string>> = { ...BASE, ...NAMES[driver] };
  const given = Object.entries(settings).flatMap(([setting, value]): [string, unknown][] => {
    const name = names[setting];
    if (name === undefined || value === undefined || (Array.isArray(value) && value.length === 0)) return [];
    return [[name, optionOf(name, value)]];
  });
  return { ...Object.fromEntries(given), ...settings.options };
}

/**
 * Where the output of a container goes. The names are those of AWS CDK.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
 */
export class LogDriver {
  private constructor(
    /** Docker's name of the driver. */
    readonly driver: LogDriverName,
    /** The options by Docker's names. */
    readonly options: Options,
    /** The options whose values are secrets, by Docker's names. */
    readonly secretOptions: Readonly<Record<string, Secret>>,
    /** The settings of `awslogs`. @default - another driver */
    readonly awsLogs: Parsed<typeof awsLogDriverPropsSchema> | undefined,
  ) {}

  /** Returns the driver that writes to CloudWatch Logs. @throws {SettingsError} with every problem of the props */
  static awsLogs(props: AwsLogDriverProps = {}): LogDriver {
    return new LogDriver("awslogs", {}, {}, validate("LogDriver.awsLogs", awsLogDriverPropsSchema, props));
  }

  /**
   * Returns the driver that sends output to the log router, which the library adds to the task.
   * @throws {SettingsError} with every problem of the props
   */
  static fireLens(props: FireLensLogDriverProps = {}): LogDriver {
    const settings = validate("LogDriver.fireLens", fireLensLogDriverPropsSchema, props);
    return new LogDriver("awsfirelens", settings.options, settings.secretOptions, undefined);
  }

  /** Returns the driver for Splunk. @throws {SettingsError} with every problem of the props */
  static splunk(props: SplunkLogDriverProps): LogDriver {
    const settings = validate("LogDriver.splunk", splunkLogDriverPropsSchema, props);
    const secrets = { [TOKEN_OPTION]: settings.secretToken, ...settings.secretOptions };
    return new LogDriver("splunk", dockerOptions("splunk", settings), secrets, undefined);
  }

  /** Returns the driver for Fluentd. @throws {SettingsError} with every problem of the props */
  static fluentd(props: FluentdLogDriverProps = {}): LogDriver {
    return LogDriver.of("fluentd", validate("LogDriver.fluentd", fluentdLogDriverPropsSchema, props));
  }

  /** Returns the driver for Graylog and Logstash. @throws {SettingsError} with every problem of the props */
  static gelf(props: GelfLogDriverProps): LogDriver {
    return LogDriver.of("gelf", validate("LogDriver.gelf", gelfLogDriverPropsSchema, props));
  }

  /** Returns the driver for syslog. @throws {SettingsError} with every problem of the props */
  static syslog(props: SyslogLogDriverProps = {}): LogDriver {
    return LogDriver.of("syslog", validate("LogDriver.syslog", syslogLogDriverPropsSchema, props));
  }

  /** Returns the driver for the journal of the instance. @throws {SettingsError} with every problem of the props */
  static journald(props: BaseLogDriverProps = {}): LogDriver {
    return LogDriver.of("journald", validate("LogDriver.journald", baseLogDriverPropsSchema, props));
  }

  /** Returns the driver for files on the instance. @throws {SettingsError} with every problem of the props */
  static jsonFile(props: JsonFileLogDriverProps = {}): LogDriver {
    return LogDriver.of("json-file", validate("LogDriver.jsonFile", jsonFileLogDriverPropsSchema, props));
  }

  /** Returns the driver that drops all output. */
  static none(): LogDriver {
    return new LogDriver("none", {}, {}, undefined);
  }

  private static of(driver: keyof typeof NAMES, settings: Parsed<typeof baseLogDriverPropsSchema>): LogDriver {
    return new LogDriver(driver, dockerOptions(driver, settings), settings.secretOptions, undefined);
  }
}

/** The field of a log driver. A LogDriver is valid once it exists, because its factories reject wrong arguments. */
export const logDriverField = custom<LogDriver>(
  "a LogDriver",
  "Use a factory such as LogDriver.awsLogs().",
  (value) => value instanceof LogDriver,
);

/** Returns the log configuration of another driver than `awslogs` as the API of ECS names it. */
export const driverJson = ({ driver, options, secretOptions }: LogDriver, clusterArn: string): Json => ({
  logDriver: driver,
  options:
    Object.keys(options).length > 0
      ? Object.fromEntries(sortedEntries(options).map(([name, value]) => [name, optionJson(value)]))
      : undefined,
  secretOptions: some(
    sortedEntries(secretOptions).map(([name, secret]) => ({
      name: text(name),
      valueFrom: secret.valueFrom(clusterArn),
    })),
  ),
});

/** Each option of a log driver is text in the API of ECS. */
function optionJson(value: unknown): unknown {
  if (typeof value === "string") return text(value);
  return isToken(value) ? hcl`tostring(${value})` : `${value}`;
}
