import {
  containerNameRules,
  cpuRules,
  environmentNameRules,
  imageRules,
  memoryRules,
  portRules,
  SERVICE_LIMITS,
} from "../services/service-rules";
import { isToken, leastBytes, propMistakes } from "../validation/check-props";
import { wholeNumber } from "../validation/rule";
import {
  type ContainerProps,
  type ContainerSettings,
  containerDefinition,
  REGION_NAMES,
  reserved,
  ULIMITS,
} from "./container";

const interval = wholeNumber(5, 300, "seconds", "30 is Docker's own default.");
const timeout = wholeNumber(2, 60, "seconds", "5 is ECS's own default.");
const retries = wholeNumber(1, 10, "checks in a row", "3 is ECS's own default.");
const startPeriod = wholeNumber(0, 300, "seconds", "Leave it out for none.");
const devices = [wholeNumber(1, 16, "devices", "No instance type has more.")];
const waits = [wholeNumber(2, 86_400, "seconds", "Leave it out for the agent's own.")];

/**
 * Every way in which a container's settings break a rule.
 *
 * @param prefix what stands before each setting's name, for instance `sidecars.proxy.`
 */
export function containerSettingsMistakes(settings: ContainerSettings, prefix = ""): string[] {
  const { containerHealthCheck: check, environment = {}, secrets = {}, ulimits = [] } = settings;
  const { memoryLimitMiB: hard, memoryReservationMiB: soft } = settings;
  const at = (name: string) => `${prefix}${name}`;
  const mistakes = propMistakes({
    [at("containerPort")]: [settings.containerPort, portRules],
    [at("cpu")]: [settings.cpu, cpuRules],
    [at("memoryLimitMiB")]: [hard, memoryRules],
    [at("memoryReservationMiB")]: [soft, memoryRules],
    [at("gpuCount")]: [settings.gpuCount, devices],
    [at("neuronDeviceCount")]: [settings.neuronDeviceCount, devices],
    [at("startTimeoutSeconds")]: [settings.startTimeoutSeconds, waits],
    [at("stopTimeoutSeconds")]: [settings.stopTimeoutSeconds, waits],
    [at("containerHealthCheck.intervalSeconds")]: [check?.intervalSeconds, [interval]],
    [at("containerHealthCheck.timeoutSeconds")]: [check?.timeoutSeconds, [timeout]],
    [at("containerHealthCheck.retries")]: [check?.retries, [retries]],
    [at("containerHealthCheck.startPeriodSeconds")]: [check?.startPeriodSeconds, [startPeriod]],
    ...Object.fromEntries(
      [
        ...Object.keys(environment).map((name) => ["environment", name]),
        ...Object.keys(secrets).map((name) => ["secrets", name]),
      ].map(([map, name]) => [at(`${map}.${name}`), [name, environmentNameRules] as const]),
    ),
  });
  if (hard !== undefined && soft !== undefined && !isToken(hard) && !isToken(soft) && hard <= soft) {
    mistakes.push(
      `${at("memoryLimitMiB")} must be over memoryReservationMiB; received ${hard}, with memoryReservationMiB ${soft}. Raise the hard limit, or lower the soft one.`,
    );
  }
  if (check)
    mistakes.push(
      ...timeoutMistakes(at("containerHealthCheck"), check.timeoutSeconds ?? 5, check.intervalSeconds ?? 30),
    );
  if (check && check.command.length === 0) {
    mistakes.push(
      `${at("containerHealthCheck.command")} must not be empty; received ${JSON.stringify(check.command)}. Write it like "curl -f http://localhost/ || exit 1".`,
    );
  }
  for (const [name, value] of Object.entries(environment)) {
    if (typeof value !== "string") {
      mistakes.push(
        `${at(`environment.${name}`)} must be text; received ${JSON.stringify(value) ?? "nothing"}. Put it in quotes, or leave the variable out.`,
      );
    }
  }
  for (const name of Object.keys(secrets)) {
    mistakes.push(...(secrets[name]?.mistakes(at(`secrets.${name}`)) ?? []));
    if (name in environment || REGION_NAMES.includes(name)) {
      mistakes.push(
        `${at(`secrets.${name}`)} must have a name of its own; received ${JSON.stringify(name)}, which ${name in environment ? "environment has too. Remove one of them" : "every container has for its region. Give another region with environment"}.`,
      );
    }
  }
  const limits = ulimits.map(({ name }) => name);
  for (const twice of new Set(limits.filter((one, index) => limits.indexOf(one) !== index))) {
    mistakes.push(`${at("ulimits")} must name each limit once; received ${twice} twice. Remove one of them.`);
  }
  for (const { name, softLimit, hardLimit } of ulimits) {
    const received = `received ${softLimit} and ${hardLimit}`;
    const whole = [softLimit, hardLimit].every((limit) => Number.isInteger(limit) && limit >= -1);
    if (!ULIMITS.includes(name)) {
      mistakes.push(
        `${at("ulimits")} must be one of ${ULIMITS.join(", ")}; received ${JSON.stringify(name)}. Use Docker's name of the limit.`,
      );
    }
    if (!whole || (hardLimit !== -1 && (softLimit === -1 || softLimit > hardLimit))) {
      mistakes.push(
        `${at(`ulimits.${name}`)} must have whole numbers and a soft limit that is not over the hard one; ${received}. -1 is unlimited.`,
      );
    }
  }
  return mistakes;
}

