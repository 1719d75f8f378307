import type { DefaultStrategyItem } from "../capacity/capacity-provider-strategy";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { SPOT_NOTICE_SECONDS } from "../instances/agent-config";
import type { LogDriver } from "../tasks/log-driver";
import { type Expression, hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { nearest, type Problem, suggestion } from "../validation/problem";
import type { Findings, Known } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isToken } from "../validation/token";
import type { Capacity } from "./service-capacity";

/** A share of the tasks for a capacity provider. */
export interface CapacityProviderStrategy extends DefaultStrategyItem {
  /** The name of the capacity provider in the cluster's `capacityProviders`, or its name in AWS. */
  readonly capacityProvider: string;
}

interface StrategySettings {
  readonly cluster: EcsClusterTarget;
  readonly capacityProviderStrategies?: readonly CapacityProviderStrategy[];
}

/** Reports a name that is probably a misspelt name of the cluster's `capacityProviders`. Other names can exist in AWS. */
export function* providerNames({
  cluster,
  capacityProviderStrategies = [],
}: Known<StrategySettings>): Findings<StrategySettings> {
  const known = cluster?.instanceCapacity?.capacities ?? [];
  const names = known.flatMap((capacity) => capacity?.name ?? []);
  const inAws = known.map((capacity) => capacity?.capacityProviderName);
  for (const [index, share] of capacityProviderStrategies.entries()) {
    const name = share?.capacityProvider;
    if (name === undefined || names.includes(name) || inAws.includes(name) || !nearest(name, names)) continue;
    yield {
      at: ["capacityProviderStrategies", index, "capacityProvider"],
      must: "be a capacity provider of the cluster",
      fix: suggestion(name, names, "capacity providers"),
    };
  }
}

/** The settings that decide which instances run a service's tasks. */
interface TaskPlacement extends StrategySettings {
  readonly volumes: Readonly<Record<string, { readonly fileSystem?: string }>>;
  readonly privileged: boolean;
  readonly logging?: LogDriver;
  readonly logRouter?: { readonly logging?: LogDriver };
  readonly serviceConnect?: { readonly logDriver?: LogDriver };
  readonly sidecars: readonly { readonly privileged: boolean; readonly logging?: LogDriver }[];
  readonly daemon: boolean;
}

/**
 * Returns the service's capacity provider strategy: its own, or the cluster's. ECS assigns a task to a provider before it
 * compares the task with the instances. A task with EFS volumes on a provider with Bottlerocket waits forever, because the
 * agent there does not have `ecs.capability.efsAuth`. So such a service gets the cluster's strategy without those providers.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-capacity-providers.html, https://github.com/aws/amazon-ecs-init/pull/297
 */
export function strategyOf(service: TaskPlacement): readonly Required<CapacityProviderStrategy>[] {
  const { capacityProvider, defaultStrategy } = service.cluster;
  const single = [{ capacityProvider: capacityProvider.capacityProviderName }];
  const strategy: readonly CapacityProviderStrategy[] =
    ownShares(service) ?? narrowed(service) ?? defaultStrategy ?? single;
  return strategy.map(({ capacityProvider, weight = 1, base = 0 }) => ({ capacityProvider, weight, base }));
}

/**
 * Returns the capacities that run the tasks: undefined when tasks can run on any, and none when one is not known here.
 */
export function chosenCapacities(service: TaskPlacement): readonly Capacity[] | undefined {
  const { capacityProvider, defaultStrategy } = service.cluster;
  const own = ownShares(service);
  const isSingle = defaultStrategy === undefined || capacities(service).length === 1;
  const isWhole = (name: string) => isSingle && name === capacityProvider.capacityProviderName;
  if (own?.every((share) => isWhole(share.capacityProvider))) return undefined;
  const chosen = capacitiesOf(service, own ?? narrowed(service));
  if (chosen) return chosen.includes(undefined) ? [] : (chosen as Capacity[]);
  const byDefault = service.daemon ? undefined : capacitiesOf(service, defaultStrategy);
  const isAll = !byDefault || byDefault.includes(undefined) || byDefault.length === capacities(service).length;
  return isAll ? undefined : (byDefault as Capacity[]);
}

