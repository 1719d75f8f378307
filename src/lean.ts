import type { TerraformResource } from "cdktf";

// biome-ignore lint/suspicious/noExplicitAny: a mixin's constructor takes what its base takes.
type ResourceClass = new (...args: any[]) => TerraformResource;

const LEAN = new Map<ResourceClass, ResourceClass>();

/**
 * A resource's class that hands on the attributes that are set. CDKTF resolves name and value of each of the others too,
 * which are most: of a thousand services that is a fifth of the time.
 */
export function lean<T extends ResourceClass>(Resource: T): T {
  const known = LEAN.get(Resource);
  if (known) return known as T;
  const Lean = class extends Resource {
    protected override synthesizeAttributes(): { [name: string]: unknown } {
      const attributes = Object.entries(super.synthesizeAttributes());
      return Object.fromEntries(attributes.filter(([, value]) => value !== undefined));
    }
  };
  // An address is one of its class's name.
  Object.defineProperty(Lean, "name", { value: Resource.name });
  LEAN.set(Resource, Lean);
  return Lean;
}
