import { convertTo } from "../terraform/convert-to";

/** Returns a value for JSON of the ECS API, which must be text. Undefined stays undefined. */
export const text = (value: string | undefined) => convertTo("string", value);
/** Returns a value for JSON of the ECS API, which must be a list of text. */
export const texts = (values: readonly string[] | undefined) => convertTo("list(string)", values);
/** Returns a value for JSON of the ECS API, which must be a number. */
export const amount = (value: number | undefined) => convertTo("number", value);
/** Returns a value for JSON of the ECS API, which must be true or false. */
export const flag = (value: boolean | undefined) => convertTo("bool", value);

/** An object in JSON of the ECS API. */
export type Json = Readonly<Record<string, unknown>>;

/** Returns a list, or undefined for an empty one. */
export const some = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list && list.length > 0 ? list : undefined;

/** Returns the entries in the order of their names. */
export const sortedEntries = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/**
 * Returns an object without the keys that have no value. ECS would return such a key in another form, and Terraform would
 * see a change in each plan.
 */
export const withoutUndefined = (object: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