const capacitiesOf = (service: TaskPlacement, strategy?: readonly CapacityProviderStrategy[]) =>
  strategy
    ?.filter(hasTasks)
    .map((share) => capacities(service).find((capacity) => is(capacity, share.capacityProvider)));

/** Returns whether any task can run on a Spot instance. For a cluster of another state it is an expression. */
export function runsOnSpot(service: TaskPlacement): boolean | Expression {
  const { instanceCapacity } = service.cluster;
  const possible = chosenCapacities(service) ?? (instanceCapacity ? [instanceCapacity] : []);
  const spot = possible.map((capacity) => capacity.spot ?? false);
  if (!spot.some(isToken)) return spot.includes(true);
  return spot.length === 1 ? hcl`${spot[0]}` : hcl`anytrue(${spot})`;
}

/** Seconds from SIGTERM to SIGKILL, by default of the agent. */
const STOP_TIMEOUT_SECONDS = 30;

/** The longest time that a container of a task has after SIGTERM, and the setting that it comes from. */
interface LongestStop {
  readonly seconds: number;
  readonly setting: string;
}

/** Returns the longest stop timeout of the containers, or undefined when only Terraform knows one of them. */
export function longestStop(
  service: TaskPlacement,
  containers: readonly { readonly stopTimeoutSeconds?: number }[],
): LongestStop | undefined {
  const { instanceCapacity: whole } = service.cluster;
  const possible = chosenCapacities(service) ?? whole?.capacities ?? (whole ? [whole] : []);
  const ofAgent = Math.max(...possible.map((one) => one.stopTimeoutSeconds ?? STOP_TIMEOUT_SECONDS));
  const byDefault = possible.length > 0 ? ofAgent : STOP_TIMEOUT_SECONDS;
  const stops = containers.map(({ stopTimeoutSeconds = byDefault }) => stopTimeoutSeconds);
  if (stops.some(isToken)) return undefined;
  const seconds = Math.max(...stops);
  const isOwn = byDefault === STOP_TIMEOUT_SECONDS || containers.some((one) => one.stopTimeoutSeconds === seconds);
  return { seconds, setting: isOwn ? "stopTimeoutSeconds" : "agent.containerStopTimeoutSeconds" };
}

/**
 * Returns the warnings about times that a Spot instance does not have.
 *
 * @param delay seconds until ECS stops a task of a draining instance: the deregistration delay, or 0 without a target group
 */
export function spotWarnings(spot: boolean | Expression, delay: number, longest: LongestStop | undefined): string[] {
  if (spot !== true || isToken(delay) || longest === undefined) return [];
  const { seconds: stop, setting } = longest;
  if (delay + stop <= SPOT_NOTICE_SECONDS && stop < SPOT_NOTICE_SECONDS) return [];
  const ofTarget = delay > 0 ? `deregistrationDelaySeconds (${delay}) and ` : "";
  return [
    `${ofTarget}${setting} (${stop}) ${delay > 0 ? "together " : ""}must leave time on a Spot instance, which ends ${SPOT_NOTICE_SECONDS} seconds after its notice. Otherwise containers are killed before they finish. Lower ${delay > 0 ? "them" : "it"}.`,
  ];
}

/** What tasks need and only some instances have. ECS places a task on no instance without it. */
interface Requirement {
  /** Returns the settings that need it. */
  readonly settings: (service: TaskPlacement) => readonly { readonly path: string; readonly received: unknown }[];
  readonly isMet: (offer: Pick<Capacity, "mountsFileSystems" | "allowsPrivileged" | "logDrivers">) => boolean;
  /** What the instances can do with it. */
  readonly can: string;
  /** Which cluster does not have it, and which strategy does not. */
  readonly cluster: string;
  readonly strategy: string;
  /** Why an instance does not have it, and how to get an instance that does: whole sentences. */
  readonly why: string;
  readonly fix: string;
}

