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
