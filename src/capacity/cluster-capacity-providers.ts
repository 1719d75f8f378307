import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Cluster } from "../cluster/cluster";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { refuse } from "../validation/check-props";
import type { AsgCapacityProvider } from "./asg-capacity-provider";
import { CAPACITY_LIMITS, strategyMistakes } from "./capacity-rules";
import type { DefaultStrategyItem } from "./capacity-settings";

/** Which capacity the cluster has. */
export interface ClusterCapacityProvidersProps {
  /** The cluster that gets the capacity. */
  readonly cluster: Cluster;
  /** The providers by a name for the strategy, each made with `association: false`. */
  readonly capacityProviders: Readonly<Record<string, AsgCapacityProvider>>;
  /** How tasks are spread where a service names no provider. At most 20, one with a base. @default - every provider with weight 1 */
  readonly defaultStrategy?: readonly DefaultStrategyItem[];
  /** The most instances that all of them may have together, at most 5000. @default - not known: it shows when one can't join */
  readonly maxSize?: number;
}

/** A capacity provider that the cluster has. */
export interface ClusterCapacity {
  /** The provider's name, from its association: a service that uses it waits until the cluster has it. */
  readonly capacityProviderName: string;
  /** The auto scaling group's name. */
  readonly autoscalingGroupName: string;
  /** What makes the provider the cluster's own. */
  readonly association: ITerraformDependable;
}

const sizeGuard = (maxSize: number): Guard => ({
  condition: hcl`${maxSize} <= ${CAPACITY_LIMITS.instancesPerCluster}`.string,
  errorMessage: `max_size of the capacity providers must be at most ${CAPACITY_LIMITS.instancesPerCluster} together, which is what a cluster takes; received ${hcl`${maxSize}`}. Lower one of them, or make another cluster.`,
});

/**
 * Gives a cluster several capacity providers and a default strategy over them. A cluster has one such association: it is
 * the whole list.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-capacity-providers.html
 */
export class ClusterCapacityProviders extends Construct {
  /** Each provider as the cluster has it, by its name in the props. */
  readonly capacities: Readonly<Record<string, ClusterCapacity>>;
  /** The default strategy, with the providers' names in AWS. */
  readonly defaultStrategy: readonly Required<DefaultStrategyItem>[];

  /** @throws {SettingsError} with every mistake in the strategy at once */
  constructor(scope: Construct, id: string, props: ClusterCapacityProvidersProps) {
    super(scope, id);
    const { cluster, capacityProviders } = props;
    const names = Object.keys(capacityProviders);
    const strategy: readonly DefaultStrategyItem[] =
      props.defaultStrategy ?? names.map((capacityProvider) => ({ capacityProvider }));
    refuse(this, strategyMistakes(strategy, names));
    const provider = (name: string) => (capacityProviders[name] as AsgCapacityProvider).capacityProviderName;

    const association = new EcsClusterCapacityProviders(this, "resource", {
      clusterName: cluster.clusterName,
      capacityProviders: names.map(provider),
      defaultCapacityProviderStrategy: strategy.map(({ capacityProvider, base = 0, weight = 1 }) => ({
        capacityProvider: provider(capacityProvider),
        base,
        weight,
      })),
      lifecycle: props.maxSize === undefined ? undefined : { precondition: [sizeGuard(props.maxSize)] },
    });
    const named = (name: string) =>
      hcl`one([for name in ${association.fqn}.capacity_providers : name if name == ${provider(name)}])`.string;
    this.capacities = Object.fromEntries(
      Object.entries(capacityProviders).map(([name, { autoscalingGroupName }]) => [
        name,
        { capacityProviderName: named(name), autoscalingGroupName, association },
      ]),
    );
    // The very names above, so that whoever compares a strategy with them finds them again.
    this.defaultStrategy = strategy.map(({ capacityProvider, base = 0, weight = 1 }) => ({
      capacityProvider: (this.capacities[capacityProvider] as ClusterCapacity).capacityProviderName,
      base,
      weight,
    }));
  }
}
