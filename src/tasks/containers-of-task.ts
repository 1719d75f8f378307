import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { TOKEN } from "../terraform/literal";
import { type Problem, suggestion } from "../validation/problem";
import type { Finding, Findings, Given, Known, Limit } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import type { ContainerProps } from "./container";
import { isStandard, needsRouter, ROUTER } from "./log-router";
import { mountedVolumes, volumesOfOthers } from "./mount-point";
import { networkOfTask } from "./task-network";
import type { TaskSettings } from "./task-settings";
import { containersWithinTask } from "./task-size";

/** The most containers of a task. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
export const MAX_CONTAINERS = 10;

/** The number of a task's containers. */
export const numberOfContainers: Limit<readonly unknown[]> = {
  must: `be a list of 1 to ${MAX_CONTAINERS} containers`,
  fix: "Add a container, or create another service for the rest.",
  check: (containers) => containers.length >= 1 && containers.length <= MAX_CONTAINERS,
  offending: { of: (containers) => containers.length },
};

type Path = readonly (string | number)[];

/** Containers as rules see them: undefined stands for a value that is no object. */
type KnownContainers = readonly (Known<ContainerProps> | undefined)[];

/**
 * Compares the containers of a task with each other, and with the settings and the cluster of the task. Yields problems for the settings of
 * any construct that has such settings and containers.
 *
 * @param given the second argument of the rule that calls this function
 * @param pathOf returns the keys that lead to the settings of a container: `["sidecars", 0]`
 */
export function* betweenContainers<T>(
  containersOfCaller: KnownContainers,
  task: Known<TaskSettings & { readonly cluster: EcsClusterTarget }>,
  given: Given<T>,
  pathOfCaller: (index: number) => Path,
): Findings<T> {
  const { volumes, enableExecuteCommand, logRouter } = task;
  const router = needsRouter(containersOfCaller, logRouter) ? [{ ...logRouter, name: ROUTER }] : [];
  const containers: KnownContainers = [...containersOfCaller, ...router];
  const pathOf = (index: number) => (index < containersOfCaller.length ? pathOfCaller(index) : ["logRouter"]);
  const isRouterCheck = (index: number, name: string) =>
    index === containersOfCaller.length && name === "containerHealthCheck" && isStandard(logRouter ?? {});
  yield* containersWithinTask(task, containers) as Findings<T>;
  const isGiven = (path: Path) => given(...(path as [keyof T & string, ...Path]));
  for (const { at, ...finding } of [
    ...roomForRouter(containers),
    ...distinctNames(containersOfCaller, router.length > 0),
    ...someEssential(containers),
    ...bufferOfMode(containers, task),
    ...linksAndDependencies(
      containers,
      (index, name) => isGiven([...pathOf(index), name]) || isRouterCheck(index, name),
    ),
    ...circularDependency(containers),
    ...networkOfTask(containers, task, (index, name) => isGiven([...pathOf(index), name])),
    ...mountedVolumes(containers, volumes),
    ...volumesOfOthers(containers),
    ...(enableExecuteCommand ? writableForExec(containers) : []),
  ]) {
    const [index, ...keys] = at;
    yield { at: (typeof index === "number" ? [...pathOf(index), ...keys] : at) as never, ...finding };
  }
}

/** A problem at the keys below a container's index, or below a setting of the task. */
type ContainerFinding = Omit<Finding<never>, "at"> & { readonly at: Path };

function* roomForRouter(containers: KnownContainers): Iterable<ContainerFinding> {
  if (containers.length !== MAX_CONTAINERS + 1) return;
  const must = `be one of at most ${MAX_CONTAINERS} containers`;
  const fix = "LogDriver.fireLens adds a container with the log router. Remove another container.";
  yield { at: [MAX_CONTAINERS], must, fix, received: `${containers.length} containers` };
}

function* distinctNames(containers: KnownContainers, hasRouter: boolean): Iterable<ContainerFinding> {
  const names = namesOf(containers);
  for (const [index, name] of names.entries()) {
    if (hasRouter && name === ROUTER) {
      const fix = "LogDriver.fireLens adds a container with this name. Use another name.";
      yield { at: [index, "name"], must: `not be ${ROUTER}, the name of the log router`, fix, received: name };
    } else if (name !== undefined && names.indexOf(name) !== index) {
      const must = "differ from the names of the other containers";
      yield { at: [index, "name"], must, fix: "Rename one of the two." };
    }
  }
}

/** A mode of the task applies to drivers without one. https://docs.docker.com/engine/logging/configure/ */
function* bufferOfMode(containers: KnownContainers, { logMode }: Known<TaskSettings>): Iterable<ContainerFinding> {
  if (logMode !== "blocking") return;
  for (const [index, container] of containers.entries()) {
    const { mode, maxBufferSize } = container?.logging?.awsLogs ?? {};
    if (mode !== undefined || maxBufferSize === undefined) continue;
    const fix = 'This mode has no buffer. Remove it, or set mode of LogDriver.awsLogs to "non-blocking".';
    yield {
      at: [index, "logging"],
      must: 'not have maxBufferSize with logMode "blocking"',
      fix,
      received: maxBufferSize,
    };
  }
}

