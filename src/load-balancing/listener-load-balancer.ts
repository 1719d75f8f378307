import { Construct } from "constructs";
import type { EcsClusterTarget, NetworkLoadBalancerTarget } from "../cluster/ecs-cluster-target";
import { anyOf, custom, plain, string } from "../validation/schema";
import type { Finding } from "../validation/settings-rule";
import { show } from "../validation/show";
import { addressOf } from "./route-listener";

/** The load balancer of a listener: its name in `networkLoadBalancers` of the cluster, or a construct. */
export type ListenerLoadBalancer = string | NetworkLoadBalancerTarget;

const balancerField = custom<NetworkLoadBalancerTarget>(
  "the name of a Network Load Balancer, or one",
  'For example "edge", stack.networkLoadBalancers.edge or NetworkLoadBalancer.fromLoadBalancerArn(…).',
  (value) =>
    Construct.isConstruct(value) &&
    typeof (value as Partial<NetworkLoadBalancerTarget>).loadBalancerArn === "string" &&
    typeof (value as Partial<NetworkLoadBalancerTarget>).securityGroupId === "string",
);

/** The field of a listener's load balancer. */
export const listenerLoadBalancerField = anyOf(plain(string()), balancerField).with<
  ListenerLoadBalancer,
  ListenerLoadBalancer
>({ type: balancerField.facts.type });

type Balancers = Pick<EcsClusterTarget, "networkLoadBalancers">;

/** Returns a Network Load Balancer, and the name that addresses have. Undefined if the cluster has no such load balancer. */
export function networkLoadBalancerOf(
  { networkLoadBalancers = {} }: Balancers,
  loadBalancer: ListenerLoadBalancer,
): { readonly name: string; readonly balancer: NetworkLoadBalancerTarget } | undefined {
  if (typeof loadBalancer === "string") {
    const balancer = Object.hasOwn(networkLoadBalancers, loadBalancer) ? networkLoadBalancers[loadBalancer] : undefined;
    return balancer && { name: loadBalancer, balancer };
  }
  const [named] = Object.entries(networkLoadBalancers).find(([, other]) => other === loadBalancer) ?? [];
  return { name: named ?? addressOf(loadBalancer as unknown as Construct), balancer: loadBalancer };
}

/** Finds a Network Load Balancer that the cluster does not have. */
export function* missingNetworkLoadBalancer(
  cluster: Balancers,
  loadBalancer: ListenerLoadBalancer | undefined,
): Iterable<Omit<Finding<object>, "at">> {
  if (typeof loadBalancer !== "string" || networkLoadBalancerOf(cluster, loadBalancer)) return;
  const names = Object.keys(cluster.networkLoadBalancers ?? {});
  yield {
    must: `be a Network Load Balancer of the cluster: ${names.length > 0 ? names.map(show).join(", ") : "it has none"}`,
    fix: "Add it to networkLoadBalancers of the cluster, EcsServiceStack or EcsClusterLookup.",
    received: loadBalancer,
  };
}
