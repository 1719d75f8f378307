import { type Configuration, type Element, type Json, type JsonObject, strings } from "./configuration";

/** Which element refers to which, read off the expressions themselves. */
export interface References {
  /** What an element refers to, directly or through locals, in order of address. */
  of(element: Element): readonly Element[];
  /** What any value refers to, such as an output's. */
  in(value: Json): readonly Element[];
  /** What refers to an element. */
  to(element: Element): readonly Element[];
  find(address: string): Element | undefined;
  /** The names of the variables that a value refers to, directly or through locals. */
  variablesIn(value: Json): readonly string[];
  /** The text of a value with its locals put in. */
  expanded(value: Json): string;
}

const ADDRESS = /(?<![\w.-])(data\.)?([a-z][a-z0-9]*_[a-z0-9_]+)\.([A-Za-z_][\w-]*)/g;
const LOCAL = /(?<![\w.-])local\.([A-Za-z_][\w-]*)/g;
const VARIABLE = /(?<![\w.-])var\.([A-Za-z_][\w-]*)/g;
const META = ["depends_on", "lifecycle"];

/** Builds the graph of a configuration. `depends_on` and conditions order things and use nothing: they are left out. */
export function referencesOf(configuration: Configuration): References {
  const byAddress = new Map(configuration.elements.map((element) => [element.address, element]));
  const expanded = (value: Json, seen: readonly string[] = []): string =>
    textOf(value).replace(LOCAL, (whole, name: string) => {
      const local = configuration.locals[name];
      return local === undefined || seen.includes(name) ? whole : `(${expanded(local, [...seen, name])})`;
    });
  const found = (value: Json): Element[] => {
    const addresses = [...expanded(expressionsIn(value)).matchAll(ADDRESS)].map(([address]) => address);
    return [...new Set(addresses)].sort().flatMap((address) => byAddress.get(address) ?? []);
  };
  const used = new Map<Element, readonly Element[]>();
  for (const element of configuration.elements) {
    used.set(
      element,
      found(withoutMeta(element.body)).filter((other) => other !== element),
    );
  }
  return {
    of: (element) => used.get(element) ?? [],
    in: found,
    to: (element) => configuration.elements.filter((other) => used.get(other)?.includes(element)),
    find: (address) => byAddress.get(address),
    variablesIn: (value) =>
      [...new Set([...expanded(expressionsIn(value)).matchAll(VARIABLE)].map(([, name]) => name ?? ""))].sort(),
    expanded: (value) => expanded(value),
  };
}

const textOf = (value: Json): string =>
  strings(value)
    .map(({ text }) => text)
    .join("\n");

/** Only text with an expression in it refers to anything; a description that names an address doesn't. */
const expressionsIn = (value: Json): string[] =>
  strings(value)
    .map(({ text }) => text)
    .filter((text) => text.includes("${") || text.includes("%{"));

const withoutMeta = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([key]) => !META.includes(key)));
