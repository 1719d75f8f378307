import type { Attribute, Block, CtyType } from "../schema/types";
import { equal, isKnown, isObject, type ObjectValue, Unknown, type Value } from "../wire/values";
import { isReplacedBy, keptWhenOmitted, unknownAfter } from "./behaviour";
import { conform } from "./conform";
import { digest, type Place } from "./fake";
import { identityOf } from "./identity";

export interface Planned {
  readonly state: Value;
  /** The arguments whose change replaces the resource. */
  readonly replaces: readonly string[];
}

/** What affects every resource: mostly the arguments of the provider block. */
export interface ProviderSettings {
  readonly place: Place;
  readonly defaultTags: { readonly [key: string]: string };
  /** Returns the attributes of a subnet, or nothing for an unknown subnet. */
  subnetOf(id: string): ObjectValue | undefined;
}

/** Plans a change as the AWS provider does. A computed attribute without a value is unknown. Known attributes stay. */
export function planChange(
  type: string,
  block: Block,
  prior: Value,
  proposed: Value,
  settings: ProviderSettings,
): Planned {
  if (!isObject(proposed)) return { state: null, replaces: [] };
  const wanted = withKeptBlocks(type, block, prior, withProviderSettings(block, proposed, settings));
  if (!isObject(prior)) return { state: unknownWhereComputed(block, wanted), replaces: [] };
  const changed = Object.keys(wanted).filter((name) => !equal(wanted[name], prior[name]));
  if (changed.length === 0) return { state: prior, replaces: [] };
  const state = unknownWhereNew(block, wanted, prior);
  for (const name of unknownAfter(type, changed, wanted)) state[name] = Unknown.VALUE;
  return { state, replaces: changed.filter((name) => isReplacedBy(type, name, prior, wanted)) };
}

/**
 * Returns the state of a resource after its apply. Made-up values replace the unknown ones.
 * @param number makes the ids differ from those of an equal resource. Default: 0
 */
export function applyChange(
  type: string,
  block: Block,
  prior: Value,
  planned: Value,
  settings: ProviderSettings,
  number = 0,
): Value {
  if (!isObject(planned)) return null;
  const given = JSON.stringify(planned, (_, value) => (value instanceof Unknown ? "?" : value));
  const seed = `${type} ${given}${number === 0 ? "" : ` ${number}`}`;
  const known = isObject(prior) ? prior : null;
  const identity = identityOf({
    type,
    state: planned,
    prior: known,
    place: settings.place,
    subnetOf: settings.subnetOf,
    seed,
  });
  const settled = Object.entries(planned).map(([name, value]): [string, Value] => [
    name,
    value instanceof Unknown && identity[name] !== undefined ? identity[name] : value,
  ]);
  return fill(block, Object.fromEntries(settled), seed);
}

/** Adds the two computed arguments that the AWS provider knows at plan: the region, and the tags with the default tags. */
function withProviderSettings(
  block: Block,
  proposed: ObjectValue,
  { place, defaultTags }: ProviderSettings,
): ObjectValue {
  const state = { ...proposed };
  if (block.attributes.region?.computed) state.region ??= place.region;
  if (block.attributes.tags_all?.computed) {
    const tags = state.tags ?? {};
    const all = isKnown(tags) && isObject(tags) ? { ...defaultTags, ...tags } : Unknown.VALUE;
    // The AWS provider plans no empty tags before the resource exists.
    const none = isObject(all) && Object.keys(all).length === 0;
    if (!none || isObject(state.tags_all)) state.tags_all = all;
  }
  return state;
}

/** Adds the blocks that the configuration omits and the AWS provider keeps: those of the state, or those that AWS has without them. */
function withKeptBlocks(type: string, block: Block, prior: Value, wanted: ObjectValue): ObjectValue {
  const kept = Object.entries(keptWhenOmitted(type)).flatMap(([name, byDefault]): [string, Value][] => {
    const nested = block.blocks[name]?.block;
    if (!nested || (Array.isArray(wanted[name]) && wanted[name].length > 0)) return [];
    const before = isObject(prior) && Array.isArray(prior[name]) ? prior[name] : [];
    return [[name, before.length > 0 ? before : byDefault.map((one) => conform(nested, one))]];
  });
  return { ...wanted, ...Object.fromEntries(kept) };
}

function unknownWhereComputed(block: Block, state: ObjectValue): ObjectValue {
  return mapBlock(block, state, (attribute, value) => (value === null && attribute.computed ? Unknown.VALUE : value));
}

/** Marks the computed values of new blocks as unknown. In an update, other attributes that are null stay null. */
function unknownWhereNew(block: Block, state: ObjectValue, prior: ObjectValue): ObjectValue {
  const result: ObjectValue = { ...state };
  for (const [name, nested] of Object.entries(block.blocks)) {
    if (!equal(state[name], prior[name]))
      result[name] = mapNested(state[name], (item) => unknownWhereComputed(nested.block, item));
  }
  return result;
}

function fill(block: Block, state: ObjectValue, seed: string): ObjectValue {
  return mapBlock(block, state, (attribute, value, name) =>
    value instanceof Unknown ? madeUp(attribute, name, seed) : value,
  );
}

/** Returns a made-up value. An optional argument is empty. An attribute that only AWS sets gets a fake value. */
function madeUp({ type, optional }: Attribute, name: string, seed: string): Value {
  if (type === "string") {
    if (name === "id" || name === "name" || !optional) return `offline-${name.replaceAll("_", "-")}-${digest(seed, 8)}`;
    return "";
  }
  return emptyOf(type);
}

function emptyOf(type: CtyType): Value {
  if (type === "number") return 0;
  if (type === "bool") return false;
  if (!Array.isArray(type)) return null;
  if (type[0] === "map") return {};
  return type[0] === "object" ? null : [];
}

type Change = (attribute: Attribute, value: Value, name: string) => Value;

function mapBlock(block: Block, state: ObjectValue, change: Change): ObjectValue {
  const result: ObjectValue = {};
  for (const [name, value] of Object.entries(state)) {
    const attribute = block.attributes[name];
    const nested = block.blocks[name];
    if (attribute) result[name] = change(attribute, value, name);
    else result[name] = nested ? mapNested(value, (item) => mapBlock(nested.block, item, change)) : value;
  }
  return result;
}

function mapNested(value: Value | undefined, change: (item: ObjectValue) => ObjectValue): Value {
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? change(item) : item));
  return isObject(value) ? change(value) : (value ?? null);
}
