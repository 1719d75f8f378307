import { templateParts } from "../hcl/template";
import type { Configuration, Element, Json } from "./configuration";

type Variables = Configuration["variables"];

/**
 * Returns a value with variables replaced by their defaults. Undefined if the value has another expression, or a variable
 * without a default.
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

/** Returns a resource's name, or its name prefix, in a list. The list is empty if neither is known. */
export function nameOf({ body }: Element, variables: Variables): string[] {
  const prefix = displayName(body.name_prefix ?? body.key_name_prefix, variables);
  const name = displayName(body.name ?? body.key_name, variables) ?? (prefix === undefined ? "" : `${prefix}…`);
  return name === "" ? [] : [name];
}

/** Returns the name of a schedule without the cluster's, which is in an expression. */
export const scheduleName = ({ name, body }: Element): string =>
  /[}-]-?([a-z][a-z0-9-]*)$/.exec(String(body.name).replace(/^.*\}/, "}"))?.[1] ?? name;
