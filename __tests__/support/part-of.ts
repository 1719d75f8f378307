import type { Configuration } from "../../cli/offline-provider";

type Names = Readonly<Record<string, unknown>>;

/** A reference in an expression or in `depends_on`. */
const REFERENCE = /\b(?:data\.)?aws_\w+\.[\w-]+|\b(?:var|local)\.[\w-]+/g;
const PREFIXES = { variable: "var.", locals: "local.", output: "output.", data: "data.", resource: "" } as const;

/**
 * Returns a configuration with only the given addresses and all that they refer to, because a plan of a whole stack takes
 * longer. The address of a variable is `var.x`, and of an output `output.x`.
 * @throws Error if the configuration does not have an address
 */
export function partOf(configuration: Configuration, ...addresses: readonly string[]): Configuration {
  const { terraform, provider } = configuration;
  const entries = entriesOf(configuration);
  const kept = new Set<string>();
  const keepReferences = (body: unknown) =>
    JSON.stringify(body ?? "")
      .match(REFERENCE)
      ?.forEach(keep);
  const keep = (address: string): void => {
    const entry = entries.get(address);
    if (!entry || kept.has(address)) return;
    kept.add(address);
    keepReferences(entry.body);
  };
  for (const address of addresses) {
    if (!entries.has(address)) throw new Error(`There is no ${address} in the configuration.`);
    keep(address);
  }
  keepReferences(provider);
  const part: Record<string, Names> = {};
  for (const { block, type, name, body } of [...entries].flatMap(([address, entry]) =>
    kept.has(address) ? entry : [],
  )) {
    const own = { [name]: body };
    part[block] = { ...part[block], ...(type ? { [type]: { ...(part[block]?.[type] as Names), ...own } } : own) };
  }
  return { ...(terraform ? { terraform } : {}), ...(provider ? { provider } : {}), ...part };
}

interface Entry {
  readonly block: string;
  readonly type?: string;
  readonly name: string;
  readonly body: unknown;
}

/** Returns the blocks of a configuration by address. */
function entriesOf(configuration: Configuration): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [block, prefix] of Object.entries(PREFIXES)) {
    for (const [key, value] of Object.entries((configuration[block] ?? {}) as Names)) {
      if (block !== "data" && block !== "resource") entries.set(`${prefix}${key}`, { block, name: key, body: value });
      else
        for (const [name, body] of Object.entries(value as Names))
          entries.set(`${prefix}${key}.${name}`, { block, type: key, name, body });
    }
  }
  return entries;
}
