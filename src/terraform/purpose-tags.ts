/**
 * Returns the tags of a resource, for readers of the AWS console. AWS accepts letters, digits, spaces and `_ . : / = + - @`
 * in tags.
 *
 * @param name the name of the resource
 * @param purpose what the resource does, in a few words
 */
export function purposeTags(name: string, purpose: string): { [key: string]: string } {
  return { Name: name, Purpose: purpose };
}

/** The `Purpose` of an Auto Scaling group. The lookup of a cluster finds the group by it, so it must not change. */
export const CAPACITY_PURPOSE = "The container instances of the ECS cluster";

/** The `Purpose` of the listener of services. `EcsClusterLookup` finds the listener by it, so it must not change. */
export const FOR_SERVICES = "Where services put their rules";
/** The `Purpose` of the listener of another load balancer, which also has the tag `LoadBalancer` with its name. */
export const FOR_ROUTES = "Where routes of services put their rules";
export const LOAD_BALANCER_TAG = "LoadBalancer";
/** The `Purpose` of a Network Load Balancer. `EcsClusterLookup` finds the load balancer by it, so it must not change. */
export const FOR_LISTENERS = "Where services put their listeners";
/** The tag of the listener of services on a load balancer with `allowHttpsOutbound`. Its value is `true`. */
export const HTTPS_OUTBOUND_TAG = "AllowHttpsOutbound";
