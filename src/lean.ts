import type { TerraformResource } from "cdktf";

// biome-ignore lint/suspicious/noExplicitAny: a mixin's constructor takes what its base takes.
type ResourceClass = new (...args: any[]) => TerraformResource;

/** What a resource adds to its stack: its attributes by type and name, and blocks that only few have. */
export interface Fragment {
  readonly resource?: { readonly [type: string]: { readonly [name: string]: object } };
  readonly moved?: unknown;
  readonly import?: unknown;
}

const LEAN = new Map<ResourceClass, ResourceClass>();
/** What was kept apart, while a stack is written. */
let kept: Fragment[] | undefined;

/**
 * A resource's class that hands on the attributes that are set. CDKTF resolves name and value of each of the others too,
 * which are most: of a thousand services that is a fifth of the time.
 */
export function lean<T extends ResourceClass>(Resource: T): T {
  const known = LEAN.get(Resource);
  if (known) return known as T;
  const Lean = class extends Resource {
    override toTerraform(): Fragment {
      const fragment: Fragment = super.toTerraform();
      if (!kept || fragment.moved || fragment.import) return fragment;
      kept.push(fragment);
      return {};
    }

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

/** What a stack writes but for its lean resources, and what those would have added. */
export function keptApart<T>(write: () => T): { readonly written: T; readonly fragments: readonly Fragment[] } {
  const fragments: Fragment[] = [];
  kept = fragments;
  try {
    return { written: write(), fragments };
  } finally {
    kept = undefined;
  }
}
