import { distinctElements, each, length, matches, matchesNot, type Rule, wholeNumber } from "../validation/rule";

/** Every limit of AWS that a service's settings are held against, each once: checks, messages and docs read it here. */
export const SERVICE_LIMITS = {
  /** `<cluster>-<service>`: with `-exec-` after it, it is the prefix of a role's name, and those end at 38. */
  composedName: 32,
  /** What the shortest cluster name leaves of it. */
  serviceName: { min: 1, max: 28 },
  port: { min: 1, max: 65_535 },
  /** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
  cpu: { min: 2, max: 196_608 },
  memoryMiB: { min: 6, max: 25_165_824 },
  containers: { min: 1, max: 10 },
  /** Of a whole task definition, in bytes. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
  taskDefinitionBytes: 65_536,
  /** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
  placementStrategies: 5,
  placementConstraints: 10,
  /** Characters. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementConstraint.html */
  placementExpression: 2_000,
  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
  healthInterval: { min: 5, max: 300 },
  healthTimeout: { min: 2, max: 120 },
  healthThreshold: { min: 2, max: 10 },
  deregistrationDelay: { min: 0, max: 3600 },
  slowStart: { min: 30, max: 900 },
  stickiness: { min: 1, max: 604_800 },
  desiredCount: { min: 0, max: 5000 },
  /** Of one rule, paths and hosts together. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
  conditionValues: 5,
  wildcards: 5,
  pattern: { min: 1, max: 128 },
  imageLength: 255,
} as const;

const L = SERVICE_LIMITS;
const seconds = ({ min, max }: { min: number; max: number }, fix: string) => [wholeNumber(min, max, "seconds", fix)];

export const serviceNameRules: readonly Rule<string>[] = [
  length(
    L.serviceName.min,
    L.serviceName.max,
    `Shorten it: with the cluster's name before it, it may have ${L.composedName} characters.`,
  ),
  matches(
    "^[a-z]([a-z0-9-]*[a-z0-9])?$",
    "hold lower-case letters, digits and hyphens only, begin with a letter and not end with a hyphen",
    'Write it like "users" or "order-history": target groups, repositories and variables are named after it.',
  ),
];

export const portRules = [
  wholeNumber(L.port.min, L.port.max, "a port", "Give the port that the process in the container listens on."),
];
export const cpuRules = [wholeNumber(L.cpu.min, L.cpu.max, "CPU units", "1024 are one vCPU.")];
export const memoryRules = [
  wholeNumber(
    L.memoryMiB.min,
    L.memoryMiB.max,
    "MiB",
    "Docker starts no container with less, and no instance has more.",
  ),
];

export const containerNameRules: readonly Rule<string>[] = [
  matches(
    "^[a-zA-Z0-9_-]{1,255}$",
    "hold 1 to 255 letters, digits, hyphens and underscores",
    'Write it like "users" or "log-router".',
  ),
];

export const imageRules: readonly Rule<string>[] = [
  length(1, L.imageLength, "ECS takes no longer one."),
  matches(
    "^([a-zA-Z0-9.-]+(:[0-9]{1,5})?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$",
    "be the name of a container image",
    'Write registry, repository and tag, such as "nginx:1.27" or "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/users:7".',
  ),
];

export const imageTagRules: readonly Rule<string>[] = [
  matches(
    "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$",
    "be the tag of a container image",
    "1 to 128 letters, digits, underscores, dots and hyphens, such as a commit's hash.",
  ),
];

export const environmentNameRules: readonly Rule<string>[] = [
  matches("^[^=\\x00-\\x20]{1,512}$", "be named without spaces and =", "Rename the variable."),
];

export const pathRules: readonly Rule<never>[] = [
  distinctElements(1, L.conditionValues, "paths", "A rule takes 5; make further rules with routes."),
  each(
    matches(
      "^[/*?][A-Za-z0-9_.$/~\"'@:+&*?-]{0,127}$",
      "be path patterns of at most 128 characters that begin with / or a wildcard",
      'Write them like "/api/users*": letters, digits and _ - . $ / ~ " \' @ : + & with * and ? as wildcards, and no query.',
    ),
  ),
];

export const hostRules: readonly Rule<never>[] = [
  distinctElements(1, L.conditionValues, "hosts", "A rule takes 5; make further rules with routes."),
  each(
    matches(
      "^[A-Za-z0-9*?-][A-Za-z0-9.*?-]{0,125}[.][A-Za-z]{1,63}$",
      "be host names, with only letters after the last dot",
      'Write them like "api.example.com" or "*.example.com", with no scheme and no port.',
    ),
  ),
];

export const priorityRules = [wholeNumber(1, 50_000, "", "Leave it out: it then follows from the conditions.")];

export const healthPathRules: readonly Rule<string>[] = [
  matches("^/[!-~]{0,1023}$", "be a path that begins with /", 'Write it like "/" or "/health".'),
];
export const healthCodeRules: readonly Rule<string>[] = [
  matches(
    "^[2-4][0-9]{2}([,-][2-4][0-9]{2})*$",
    "be HTTP codes from 200 to 499",
    'Write one ("200"), several ("200,302") or a range ("200-299").',
  ),
];
export const healthIntervalRules = seconds(L.healthInterval, "The tutorial has 6, AWS's own default is 30.");
export const healthTimeoutRules = seconds(L.healthTimeout, "5 is AWS's own default.");
export const healthThresholdRules = [
  wholeNumber(L.healthThreshold.min, L.healthThreshold.max, "checks in a row", "For example 2."),
];
export const deregistrationDelayRules = seconds(L.deregistrationDelay, "AWS's own default is 300.");
export const slowStartRules = seconds(L.slowStart, "Leave it out for none.");
export const stickinessRules = seconds(L.stickiness, "Leave it out for none; 86400 is a day.");
export const graceRules = seconds({ min: 0, max: 2_147_483_647 }, "60 is usual.");
export const desiredCountRules = [wholeNumber(L.desiredCount.min, L.desiredCount.max, "tasks", "For example 2.")];
export const minimumPercentRules = [wholeNumber(0, 100, "percent", "50 lets half of the tasks be replaced at a time.")];
export const maximumPercentRules = [
  wholeNumber(100, 200, "percent", "200 lets each task be started anew before its old one stops."),
];

export const placementFieldRules: readonly Rule<string>[] = [
  matchesNot(
    "[\\x00-\\x20]|^$",
    "be the name of a field",
    'For example "attribute:ecs.availability-zone" or "memory".',
  ),
];
