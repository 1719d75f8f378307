import type { IConstruct } from "constructs";
import { identityOf } from "../cluster/cluster-identity";
import type { EcsClusterTarget, ServiceNamespace } from "../cluster/ecs-cluster-target";

/** A namespace of a service: a construct, or the name or the ARN of one that exists. */
export type Namespace = ServiceNamespace | string;

/** A name that is unique in a namespace, and the service that has it. */
interface TakenName {
  readonly owner: string;
  readonly namespace: string;
  readonly name: string;
}

/** The names that the services of a cluster have in namespaces, in all stacks of the app. */
const NAMES = new WeakMap<object, TakenName[]>();

/** Returns what stands for a namespace among the services of an app. */
const keyOf = (namespace: Namespace): string => (typeof namespace === "string" ? namespace : namespace.namespaceArn);

function namesOn(cluster: EcsClusterTarget): TakenName[] {
  const identity = identityOf(cluster);
  const names = NAMES.get(identity) ?? [];
  NAMES.set(identity, names);
  return names;
}

/** Registers names of a service, which no other service of the namespace can have. */
export function takeNames(
  service: IConstruct,
  cluster: EcsClusterTarget,
  namespace: Namespace,
  names: readonly string[],
): void {
  const owner = service.node.path;
  namesOn(cluster).push(...names.map((name) => ({ owner, namespace: keyOf(namespace), name })));
}

/** Returns the service that has a name in a namespace. */
export const ownerOf = (cluster: EcsClusterTarget, namespace: Namespace, name: string): string | undefined =>
  namesOn(cluster).find((one) => one.namespace === keyOf(namespace) && one.name === name)?.owner;

/** Returns whether two namespaces are the same. */
export const isSame = (one: Namespace | undefined, other: Namespace | undefined): boolean =>
  one !== undefined && other !== undefined && keyOf(one) === keyOf(other);