const REQUIREMENTS: readonly Requirement[] = [
  {
    settings: ({ volumes }) =>
      Object.entries(volumes)
        .filter(([, { fileSystem }]) => fileSystem !== undefined)
        .map(([name, { fileSystem }]) => ({ path: `volumes.${name}.fileSystem`, received: fileSystem })),
    isMet: ({ mountsFileSystems }) => mountsFileSystems !== false,
    can: "mount EFS",
    cluster: "with only Bottlerocket instances, which cannot mount EFS with encryption",
    strategy: "the cluster's default strategy has only Bottlerocket instances",
    why: "Bottlerocket cannot mount EFS with encryption.",
    fix: "Give the cluster a capacity provider with amazon-linux-2023.",
  },
  {
    // A token is compared at plan.
    settings: (service) => privilegedOf(service).filter(({ received }) => received === true),
    isMet: ({ allowsPrivileged }) => allowsPrivileged !== false,
    can: "run privileged containers",
    cluster: "whose instances cannot run privileged containers",
    strategy: "no instance of the cluster's default strategy can run privileged containers",
    why: 'Bottlerocket needs the setting bottlerocket.settings.ecs["allow-privileged-containers"] for this. Amazon Linux allows it without ECS_DISABLE_PRIVILEGED in agent.variables.',
    fix: 'With Bottlerocket, set bottlerocket.settings.ecs["allow-privileged-containers"] to true. With Amazon Linux, remove ECS_DISABLE_PRIVILEGED from agent.variables.',
  },
];

const privilegedOf = ({ privileged, sidecars }: TaskPlacement) => [
  { path: "privileged", received: privileged },
  ...sidecars.map((sidecar, index) => ({ path: `sidecars[${index}].privileged`, received: sidecar.privileged })),
];

/** Returns the requirement of each log driver of a service. ECS compares drivers with the attributes of the instances. */
const ofLogDrivers = (service: TaskPlacement): Requirement[] => {
  const drivers = logDriversOf(service);
  return [...new Set(drivers.map(({ received }) => received))].map((driver) => ({
    settings: () => drivers.filter(({ received }) => received === driver),
    isMet: ({ logDrivers }) => logDrivers === undefined || logDrivers.includes(driver),
    can: `use the log driver ${driver}`,
    cluster: `whose agents do not offer the log driver ${driver}`,
    strategy: `no agent of the cluster's default strategy offers the log driver ${driver}`,
    why: `ECS places no task on an instance whose agent does not offer ${driver}.`,
    fix: `Add ${JSON.stringify(driver)} to agent.logDrivers of the cluster. This replaces its instances.`,
  }));
};

const logDriversOf = ({ logging, logRouter, sidecars, serviceConnect }: TaskPlacement) =>
  [
    { path: "logging", driver: logging?.driver },
    ...sidecars.map((sidecar, index) => ({ path: `sidecars[${index}].logging`, driver: sidecar.logging?.driver })),
    { path: "logRouter.logging", driver: logRouter?.logging?.driver },
    { path: "serviceConnect.logDriver", driver: serviceConnect?.logDriver?.driver },
  ].flatMap(({ path, driver }) => (driver === undefined ? [] : { path, received: driver }));

const requirementsOf = (service: TaskPlacement) =>
  [...REQUIREMENTS, ...ofLogDrivers(service)].filter(({ settings }) => settings(service).length > 0);
const suits = (service: TaskPlacement, capacity: Capacity): boolean =>
  requirementsOf(service).every(({ isMet }) => isMet(capacity));
/** The setting that messages name: `volumes.files`. */
const labelOf = ({ settings }: Requirement, service: TaskPlacement): string =>
  settings(service)[0]?.path.replace(/[.]fileSystem$/, "") ?? "";

/** Returns a problem for each setting, or each capacity provider, with which tasks would wait forever for an instance. */
export function requirementProblems(service: TaskPlacement): Problem[] {
  return requirementsOf(service).flatMap((requirement) => {
    const { settings, isMet, can, cluster, strategy, fix } = requirement;
    const label = labelOf(requirement, service);
    const whole = service.cluster.instanceCapacity;
    if (whole && !isMet(whole)) {
      const rule = `must not be set on a cluster ${cluster}`;
      return settings(service).map(({ path, received }) => ({ path, rule, received: show(received), fix }));
    }
    if (narrowed(service)?.length === 0) {
      const rule = `must be set for ${label}, because ${strategy}`;
      const path = "capacityProviderStrategies";
      return [{ path, rule, received: "nothing", fix: fixOf(requirement, service) }];
    }
    return (ownShares(service) ?? []).flatMap((share, index) => {
      const unable = capacities(service).find((one) => is(one, share.capacityProvider) && !isMet(one));
      if (!unable || !hasTasks(share)) return [];
      const path = `capacityProviderStrategies[${index}].capacityProvider`;
      const rule = `must be a capacity provider whose instances can ${can}, for ${label}`;
      return [{ path, rule, received: show(unable.name), fix: fixOf(requirement, service) }];
    });
  });
}

