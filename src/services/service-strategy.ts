import type { DefaultStrategyItem } from "../capacity/capacity-provider-strategy";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { nearest, type Problem, suggestion } from "../validation/problem";
import type { Findings, Known } from "../validation/settings-rule";
import { show } from "../validation/show";
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
  const chosen = (own ?? narrowed(service))
    ?.filter(hasTasks)
    .map((share) => capacities(service).find((capacity) => is(capacity, share.capacityProvider)));
  return chosen?.includes(undefined) ? [] : (chosen as Capacity[] | undefined);
}

/** Returns a problem for each EFS volume, or each capacity provider, with which tasks would wait forever for an instance. */
export function fileSystemProblems(service: TaskPlacement): Problem[] {
  const [volume] = fileSystems(service);
  if (!volume) return [];
  if (service.cluster.instanceCapacity?.mountsFileSystems === false) {
    return fileSystems(service).map(([name, { fileSystem }]) => ({
      path: `volumes.${name}.fileSystem`,
      rule: "must not be set on a cluster with only Bottlerocket instances, which cannot mount EFS with encryption",
      received: show(fileSystem),
      fix: "Give the cluster a capacity provider with amazon-linux-2023.",
    }));
  }
  if (narrowed(service)?.length === 0) {
    const rule = `must be set for volumes.${volume[0]}, because the cluster's default strategy has only Bottlerocket instances`;
    return [{ path: "capacityProviderStrategies", rule, received: "nothing", fix: fileSystemFix(service) }];
  }
  return (ownShares(service) ?? []).flatMap((share, index) => {
    const unable = capacities(service).find((one) => is(one, share.capacityProvider) && !mounts(one));
    if (!unable || !hasTasks(share)) return [];
    const path = `capacityProviderStrategies[${index}].capacityProvider`;
    const rule = `must be a capacity provider whose instances can mount EFS, for volumes.${volume[0]}`;
    return [{ path, rule, received: show(unable.name), fix: fileSystemFix(service) }];
  });
}

/** Returns the same check for providers that are given by their names in AWS, which only a plan can compare. */
export function strategyGuards(service: TaskPlacement): Guard[] {
  const unable = capacities(service).filter((one) => !mounts(one) && one.capacityProviderName !== undefined);
  const [volume] = fileSystems(service);
  const own = (ownShares(service) ?? []).filter(hasTasks).map(({ capacityProvider }) => capacityProvider);
  const unknown = own.filter((name) => !capacities(service).some((one) => is(one, name)));
  if (!volume || unable.length === 0 || unknown.length === 0) return [];
  const wrong = hcl`setintersection(${unknown}, ${unable.map(({ capacityProviderName }) => capacityProviderName)})`;
  return [
    {
      condition: hcl`length(${wrong}) == 0`.string,
      errorMessage: `capacityProviderStrategies must name capacity providers whose instances can mount EFS, for volumes.${volume[0]}; received ${hcl`join(", ", ${wrong})`}. ${fileSystemFix(service)}`,
    },
  ];
}

function fileSystemFix(service: TaskPlacement): string {
  const able = capacities(service).flatMap((capacity) => (mounts(capacity) ? (capacity.name ?? []) : []));
  const which = able.length > 0 ? able.join(" or ") : "a capacity provider with amazon-linux-2023";
  return `Bottlerocket cannot mount EFS with encryption. Use ${which}.`;
}

const fileSystems = ({ volumes }: TaskPlacement) =>
  Object.entries(volumes).filter(([, { fileSystem }]) => fileSystem !== undefined);

const capacities = ({ cluster }: TaskPlacement): readonly Capacity[] => cluster.instanceCapacity?.capacities ?? [];

/** Returns the service's own shares. A provider that is given by its name in the settings gets its name in AWS. */
const ownShares = (service: TaskPlacement): readonly CapacityProviderStrategy[] | undefined =>
  service.capacityProviderStrategies?.map((share) => {
    const named = capacities(service).find(({ name }) => name === share.capacityProvider);
    return { ...share, capacityProvider: named?.capacityProviderName ?? share.capacityProvider };
  });

const hasTasks = ({ weight = 1, base = 0 }: CapacityProviderStrategy): boolean => weight !== 0 || base !== 0;

const is = ({ capacityProviderName }: Capacity, name: string): boolean => capacityProviderName === name;

const mounts = ({ mountsFileSystems }: Capacity): boolean => mountsFileSystems !== false;

/** Returns the cluster's strategy without the providers that cannot mount the service's volumes, or undefined for the whole. */
function narrowed(service: TaskPlacement): readonly CapacityProviderStrategy[] | undefined {
  const { cluster, capacityProviderStrategies, daemon } = service;
  // A daemon has no strategy: its tasks start on each instance that can run them.
  if (daemon || capacityProviderStrategies || !cluster.defaultStrategy) return undefined;
  if (fileSystems(service).length === 0 || capacities(service).every(mounts)) return undefined;
  const strategy = cluster.defaultStrategy.filter(
    ({ capacityProvider }) => !capacities(service).some((one) => is(one, capacityProvider) && !mounts(one)),
  );
  // A provider without a weight runs only the base. Without the other providers it runs all tasks.
  const isWeightless = strategy.every(({ weight = 1 }) => weight === 0);
  return isWeightless ? strategy.map((share) => ({ ...share, weight: 1 })) : strategy;
}
