import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import type { Ec2ServiceProps } from "./ec2-service-props";
import type { CapacityProviderStrategy } from "./placement";
import type { Capacity } from "./service-capacity";

/** What decides which instances a service's tasks run on. */
type Strategic = Pick<Ec2ServiceProps, "cluster" | "capacityProviderStrategies" | "volumes" | "daemon">;

/**
 * The service's shares of capacity providers: its own, or the cluster's. ECS gives a task to a provider before it looks at
 * what the instances can, so a task with EFS that falls to Bottlerocket waits there for an instance that never comes: the
 * agent there has no `ecs.capability.efsAuth`. Such a service gets the cluster's strategy without those providers.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-capacity-providers.html, https://github.com/aws/amazon-ecs-init/pull/297
 */
export function strategiesOf(service: Strategic): readonly CapacityProviderStrategy[] {
  const { capacityProvider, defaultStrategy } = service.cluster;
  const own = ownShares(service);
  if (own) return own;
  if (!defaultStrategy) return [{ capacityProvider: capacityProvider.capacityProviderName }];
  const narrow = narrowed(service);
  if (!narrow) return defaultStrategy;
  // Whoever has a base alone takes the rest too, where those that had it are left out.
  const weightless = narrow.every(({ weight = 1 }) => weight === 0);
  return weightless ? narrow.map((item) => ({ ...item, weight: 1 })) : narrow;
}

/**
 * The capacities that the service names, or the cluster's strategy without those that can't mount what it has: none where
 * one of them is not known here, and undefined where tasks may run on any.
 */
export function chosenCapacities(service: Strategic): readonly Capacity[] | undefined {
  const { capacityProvider, defaultStrategy } = service.cluster;
  const own = ownShares(service);
  const isOne = defaultStrategy === undefined || capacities(service).length === 1;
  const isOnly = (name: string) => isOne && name === capacityProvider.capacityProviderName;
  if (own?.every((share) => isOnly(share.capacityProvider))) return undefined;
  const chosen = (own ?? narrowed(service))
    ?.filter(hasTasks)
    .map((share) => capacities(service).find((one) => is(one, share.capacityProvider)));
  return chosen?.includes(undefined) ? [] : (chosen as Capacity[] | undefined);
}

/** Volumes of EFS where tasks would wait for ever for an instance that can mount them. */
export function unmountableMistakes(service: Strategic): string[] {
  const { cluster } = service;
  const own = ownShares(service);
  const [volume] = fileSystems(service);
  if (!volume) return [];
  if (cluster.instanceCapacity?.mountsFileSystems === false) {
    return fileSystems(service).map(
      ([name, { fileSystem }]) =>
        `volumes.${name}.fileSystem must be left out with bottlerocket, which can't mount EFS with encryption; received ${JSON.stringify(fileSystem)}. Give the cluster a capacity provider with amazon-linux-2023.`,
    );
  }
  const able = names(service, true);
  const fix = `Name those that can: ${able.join(", ")}.`;
  const wrong = (own ?? [])
    .filter(hasTasks)
    .flatMap(({ capacityProvider }) => capacities(service).filter((one) => is(one, capacityProvider) && !mounts(one)));
  if (wrong.length > 0) {
    return [
      `capacityProviderStrategies must name providers whose instances mount EFS, for volumes.${volume[0]}; received ${JSON.stringify(wrong.map(({ name }) => name))}, with bottlerocket. ${fix}`,
    ];
  }
  return narrowed(service)?.length === 0
    ? [
        `capacityProviderStrategies must be given for volumes.${volume[0]}, since the cluster's default strategy has no provider whose instances mount EFS; received ${JSON.stringify(names(service, false))}, with bottlerocket. ${fix}`,
      ]
    : [];
}

/** The same of providers that are named by text, which only a plan can tell from the cluster's own. */
export function strategyGuards(service: Strategic): Guard[] {
  const unable = capacities(service).filter((one) => !mounts(one) && one.capacityProviderName !== undefined);
  const [volume] = fileSystems(service);
  const own = (ownShares(service) ?? []).filter(hasTasks).map(({ capacityProvider }) => capacityProvider);
  const unknown = own.filter((name) => !capacities(service).some((one) => is(one, name)));
  if (!volume || unable.length === 0 || unknown.length === 0) return [];
  const wrong = hcl`setintersection(${unknown}, ${unable.map(({ capacityProviderName }) => capacityProviderName)})`;
  return [
    {
      condition: hcl`length(${wrong}) == 0`.string,
      errorMessage: `capacityProviderStrategies must name providers whose instances mount EFS, for volumes.${volume[0]}; received ${hcl`join(", ", ${wrong})`}, with bottlerocket. Name those that can: ${names(service, true).join(", ")}.`,
    },
  ];
}

const fileSystems = ({ volumes = {} }: Strategic) =>
  Object.entries(volumes).filter(([, { fileSystem }]) => fileSystem !== undefined);

const capacities = ({ cluster }: Strategic): readonly Capacity[] => cluster.instanceCapacity?.capacities ?? [];

/** The service's own shares, with the providers' names in AWS for those that it names as the cluster's settings do. */
const ownShares = (service: Strategic): readonly CapacityProviderStrategy[] | undefined =>
  service.capacityProviderStrategies?.map((share) => {
    const named = capacities(service).find(({ name }) => name === share.capacityProvider);
    return { ...share, capacityProvider: named?.capacityProviderName ?? share.capacityProvider };
  });

const hasTasks = ({ weight = 1, base = 0 }: Pick<CapacityProviderStrategy, "weight" | "base">): boolean =>
  weight !== 0 || base !== 0;

const is = ({ capacityProviderName }: Capacity, name: string): boolean => capacityProviderName === name;

const mounts = ({ mountsFileSystems }: Capacity): boolean => mountsFileSystems !== false;

const names = (service: Strategic, able: boolean): string[] =>
  capacities(service).flatMap((one) => (mounts(one) === able ? (one.name ?? []) : []));

/** The cluster's strategy without the providers that can't mount what the service has; undefined where it is as it was. */
function narrowed(service: Strategic): readonly CapacityProviderStrategy[] | undefined {
  const { cluster, capacityProviderStrategies, daemon } = service;
  // A daemon has no strategy: its tasks start on the instances that can.
  if (daemon || capacityProviderStrategies || !cluster.defaultStrategy) return undefined;
  if (fileSystems(service).length === 0 || capacities(service).every(mounts)) return undefined;
  return cluster.defaultStrategy.filter(
    ({ capacityProvider }) => !capacities(service).some((one) => is(one, capacityProvider) && !mounts(one)),
  );
}
