import { Decoder, Encoder, ExtensionCodec } from "@msgpack/msgpack";

/** An unknown value. Terraform prints it as "(known after apply)". */
export class Unknown {
  public static readonly VALUE = new Unknown();
  private constructor() {}
}

/** A value of Terraform. A set is an array. A number that does not fit a float is a string. */
export type Value = null | string | number | boolean | Unknown | Value[] | { [name: string]: Value };
export type ObjectValue = { [name: string]: Value };

export interface DynamicValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

const UNKNOWN = 0;
/** An unknown value with a refinement, such as "not null" or a prefix. The provider ignores the refinement. */
const REFINED_UNKNOWN = 12;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: UNKNOWN,
  encode: (value) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => Unknown.VALUE,
});
extensionCodec.register({ type: REFINED_UNKNOWN, encode: () => null, decode: () => Unknown.VALUE });

const encoder = new Encoder({ extensionCodec });
const decoder = new Decoder({ extensionCodec });

export function decodeValue(value: DynamicValue | null | undefined): Value {
  if (value?.msgpack?.length) return decoder.decode(value.msgpack) as Value;
  if (value?.json?.length) return JSON.parse(Buffer.from(value.json).toString("utf8")) as Value;
  return null;
}

export function encodeValue(value: Value): DynamicValue {
  return { msgpack: encoder.encode(value) };
}

export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

/** Returns the blocks of a name, or the objects of a list. */
export function blocksOf(value: Value | undefined): ObjectValue[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Returns the strings of a list or set. */
export function textsOf(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function isUnknown(value: Value | undefined): boolean {
  return value instanceof Unknown;
}

/** Returns whether no part of the value is unknown. */
export function isKnown(value: Value | undefined): boolean {
  if (value instanceof Unknown) return false;
  if (Array.isArray(value)) return value.every(isKnown);
  return isObject(value) ? Object.values(value).every(isKnown) : true;
}

export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && equal(a[name], b[name]));
}
