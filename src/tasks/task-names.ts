import { identityOf } from "../cluster/cluster-identity";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import type { Problem } from "../validation/problem";
import { show } from "../validation/show";
import { isToken } from "../validation/token";

const OWNERS = new WeakMap<object, Map<string, string>>();

/** Returns the paths of the constructs that own the task definitions of a cluster, in all stacks of the app, by name. */
export function taskDefinitionsOn(cluster: EcsClusterTarget): Map<string, string> {
  const identity = identityOf(cluster);
  const owners = OWNERS.get(identity) ?? new Map<string, string>();
  OWNERS.set(identity, owners);
  return owners;
}

/**
 * Finds another task definition on the cluster with the same name: both would have one log group and one family.
 * @param path the setting of the name
 */
export function takenOnCluster(cluster: EcsClusterTarget, name: string, path: string): Problem[] {
  const owner = taskDefinitionsOn(cluster).get(name);
  if (owner === undefined || isToken(name)) return [];
  const fix = `${owner} has this name too. Use another name for one of the two.`;
  return [{ path, rule: "must be unique on the cluster", received: show(name), fix }];
}