/** A check that may take longer than until the next one is refused by AWS. */
export function timeoutMistakes(name: string, timeoutSeconds: number, intervalSeconds: number): string[] {
  if (isToken(timeoutSeconds) || isToken(intervalSeconds) || timeoutSeconds < intervalSeconds) return [];
  return [
    `${name}.timeoutSeconds must be under intervalSeconds; received ${timeoutSeconds}, with intervalSeconds ${intervalSeconds}. Lower the timeout, or raise the interval.`,
  ];
}

/** A container's place as far as its size goes. */
const NOWHERE = { clusterArn: "", region: "", logGroupName: "", streamPrefix: "", initProcessEnabled: false };

/** Every way in which containers can't be one task. */
export function containersMistakes(containers: readonly ContainerProps[], name = "containers"): string[] {
  const { min, max } = SERVICE_LIMITS.containers;
  const names = containers.map((container) => container.name);
  const byName = new Map(containers.map((container) => [container.name, container]));
  const mistakes: string[] = [];
  if (containers.length < min || containers.length > max) {
    mistakes.push(
      `${name} must be ${min} to ${max}; received ${containers.length}. A task definition holds no more: make another service of the rest.`,
    );
  }
  const bytes = leastBytes(containers.map((container) => containerDefinition(container, NOWHERE)));
  const { taskDefinitionBytes: most } = SERVICE_LIMITS;
  if (bytes > most) {
    mistakes.push(
      `${name} must be at most ${most} bytes together, which is what a task definition takes; received ${bytes}. Put long text of environment or command into SSM parameters (secrets), S3 or the image.`,
    );
  }
  for (const twice of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
    mistakes.push(`${name} must have names of their own; received ${JSON.stringify(twice)} twice. Rename one of them.`);
  }
  if (containers.length > 0 && containers.every(({ essential }) => essential === false)) {
    mistakes.push(
      `${name} must hold an essential one; received ${names.join(", ")}, none of which is. Leave essential out where the task ends with the container.`,
    );
  }
  for (const container of containers) {
    const at = `${name}.${container.name}`;
    mistakes.push(
      ...propMistakes({
        [`${at}.name`]: [container.name, containerNameRules],
        [`${at}.image`]: [container.image, imageRules],
      }),
    );
    for (const link of (container.links ?? []).filter((one) => one === container.name || !byName.has(one))) {
      mistakes.push(
        `${at}.links must be other containers of the same task; received ${JSON.stringify(link)}. There are ${names.join(", ")}.`,
      );
    }
    for (const [other, condition] of Object.entries(container.dependsOn ?? {})) {
      mistakes.push(...dependencyMistakes(`${at}.dependsOn.${other}`, condition, byName.get(other), names));
    }
  }
  const cycle = cycleAmong(byName);
  if (cycle) {
    mistakes.push(
      `${name} must not wait for each other; received ${cycle.join(" → ")}. Remove one of those dependencies.`,
    );
  }
  return mistakes;
}

function dependencyMistakes(
  at: string,
  condition: string,
  other: ContainerProps | undefined,
  names: readonly string[],
): string[] {
  if (!other) {
    return [`${at} must be a container of the same task; received none of that name. There are ${names.join(", ")}.`];
  }
  if (condition === "HEALTHY" && !other.containerHealthCheck) {
    return [
      `${at} must have a containerHealthCheck; received "HEALTHY" for a container without. Give it one, or wait for START.`,
    ];
  }
  if ((condition === "COMPLETE" || condition === "SUCCESS") && other.essential !== false) {
    return [
      `${at} must not be essential; received "${condition}" for one that is, whose end stops the task. Set essential: false on it.`,
    ];
  }
  return [];
}

function cycleAmong(byName: ReadonlyMap<string, ContainerProps>): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const other of Object.keys(byName.get(name)?.dependsOn ?? {})) {
      const cycle = visit(other, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of byName.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** CPU units and MiB that ECS keeps for a whole task. */
export function taskSize(containers: readonly ContainerSettings[]): { cpu: number[]; memoryMiB: number[] } {
  const sizes = containers.map(reserved);
  return { cpu: sizes.map(({ cpu }) => cpu), memoryMiB: sizes.map(({ memoryMiB }) => memoryMiB) };
}
