import type { Place } from "../validation/place";
import { Field } from "../validation/schema";
import { show } from "../validation/show";
import { isPlainObject, isToken } from "../validation/token";

/** A value of JSON. A token can stand for any of them. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** An object of JSON. */
export type JsonObject = { readonly [key: string]: JsonValue | undefined };

/** The field of an object of JSON, of which only the form is validated. */
export const jsonObjectField = new Field<JsonObject>(
  { type: "an object of JSON", fix: "Write it in braces: { name: value }.", isPlain: true },
  isPlainObject,
  (value: JsonObject, place) => {
    const before = place.problems.length;
    reportOthers(value, place, []);
    return place.problems.length > before ? undefined : (withoutUndefined(value) as JsonObject);
  },
);

/** Leaves keys out whose value is undefined, as JSON does. */
const withoutUndefined = (value: unknown): unknown => {
  if (isToken(value)) return value;
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isPlainObject(value)) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(given.map(([key, inner]) => [key, withoutUndefined(inner)]));
};

/** Reports each value that JSON does not have, such as a function, a date or a value that is not a number. */
function reportOthers(value: unknown, place: Place, outer: readonly unknown[]): void {
  if (isToken(value) || value === null || typeof value === "string" || typeof value === "boolean") return;
  if (Number.isFinite(value)) return;
  const isContainer = Array.isArray(value) || isPlainObject(value);
  if (!isContainer || outer.includes(value)) {
    const received = isContainer ? "a value that contains itself" : show(value);
    place.report("be a value of JSON", received, "Use text, numbers, true, false, null, lists and objects.");
    return;
  }
  const entries = Array.isArray(value)
    ? Array.from(value).entries()
    : Object.entries(value).filter(([, inner]) => inner !== undefined);
  for (const [key, inner] of entries) reportOthers(inner, place.at(key), [...outer, value]);
}

/** Merges overrides into an object: objects key by key, and any other value as a whole. Null removes a key. */
export function overridden(object: object, overrides: JsonObject): object {
  const merged: Record<string, unknown> = { ...object };
  for (const [key, value] of Object.entries(overrides)) {
    const before = merged[key];
    if (value === null) delete merged[key];
    else if (isMergeable(value)) merged[key] = overridden(isMergeable(before) ? before : {}, value as JsonObject);
    else merged[key] = value;
  }
  return merged;
}

const isMergeable = (value: unknown): value is object => isPlainObject(value) && !isToken(value);
