import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type Cluster, clusterField } from "../cluster/cluster";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { map, number, schemaOf } from "../validation/schema";
import type { Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import { type AsgCapacityProvider, asgCapacityProviderField } from "./asg-capacity-provider";
import {
  capacityProviderCountLimit,
  type DefaultStrategyItem,
  defaultStrategyField,
  strategyNamesProviders,
} from "./capacity-provider-strategy";
import { MOST_INSTANCES } from "./capacity-values";

/** The capacity providers of a cluster. */
export interface ClusterCapacityProvidersProps {
  /** The cluster that uses the capacity providers. */
  readonly cluster: Cluster;
  /** The capacity providers by their names in the strategy. Each is created with `association: false`. */
  readonly capacityProviders: Readonly<Record<string, AsgCapacityProvider>>;
  /** How ECS distributes the tasks of services that name no capacity provider. @default - every capacity provider with weight 1 */
  readonly defaultStrategy?: readonly DefaultStrategyItem[];
  /** The most instances of all capacity providers together. @default - unknown: Terraform does not check the limit of the cluster */
  readonly maxSize?: number;
}

export const clusterCapacityProvidersPropsSchema = schemaOf<ClusterCapacityProvidersProps>()(
  {
    cluster: clusterField,
    capacityProviders: map(asgCapacityProviderField, { limits: [capacityProviderCountLimit] }),
    defaultStrategy: defaultStrategyField.optional(),
    maxSize: number().optional(),
  },
  ({ defaultStrategy, capacityProviders }: Known<ClusterCapacityProvidersProps>) =>
    strategyNamesProviders(defaultStrategy, capacityProviders),
);

/** A capacity provider of a cluster. */
export interface ClusterCapacity {
  /** The name of the capacity provider, from its association. A service that uses it waits for the association. */
  readonly capacityProviderName: string;
  /** The name of the Auto Scaling group. */
  readonly autoscalingGroupName: string;
  /** The resource that adds the capacity provider to the cluster. */
  readonly association: ITerraformDependable;
}

const sizeGuard = (maxSize: number): Guard => ({
  condition: hcl`${maxSize} <= ${MOST_INSTANCES}`.string,
  errorMessage: `max_size of all capacity providers together must be at most ${MOST_INSTANCES}, the limit of a cluster; received ${hcl`${maxSize}`}. Lower one of them, or use another cluster.`,
});

/**
 * Gives a cluster several capacity providers and a default strategy. A cluster has one such association, which lists all of
 * its capacity providers.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-capacity-providers.html
 */
export class ClusterCapacityProviders extends Construct {
  /** The capacity providers of the cluster, by their names in the props. */
  readonly capacities: Readonly<Record<string, ClusterCapacity>>;
  /** The default strategy, with the names of the capacity providers in AWS. */
  readonly defaultStrategy: readonly Required<DefaultStrategyItem>[];

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ClusterCapacityProvidersProps) {
    super(scope, id);
    const { cluster, capacityProviders, maxSize, ...settings } = validate(
      this,
      clusterCapacityProvidersPropsSchema,
      props,
    );
    const names = Object.keys(capacityProviders);
    const strategy =
      settings.defaultStrategy ?? names.map((capacityProvider) => ({ capacityProvider, base: 0, weight: 1 }));
    const provider = (name: string) => (capacityProviders[name] as AsgCapacityProvider).capacityProviderName;
    const association = new EcsClusterCapacityProviders(this, "resource", {
      clusterName: cluster.clusterName,
      capacityProviders: names.map(provider),
      defaultCapacityProviderStrategy: strategy.map((item) => ({
        ...item,
        capacityProvider: provider(item.capacityProvider),
      })),
      lifecycle: maxSize === undefined ? undefined : { precondition: [sizeGuard(maxSize)] },
    });
    this.node.defaultChild = association;
    const named = (name: string) =>
      hcl`one([for name in ${association.fqn}.capacity_providers : name if name == ${provider(name)}])`.string;
    this.capacities = Object.fromEntries(
      Object.entries(capacityProviders).map(([name, { autoscalingGroupName }]) => [
        name,
        { capacityProviderName: named(name), autoscalingGroupName, association },
      ]),
    );
    // The same texts as above, so that a service can compare its strategy with them.
    this.defaultStrategy = strategy.map((item) => ({
      ...item,
      capacityProvider: (this.capacities[item.capacityProvider] as ClusterCapacity).capacityProviderName,
    }));
  }
}
