import type { IConstruct } from "constructs";
import type { EcsClusterTarget } from "./ecs-cluster-target";

/** The objects that stand for the same cluster of AWS. */
interface Identity {
  readonly targets: EcsClusterTarget[];
  /** The objects that stand for its other load balancers, by name. */
  readonly loadBalancers: Map<string, object>;
}

const OF_PARTS = new WeakMap<object, object>();
const OF_APPS = new WeakMap<IConstruct, Map<string, Identity>>();

/** The clusters of an app by region and name. */
function identitiesOf({ node: { root } }: IConstruct): Map<string, Identity> {
  const ofApp = OF_APPS.get(root) ?? new Map<string, Identity>();
  OF_APPS.set(root, ofApp);
  return ofApp;
}

const keyOf = (region: string, clusterName: string) => `${region} ${clusterName}`;

/** Returns the targets of a cluster that the app has registered. */
export const targetsOf = (scope: IConstruct, region: string, clusterName: string): readonly EcsClusterTarget[] =>
  identitiesOf(scope).get(keyOf(region, clusterName))?.targets ?? [];

/**
 * Registers a target under its cluster's region and name, so that names, listener rules and namespaces of all stacks of
 * an app that use one cluster are checked against each other.
 *
 * @param scope any construct of the app
 * @param region the region by default: Terraform can deploy the stack with another value
 * @param clusterName the cluster's name by default
 */
export function identifyCluster(
  target: EcsClusterTarget,
  scope: IConstruct,
  region: string,
  clusterName: string,
): void {
  const identities = identitiesOf(scope);
  const key = keyOf(region, clusterName);
  const identity: Identity = identities.get(key) ?? { targets: [], loadBalancers: new Map() };
  identities.set(key, identity);
  identity.targets.push(target);
  // A caller can copy a target and change some parts: `{ ...stack, capacityProvider }`.
  for (const part of [target.cluster, target.loadBalancer]) if (part) OF_PARTS.set(part, identity);
  const others = [
    ...Object.entries(target.loadBalancers ?? {}),
    ...Object.entries(target.networkLoadBalancers ?? {}).map(([name, part]) => [`network ${name}`, part] as const),
  ];
  for (const [name, part] of others) {
    const same = identity.loadBalancers.get(name) ?? part;
    identity.loadBalancers.set(name, same);
    OF_PARTS.set(part, same);
  }
}

/** Returns the object that stands for the cluster: of all registered targets of the same cluster, or of this one alone. */
export const identityOf = ({ cluster }: Pick<EcsClusterTarget, "cluster">): object => OF_PARTS.get(cluster) ?? cluster;

/** Returns the object that stands for the cluster's listener. @param loadBalancer the `loadBalancer` of a target */
export const listenerIdentityOf = (loadBalancer: object): object => OF_PARTS.get(loadBalancer) ?? loadBalancer;

/**
 * Returns the object that stands for a listener's load balancer, whose listeners share its quotas.
 * @param listener a listener, with its load balancer unless it stands for both
 */
export const loadBalancerIdentityOf = (listener: { readonly loadBalancer?: object }): object =>
  OF_BALANCERS.get(listener) ?? listenerIdentityOf(listener.loadBalancer ?? listener);

const OF_BALANCERS = new WeakMap<object, object>();
const OF_ARNS = new WeakMap<IConstruct, Map<string, object>>();

/**
 * Registers an existing listener under its ARN, so that all constructs of an app for one listener share its rules, and all
 * listeners of one load balancer its quotas.
 * It also registers an existing Network Load Balancer, whose constructs share its listeners.
 */
export function identifyListener(listener: IConstruct, listenerArn: string): void {
  const { root } = listener.node;
  const ofApp = OF_ARNS.get(root) ?? new Map<string, object>();
  OF_ARNS.set(root, ofApp);
  const balancerArn = listenerArn.slice(0, listenerArn.lastIndexOf("/"));
  for (const [arn, parts] of [
    [listenerArn, OF_PARTS],
    [balancerArn, OF_BALANCERS],
  ] as const) {
    const same = ofApp.get(arn) ?? listener;
    ofApp.set(arn, same);
    parts.set(listener, same);
  }
}