function* someEssential(containers: KnownContainers): Iterable<ContainerFinding> {
  if (containers.length > 0 && containers.every((container) => container?.essential === false)) {
    const fix = "Remove essential from the container whose end stops the task.";
    yield { at: [0, "essential"], must: "be true for at least one container of the task", fix };
  }
}

/** Returns the container of a link, which can have an alias: `db:database`. */
const linkedName = (link: string | undefined): string | undefined => link?.split(":")[0];

/** Compares `links` and `dependsOn` with the containers that they name. */
function* linksAndDependencies(
  containers: KnownContainers,
  given: (index: number, name: keyof ContainerProps) => boolean,
): Iterable<ContainerFinding> {
  const names = namesOf(containers);
  // A name with a problem may be the one that is meant.
  if (names.includes(undefined)) return;
  for (const [index, { links = [], dependsOn = {} } = {}] of containers.entries()) {
    const others = names.filter((name): name is string => name !== undefined && name !== names[index]);
    const must = "be another container of the task";
    for (const [position, link] of links.entries()) {
      if (link === undefined || others.includes(linkedName(link) as string)) continue;
      yield { at: [index, "links", position], must, fix: suggestion(link, others, "other containers") };
    }
    for (const [name, condition] of Object.entries(dependsOn)) {
      const at = [index, "dependsOn", name];
      const other = names.indexOf(name);
      if (!others.includes(name)) {
        yield { at, must, fix: suggestion(name, others, "other containers"), received: name };
      } else if (condition === "HEALTHY" && !given(other, "containerHealthCheck")) {
        const must = "not be HEALTHY for a container without containerHealthCheck";
        yield { at, must, fix: "Set its containerHealthCheck, or wait for START." };
      } else if ((condition === "COMPLETE" || condition === "SUCCESS") && containers[other]?.essential === true) {
        const must = `not be ${condition} for an essential container, whose end stops the task`;
        yield { at, must, fix: "Set essential: false on it." };
      }
    }
  }
}

/** Returns the containers that must start before a container, and where it names them. */
const startedBefore = ({ dependsOn = {}, links = [], volumesFrom = [] }: Known<ContainerProps> = {}) => [
  ...Object.keys(dependsOn).map((name) => ({ name, at: ["dependsOn", name] })),
  ...links.map((link, position) => ({ name: linkedName(link), at: ["links", position] })),
  ...volumesFrom.map((from, position) => ({ name: from?.sourceContainer, at: ["volumesFrom", position] })),
];

/** Finds containers that wait for each other. */
function* circularDependency(containers: KnownContainers): Iterable<ContainerFinding> {
  const names = namesOf(containers);
  const before = (name: string) => startedBefore(containers[names.indexOf(name)]);
  const search = (path: readonly string[]): readonly string[] | undefined => {
    const last = path.at(-1) as string;
    if (path.indexOf(last) < path.length - 1) return path.slice(path.indexOf(last));
    for (const { name } of before(last)) {
      const found = name !== undefined && name !== last && names.includes(name) ? search([...path, name]) : undefined;
      if (found) return found;
    }
    return undefined;
  };
  for (const name of names) {
    const circle = name === undefined ? undefined : search([name]);
    if (!circle) continue;
    const [first, second] = circle as [string, string];
    const { at = [] } = before(first).find((other) => other.name === second) ?? {};
    const must = "not lead back to the container itself";
    const fix = "Remove one of these dependencies.";
    yield { at: [names.indexOf(first), ...at], must, fix, received: circle.join(" → ") };
    return;
  }
}

function* writableForExec(containers: KnownContainers): Iterable<ContainerFinding> {
  for (const [index, container] of containers.entries()) {
    if (!container?.readonlyRootFilesystem) continue;
    const fix = "ECS Exec writes to the container's file system. Remove one of the two.";
    yield { at: [index, "readonlyRootFilesystem"], must: "not be true with enableExecuteCommand", fix };
  }
}

const namesOf = (containers: KnownContainers) => containers.map((container) => container?.name);

/** Bytes of the container definitions of a task. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MAX_BYTES = 65_536;

/** Finds container definitions that are too large, without counting what only Terraform knows. */
export function sizeProblems(definitions: readonly object[]): Problem[] {
  const replaced = function (this: Readonly<Record<string, unknown>>, key: string) {
    return withoutTokens(this[key]);
  };
  const bytes = Buffer.byteLength(JSON.stringify(definitions, replaced));
  if (bytes <= MAX_BYTES) return [];
  return [
    {
      path: "containers",
      rule: `must have at most ${MAX_BYTES} bytes in the task definition`,
      received: `${bytes}`,
      fix: "Move long text of environment or command to SSM parameters (secrets), to S3 or to the image.",
    },
  ];
}

const withoutTokens = (value: unknown): unknown => {
  if (typeof value !== "string") return isToken(value) ? 0 : value;
  return value
    .split(TOKEN)
    .filter((_, index) => index % 2 === 0)
    .join("");
};
