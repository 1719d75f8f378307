import { templateParts } from "../hcl/template";
import type { Configuration, Element, Json } from "./configuration";

type Variables = Configuration["variables"];

/**
 * A value with its variables' defaults put in: what a reader meets if they change nothing. Nothing where another
 * expression is in it, or a variable without a default.
 */
export function displayName(value: Json | undefined, variables: Variables): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return undefined;
  const parts = templateParts(value).map((part) => {
    if ("text" in part) return part.text;
    const [, name = ""] = /^\s*var\.(\w+)\s*$/.exec(part.expression) ?? [];
    const given = variables[name]?.default;
    return typeof given === "string" || typeof given === "number" ? String(given) : undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join("");
}

/** A resource's name, or its prefix. An empty list if neither is known. */
export function nameOf({ body }: Element, variables: Variables): string[] {
  const prefix = displayName(body.name_prefix ?? body.key_name_prefix, variables);
  const name = displayName(body.name ?? body.key_name, variables) ?? (prefix === undefined ? "" : `${prefix}…`);
  return name === "" ? [] : [name];
}
