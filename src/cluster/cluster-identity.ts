import type { IConstruct } from "constructs";
import type { EcsClusterTarget } from "./ecs-cluster-target";

/** The objects that stand for the same cluster of AWS. */
interface Identity {
  readonly targets: EcsClusterTarget[];
}

const OF_PARTS = new WeakMap<object, Identity>();
const OF_APPS = new WeakMap<IConstruct, Map<string, Identity>>();

/**
 * Registers a target under its cluster's region and name, so that names, listener rules and namespaces of all stacks of
 * an app that use one cluster are checked against each other.
 *
 * @param scope any construct of the app
 * @param region the region by default: Terraform can deploy the stack with another value
 * @param clusterName the cluster's name by default
 * @returns the targets of the same cluster that the app registered before
 */
export function identifyCluster(
  target: EcsClusterTarget,
  scope: IConstruct,
  region: string,
  clusterName: string,
): readonly EcsClusterTarget[] {
  const { root } = scope.node;
  const ofApp = OF_APPS.get(root) ?? new Map<string, Identity>();
  OF_APPS.set(root, ofApp);
  const key = `${region} ${clusterName}`;
  const identity = ofApp.get(key) ?? { targets: [] };
  ofApp.set(key, identity);
  const before = [...identity.targets];
  identity.targets.push(target);
  // A caller can copy a target and change some parts: `{ ...stack, capacityProvider }`.
  for (const part of [target.cluster, target.loadBalancer]) if (part) OF_PARTS.set(part, identity);
  return before;
}

/** Returns the object that stands for the cluster: of all registered targets of the same cluster, or of this one alone. */
export const identityOf = ({ cluster }: Pick<EcsClusterTarget, "cluster">): object => OF_PARTS.get(cluster) ?? cluster;

/** Returns the object that stands for the cluster's listener. @param loadBalancer the `loadBalancer` of a target */
export const listenerIdentityOf = (loadBalancer: object): object => OF_PARTS.get(loadBalancer) ?? loadBalancer;
