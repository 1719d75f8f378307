import { Construct } from "constructs";
import type { EcsClusterTarget, ListenerTarget } from "../cluster/ecs-cluster-target";
import { anyOf, custom, plain, string } from "../validation/schema";
import type { Finding } from "../validation/settings-rule";
import { show } from "../validation/show";

/** A listener for rules of services, of a load balancer that is a construct. */
export interface LoadBalancerListener extends ListenerTarget {
  /** The listener's load balancer. @default - the object itself */
  readonly loadBalancer?: object;
}

/** The load balancer of a route: its name in `loadBalancers` of the cluster, a construct, or one of its `listeners`. */
export type RouteLoadBalancer = string | LoadBalancerListener;

const listenerField = custom<LoadBalancerListener>(
  "the name of a load balancer, a load balancer or one of its listeners",
  'For example "internal", stack.loadBalancers.internal or ApplicationLoadBalancer.fromListenerArn(…).',
  (value) =>
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<ListenerTarget>).listenerArn === "string" &&
    Construct.isConstruct(ownerOf(value as LoadBalancerListener)),
);

/** The field of a route's load balancer. */
export const routeLoadBalancerField = anyOf(plain(string()), listenerField).with<RouteLoadBalancer, RouteLoadBalancer>({
  type: listenerField.facts.type,
});

/** The listener of a route, and the load balancer that it belongs to. */
export interface RouteListener {
  /** The name of the load balancer, which ends addresses. The cluster's own load balancer has none. */
  readonly name: string | undefined;
  readonly listener: ListenerTarget;
}

/** Returns the listener of a route. Undefined if the cluster has no such load balancer. */
export function listenerOf(
  { loadBalancer: main, loadBalancers = {} }: Pick<EcsClusterTarget, "loadBalancer" | "loadBalancers">,
  loadBalancer: RouteLoadBalancer | undefined,
): RouteListener | undefined {
  if (loadBalancer === undefined) return main && { name: undefined, listener: main };
  if (typeof loadBalancer === "string") {
    const listener = Object.hasOwn(loadBalancers, loadBalancer) ? loadBalancers[loadBalancer] : undefined;
    return listener && { name: loadBalancer, listener };
  }
  const owner = ownerOf(loadBalancer);
  if (owner === main) return { name: undefined, listener: loadBalancer };
  const [named] = Object.entries(loadBalancers).find(([, other]) => other === owner) ?? [];
  return { name: named ?? addressOf(owner as Construct), listener: loadBalancer };
}

const ownerOf = (listener: LoadBalancerListener): object => listener.loadBalancer ?? listener;

/** Returns the path of a construct below its stack, as addresses have it. */
export const addressOf = ({ node }: Construct): string =>
  node.path
    .split("/")
    .slice(1)
    .join("_")
    .replace(/[^A-Za-z0-9_]/g, "_");

/** Finds a load balancer that the cluster does not have. */
export function* missingLoadBalancer(
  cluster: Pick<EcsClusterTarget, "loadBalancer" | "loadBalancers">,
  loadBalancer: RouteLoadBalancer | undefined,
): Iterable<Omit<Finding<object>, "at">> {
  if (typeof loadBalancer !== "string" || listenerOf(cluster, loadBalancer)) return;
  const names = Object.keys(cluster.loadBalancers ?? {});
  yield {
    must: `be a load balancer of the cluster: ${names.length > 0 ? names.map(show).join(", ") : "it has no named one"}`,
    fix: "Add it to loadBalancers of the cluster, EcsServiceStack or EcsClusterLookup. Without the setting, the rule is on loadBalancer.",
    received: loadBalancer,
  };
}
