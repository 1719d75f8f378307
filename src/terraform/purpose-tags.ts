/**
 * The tags that say what a resource is for, to whoever meets it in the console. AWS takes letters, digits, spaces and
 * `_ . : / = + - @` in tags.
 *
 * @param name the resource's own name
 * @param purpose what it is for, in a few words
 */
export function purposeTags(name: string, purpose: string): { [key: string]: string } {
  return { Name: name, Purpose: purpose };
}

/** What a group's purpose is, by which the lookup of a cluster finds it. */
export const CAPACITY_PURPOSE = "The container instances of the ECS cluster";