/** Returns the same checks for what only a plan can compare: providers by their names in AWS, and tokens. */
export function strategyGuards(service: TaskPlacement): Guard[] {
  const own = (ownShares(service) ?? []).filter(hasTasks).map(({ capacityProvider }) => capacityProvider);
  const unknown = own.filter((name) => !capacities(service).some((one) => is(one, name)));
  const ofNames = requirementsOf(service).flatMap((requirement) => {
    const { isMet, can } = requirement;
    const unable = capacities(service).filter((one) => !isMet(one) && one.capacityProviderName !== undefined);
    if (unable.length === 0 || unknown.length === 0) return [];
    const wrong = hcl`setintersection(${unknown}, ${unable.map(({ capacityProviderName }) => capacityProviderName)})`;
    return [
      {
        condition: hcl`length(${wrong}) == 0`.string,
        errorMessage: `capacityProviderStrategies must name capacity providers whose instances can ${can}, for ${labelOf(requirement, service)}; received ${hcl`join(", ", ${wrong})`}. ${fixOf(requirement, service)}`,
      },
    ];
  });
  return [...ofNames, ...privilegedGuards(service)];
}

function privilegedGuards(service: TaskPlacement): Guard[] {
  const possible = chosenCapacities(service) ?? capacities(service);
  if (possible.every(({ allowsPrivileged }) => allowsPrivileged !== false)) return [];
  return privilegedOf(service)
    .filter(({ received }) => isToken(received))
    .map(({ path, received }) => ({
      condition: hcl`!${received}`.string,
      errorMessage: `${path} must be false on instances that cannot run privileged containers; received true. ${fixOf(REQUIREMENTS[1] as Requirement, service)}`,
    }));
}

function fixOf({ isMet, why, fix }: Requirement, service: TaskPlacement): string {
  const able = capacities(service).flatMap((capacity) => (isMet(capacity) ? (capacity.name ?? []) : []));
  return able.length > 0 ? `${why} Use ${able.join(" or ")}.` : fix;
}

const capacities = ({ cluster }: TaskPlacement): readonly Capacity[] => cluster.instanceCapacity?.capacities ?? [];

/** Returns the service's own shares. A provider that is given by its name in the settings gets its name in AWS. */
const ownShares = (service: TaskPlacement): readonly CapacityProviderStrategy[] | undefined =>
  service.capacityProviderStrategies?.map((share) => {
    const named = capacities(service).find(({ name }) => name === share.capacityProvider);
    return { ...share, capacityProvider: named?.capacityProviderName ?? share.capacityProvider };
  });

const hasTasks = ({ weight = 1, base = 0 }: CapacityProviderStrategy): boolean => weight !== 0 || base !== 0;

const is = ({ capacityProviderName }: Capacity, name: string): boolean => capacityProviderName === name;

/** Returns the cluster's strategy without the providers that do not meet the service's requirements, or undefined for the whole. */
function narrowed(service: TaskPlacement): readonly CapacityProviderStrategy[] | undefined {
  const { cluster, capacityProviderStrategies, daemon } = service;
  // A daemon has no strategy: its tasks start on each instance that can run them.
  if (daemon || capacityProviderStrategies || !cluster.defaultStrategy) return undefined;
  if (capacities(service).every((one) => suits(service, one))) return undefined;
  const strategy = cluster.defaultStrategy.filter(
    ({ capacityProvider }) => !capacities(service).some((one) => is(one, capacityProvider) && !suits(service, one)),
  );
  // A provider without a weight runs only the base. Without the other providers it runs all tasks.
  const isWeightless = strategy.every(({ weight = 1 }) => weight === 0);
  return isWeightless ? strategy.map((share) => ({ ...share, weight: 1 })) : strategy;
}
