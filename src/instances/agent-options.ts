import { oneOfWords, type Rule, violation, wholeNumber } from "../validation/rule";
import { show } from "../validation/show";
import { AMI_FAMILY_TRAITS, type AmiFamily } from "./ami-family";

/** When the agent pulls an image that the instance has already. */
export const IMAGE_PULL_BEHAVIORS = ["default", "always", "once", "prefer-cached"] as const;
/** How much the agent logs. */
export const LOG_LEVELS = ["crit", "error", "warn", "info", "debug"] as const;

/**
 * What callers may set of the ECS agent. The cluster, the host port range, Spot draining and the block on instance
 * metadata are not among them: they follow from the rest of the stack.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
 */
export interface AgentOptions {
  /** `ECS_IMAGE_PULL_BEHAVIOR`. @default "default": pull, and fall back on the cached image */
  readonly imagePullBehavior?: (typeof IMAGE_PULL_BEHAVIORS)[number];
  /** `ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION`, in seconds, at least 60: how long a stopped task's containers are kept. @default - the agent's: 3 hours */
  readonly taskCleanupWaitSeconds?: number;
  /** `ECS_CONTAINER_STOP_TIMEOUT`, in seconds, at least 1: how long a container may take to stop. @default - the agent's: 30 seconds */
  readonly containerStopTimeoutSeconds?: number;
  /** `ECS_LOGLEVEL`. @default - the agent's: info */
  readonly logLevel?: (typeof LOG_LEVELS)[number];
  /** `ECS_RESERVED_MEMORY`, in MiB: kept from tasks, for the system. @default - the agent's: 0 */
  readonly reservedMemoryMiB?: number;
  /** `ECS_WARM_POOLS_CHECK`: wait until the instance leaves a warm pool. @default false */
  readonly warmPoolsCheck?: boolean;
  /** `ECS_INSTANCE_ATTRIBUTES`: attributes for placement constraints, at most 10. Names and values of 1 to 128 characters. @default - none */
  readonly instanceAttributes?: Readonly<Record<string, string>>;
  /** Any other option, by its own name: `{ ECS_POLL_METRICS: "false" }`. Not on Bottlerocket, and not `ECS_ENGINE_AUTH_DATA`, which holds a registry's password. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The names that only this library sets. */
const OWN_NAMES: readonly string[] = [
  "ECS_CLUSTER",
  "ECS_DYNAMIC_HOST_PORT_RANGE",
  "ECS_AWSVPC_BLOCK_IMDS",
  "ECS_ENABLE_SPOT_INSTANCE_DRAINING",
  "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM",
  "ECS_IMAGE_PULL_BEHAVIOR",
  "ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION",
  "ECS_CONTAINER_STOP_TIMEOUT",
  "ECS_LOGLEVEL",
  "ECS_RESERVED_MEMORY",
  "ECS_WARM_POOLS_CHECK",
  "ECS_INSTANCE_ATTRIBUTES",
];

/** Passwords: user data is no secret, to nobody who may describe the instance or read the state. */
const SECRET_NAME = "ECS_ENGINE_AUTH_DATA";

const AGENTS_OWN = "Change it, or leave it out for the agent's own.";
const DAY = 86_400;
const RULES: Readonly<Partial<Record<keyof AgentOptions, Rule<never>>>> = {
  imagePullBehavior: oneOfWords(IMAGE_PULL_BEHAVIORS, AGENTS_OWN),
  taskCleanupWaitSeconds: wholeNumber(60, 30 * DAY, "seconds", "The agent's own is 10800."),
  containerStopTimeoutSeconds: wholeNumber(1, DAY, "seconds", "The agent's own is 30."),
  logLevel: oneOfWords(LOG_LEVELS, AGENTS_OWN),
  reservedMemoryMiB: wholeNumber(0, 1_048_576, "MiB", "The agent's own is 0."),
};

/** Of one instance. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutAttributes.html */
export const MOST_ATTRIBUTES = 10;
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Attribute.html */
const ATTRIBUTE_NAME = /^[A-Za-z0-9_./\\-]{1,128}$/;
const ATTRIBUTE_VALUE = /^(?! )[A-Za-z0-9_.@/\\: -]{1,128}(?<! )$/;

/** Every way in which the options break a rule of the agent or of the family. `at` is what the caller calls them. */
export function agentOptionMistakes(options: AgentOptions, family: AmiFamily, at: string): string[] {
  const typed = Object.entries(RULES).flatMap(([name, rule]) => {
    const value = options[name as keyof AgentOptions];
    return value === undefined || rule.check(value as never, {})
      ? []
      : [violation(`${at}.${name}`, rule, value as never)];
  });
  const given = Object.entries(options.instanceAttributes ?? {});
  const attributes = given.flatMap(([name, value]) => attributeMistakes(`${at}.instanceAttributes`, name, value));
  if (given.length > MOST_ATTRIBUTES) {
    attributes.push(
      `${at}.instanceAttributes must be at most ${MOST_ATTRIBUTES}, which is what an instance takes; received ${given.length}. Join some of them in one value.`,
    );
  }
  const variables = Object.entries(options.variables ?? {}).flatMap(([name, value]) =>
    variableMistakes(`${at}.variables.${name}`, name, value, family),
  );
  return [...typed, ...attributes, ...variables];
}

/** An attribute that ECS refuses keeps the instance from registering. */
function attributeMistakes(at: string, name: string, value: string): string[] {
  return [
    ...(ATTRIBUTE_NAME.test(name)
      ? []
      : [
          `${at} must have names of 1 to 128 letters, digits and _ . / \\ -; received ${show(name)}. Rename it: ECS would not register the instance.`,
        ]),
    ...(ATTRIBUTE_VALUE.test(value)
      ? []
      : [
          `${at}.${name} must be 1 to 128 letters, digits, spaces and _ . @ / \\ : -, with no space at either end; received ${show(value)}. Change it: ECS would not register the instance.`,
        ]),
  ];
}

function variableMistakes(at: string, name: string, value: string, family: AmiFamily): string[] {
  // The value is nowhere shown: it is what must not be seen.
  if (name === SECRET_NAME) {
    return [
      `${at} must not be given, since it holds passwords, which user data and the state would show; received a value. Push the images to ECR (ecrRepository), or have a line of extraUserData fetch it from Secrets Manager at first boot.`,
    ];
  }
  const mistakes: string[] = [];
  if (AMI_FAMILY_TRAITS[family].userData === "toml") {
    mistakes.push(
      `${at} can't be set with ${family}, whose agent reads no ECS_* variables; received ${show(value)}. Use the typed options, or choose amazon-linux-2023.`,
    );
  }
  if (OWN_NAMES.includes(name)) {
    mistakes.push(
      `${at} is set by this library; received ${show(value)}. Use the setting of the same purpose instead.`,
    );
  } else if (!/^ECS_[A-Z0-9_]+$/.test(name)) {
    mistakes.push(
      `${at} must be named ECS_ and capital letters; received ${show(name)}. The agent ignores other names.`,
    );
  }
  return [...mistakes, ...singleLineMistakes(at, value)];
}

/** A line break would end the entry and begin another, for instance a second `ECS_CLUSTER`. */
export function singleLineMistakes(name: string, value: string): string[] {
  return /[\r\n\0]/.test(value)
    ? [
        `${name} must be one line; received ${show(value)}. Remove the line break: the agent reads one NAME=value a line.`,
      ]
    : [];
}
