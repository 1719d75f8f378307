import { bindingsSource, UnknownTypeError } from "./bindings";
import { openBlock } from "./open-blocks";
import { markSensitive } from "./sensitive";
import type { Attribute, Block, CtyType, Kind, NestedBlock } from "./types";

/** An argument that can be set: an entry of `synthesizeHclAttributes`, or of the `…ToHclTerraform` of a nested block. */
interface HclEntry {
  readonly value: string;
  readonly isBlock: boolean;
  readonly type: string;
  readonly storage: string;
}

/** A member of a class: the flags in its comment, and the code up to the next member. */
interface Member {
  readonly name: string;
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  readonly code: string;
}

/** The functions and classes of one file of bindings, by name. */
interface Pieces {
  readonly kind: Kind;
  readonly type: string;
  readonly functions: ReadonlyMap<string, string>;
  readonly classes: ReadonlyMap<string, string>;
}

const FLAGS = /^ *\/\/ (\w+) - computed: (\w+), optional: (\w+), required: (\w+)$/gm;
const HCL_ENTRY =
  /^ +(\w+): \{\n +value: (.*),\n +isBlock: (true|false),\n +type: "(\w+)",\n +storageClassType: "(\w+)",/gm;
const TOP_LEVEL = /^export (?:function (\w+)ToHclTerraform\(|class (\w+) extends )/gm;
const NESTED = /= new (\w+?)(List|Map|OutputReference)\(this, "\w+"(?:, (true|false))?\)/;

const STORAGE: { readonly [storage: string]: CtyType } = {
  string: "string",
  number: "number",
  boolean: "bool",
  any: "dynamic",
};
/** The types of attributes by the code of their getters, in the bindings of CDKTF and of cdktn. */
export const GETTERS: readonly (readonly [RegExp, CtyType])[] = [
  [/tolist\(this\.getListAttribute\(/, ["set", "string"]],
  [/tolist\(this\.getNumberListAttribute\(/, ["set", "number"]],
  [/this\.getListAttribute\(/, ["list", "string"]],
  [/this\.getNumberListAttribute\(/, ["list", "number"]],
  [/this\.getStringMapAttribute\(/, ["map", "string"]],
  [/this\.getNumberMapAttribute\(/, ["map", "number"]],
  [/this\.getBooleanMapAttribute\(/, ["map", "bool"]],
  [/this\.getStringAttribute\(/, "string"],
  [/this\.getNumberAttribute\(/, "number"],
  [/this\.getBooleanAttribute\(/, "bool"],
  [/new cdkt[fn]\.StringMap\(/, ["map", "string"]],
  [/new cdkt[fn]\.NumberMap\(/, ["map", "number"]],
  [/new cdkt[fn]\.BooleanMap\(/, ["map", "bool"]],
  [/new cdkt[fn]\.AnyMap\(/, ["map", "dynamic"]],
  [/new cdkt[fn]\.StringMapList\([^)]*, true\)/, ["set", ["map", "string"]]],
  [/new cdkt[fn]\.StringMapList\(/, ["list", ["map", "string"]]],
  [/this\.(interpolationForAttribute|getAnyMapAttribute)\(/, "dynamic"],
];

const cache = new Map<string, Block>();

/**
 * Returns the schema of a type, which it reads from the installed bindings and caches.
 * @throws {UnknownTypeError} when the bindings do not have the type, or have code that this file cannot read
 */
export function deriveBlock(kind: Kind, type: string): Block {
  const key = `${kind} ${type}`;
  const known = cache.get(key);
  if (known) return known;
  const pieces = cut(kind, type, bindingsSource(kind, type));
  const [main] = [...pieces.classes].find(([, body]) => body.includes(`tfResourceType = "${type}"`)) ?? [""];
  const body = pieces.classes.get(main) ?? "";
  const hclAt = body.indexOf("synthesizeHclAttributes()");
  if (hclAt < 0) throw new UnknownTypeError(kind, type, "its class has no synthesizeHclAttributes");
  const block = markSensitive(kind, type, blockOf(pieces, body.slice(0, hclAt), body.slice(hclAt)));
  cache.set(key, block);
  return block;
}

function cut(kind: Kind, type: string, source: string): Pieces {
  const functions = new Map<string, string>();
  const classes = new Map<string, string>();
  for (const match of source.matchAll(TOP_LEVEL)) {
    const end = source.indexOf("\n}", match.index);
    const body = source.slice(match.index, end < 0 ? undefined : end);
    if (match[1]) functions.set(capitalized(match[1]), body);
    else if (match[2]) classes.set(match[2], body);
  }
  return { kind, type, functions, classes };
}

function blockOf(pieces: Pieces, classBody: string, hclBody: string): Block {
  const attributes: { [name: string]: Attribute } = {};
  const blocks: { [name: string]: NestedBlock } = {};
  const entries = hclEntries(hclBody);
  for (const member of members(classBody)) {
    const entry = entries.get(member.name);
    const open = openBlock(pieces.type, member.name);
    if (open) {
      blocks[member.name] = open;
    } else if (entry && isNestedBlock(entry, member)) {
      blocks[member.name] = nestedBlock(pieces, member, entry);
    } else {
      const { computed, optional, required } = member;
      attributes[member.name] = { type: typeOf(pieces, member, entry), computed, optional, required };
    }
  }
  for (const name of entries.keys()) {
    if (!attributes[name] && !blocks[name]) fail(pieces, name, "it can be set but has no getter");
  }
  return { attributes, blocks };
}

/**
 * Returns whether a member is a nested block. The generator also writes `isBlock: true` for lists of objects, which are
 * attributes. The AWS provider computes such a list, or the second argument of its mapper is false.
 */
function isNestedBlock(entry: HclEntry, member: Member): boolean {
  return entry.isBlock && !member.computed && !/MapperHcl\(\w+, false\)/.test(entry.value);
}

function nestedBlock(pieces: Pieces, member: Member, entry: HclEntry): NestedBlock {
  const nesting = { struct: "single", list: "list", set: "set" }[entry.type] as NestedBlock["nesting"] | undefined;
  if (!nesting) fail(pieces, member.name, `its nesting "${entry.type}" is unknown`);
  // Terraform rejects limits on the number of a single nested block.
  const limited = nesting !== "single";
  return {
    nesting,
    minItems: limited && member.required ? 1 : 0,
    maxItems: limited && NESTED.exec(member.code)?.[2] === "OutputReference" ? 1 : 0,
    block: structBlock(pieces, member.name, structName(pieces, member, entry)),
  };
}

function typeOf(pieces: Pieces, member: Member, entry: HclEntry | undefined): CtyType {
  const nested = NESTED.exec(member.code);
  if (entry?.isBlock || nested) {
    const struct = structName(pieces, member, entry);
    const object = objectType(structBlock(pieces, member.name, struct));
    const wrapper = entry?.type ?? (nested?.[3] === "true" ? "set" : nested?.[2] === "List" ? "list" : "struct");
    if (nested?.[2] === "Map" || wrapper === "map") return ["map", object];
    return wrapper === "struct" ? object : [wrapper as "list" | "set", object];
  }
  if (entry) return settableType(pieces, member, entry);
  const getter = GETTERS.find(([pattern]) => pattern.test(member.code));
  return getter ? getter[1] : fail(pieces, member.name, "its getter is unknown");
}

/** Returns the type of an argument: a set of strings for `type: "set"` with `storageClassType: "stringList"`. */
function settableType(pieces: Pieces, member: Member, { type, storage }: HclEntry): CtyType {
  const [, base = "", wrappers = ""] = /^([a-z]+?)((?:List|Map)*)$/.exec(storage) ?? [];
  const parts = [...wrappers.matchAll(/List|Map/g)].map(([part]) => part.toLowerCase() as "list" | "map");
  let result = STORAGE[base] ?? fail(pieces, member.name, `its storage "${storage}" is unknown`);
  for (const [index, part] of parts.entries()) {
    const outermost = index === parts.length - 1;
    result = [outermost && type === "set" ? "set" : part, result];
  }
  return result;
}

function structName(pieces: Pieces, member: Member, entry: HclEntry | undefined): string {
  const fromEntry = /(\w+)ToHclTerraform/.exec(entry?.value ?? "")?.[1];
  const name = fromEntry ? capitalized(fromEntry) : NESTED.exec(member.code)?.[1];
  return name ?? fail(pieces, member.name, "the class of its items is missing");
}

function structBlock(pieces: Pieces, name: string, struct: string): Block {
  const hcl = pieces.functions.get(struct);
  const body = pieces.classes.get(`${struct}OutputReference`);
  if (body !== undefined) return blockOf(pieces, body, hcl ?? "");
  // The blocks of the provider cannot be read, so they have no such class. All their arguments are optional.
  if (pieces.kind !== "provider" || hcl === undefined)
    fail(pieces, name, `the class ${struct}OutputReference is missing`);
  const entries = [...hclEntries(hcl)].map(([attribute, entry]): [string, Attribute] => {
    const member = { name: attribute, computed: false, optional: true, required: false, code: "" };
    return [attribute, { type: typeOf(pieces, member, entry), computed: false, optional: true, required: false }];
  });
  return { attributes: Object.fromEntries(entries), blocks: {} };
}

function objectType({ attributes, blocks }: Block): CtyType {
  const fields: { [name: string]: CtyType } = {};
  for (const [name, { type }] of Object.entries(attributes)) fields[name] = type;
  for (const [name, { nesting, block }] of Object.entries(blocks)) {
    fields[name] = nesting === "single" ? objectType(block) : [nesting, objectType(block)];
  }
  return ["object", fields];
}

function hclEntries(body: string): Map<string, HclEntry> {
  const entries = new Map<string, HclEntry>();
  for (const [, name = "", value = "", isBlock, type = "", storage = ""] of body.matchAll(HCL_ENTRY)) {
    entries.set(name, { value, isBlock: isBlock === "true", type, storage });
  }
  return entries;
}

function members(body: string): Member[] {
  const found = [...body.matchAll(FLAGS)];
  return found.map((match, index) => ({
    name: match[1] ?? "",
    computed: match[2] === "true",
    optional: match[3] === "true",
    required: match[4] === "true",
    code: body.slice(match.index, found[index + 1]?.index),
  }));
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function fail(pieces: Pieces, name: string, reason: string): never {
  throw new UnknownTypeError(pieces.kind, pieces.type, `of "${name}", ${reason}`);
}
