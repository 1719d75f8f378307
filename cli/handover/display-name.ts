import type { Configuration, Json } from "./configuration";
import { templateParts } from "./hcl/template";

/**
 * A value with its variables' defaults put in: what a reader meets if they change nothing. Nothing where another
 * expression is in it, or a variable without a default.
 */
export function displayName(value: Json | undefined, variables: Configuration["variables"]): string | undefined {
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
