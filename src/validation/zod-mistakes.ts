import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";

import { show } from "./show";

type Issue = z.core.$ZodIssue;

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** The near one of the known names, where one is near enough to be meant. */
export function suggestion(unknown: string, known: readonly string[]): string {
  const near = known.length > 0 ? closest(unknown, [...known]) : undefined;
  return near !== undefined && distance(unknown.toLowerCase(), near.toLowerCase()) <= Math.max(2, unknown.length / 3)
    ? `Did you mean ${near}?`
    : `Known are ${known.join(", ")}.`;
}

/** The names that an object schema knows at a path; union members are looked through. */
function knownKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  const def = (schema as { def?: Record<string, unknown> })?.def;
  if (!def) return [];
  if (def.innerType) return knownKeys(def.innerType, path);
  if (Array.isArray(def.options)) return def.options.flatMap((option) => knownKeys(option, path));
  if (def.valueType) return path.length > 0 ? knownKeys(def.valueType, path.slice(1)) : [];
  if (def.element) return path.length > 0 ? knownKeys(def.element, path.slice(1)) : [];
  if (def.shape) {
    const shape = def.shape as Record<string, unknown>;
    const [first, ...rest] = path;
    return first === undefined ? Object.keys(shape) : knownKeys(shape[String(first)], rest);
  }
  return [];
}

/** What zod's types are called where "a" and the name won't do. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: "a list",
  int: "a whole number",
  object: "an object",
  record: "an object",
};

function expected(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `be ${TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`}`;
    case "invalid_value":
      return `be one of ${issue.values.map((value) => show(value)).join(", ")}`;
    case "too_small":
      return issue.origin === "string" ? "not be empty" : `be at least ${issue.minimum}`;
    case "too_big":
      return `be at most ${issue.maximum}`;
    case "invalid_format":
      return `be ${issue.message}`;
    default:
      return `be accepted: ${issue.message}`;
  }
}

/** What has few names can be written down. */
const FEW = 4;

/** @param keys the names that an object has there */
function fix(issue: Issue, keys: readonly string[] = []): string {
  if (issue.code === "invalid_value" && typeof issue.input === "string") {
    return suggestion(issue.input, issue.values.map(String));
  }
  const isTable = issue.code === "invalid_type" && issue.expected === "object" && keys.length > 0;
  const how = isTable && keys.length <= FEW ? ` as { ${keys.join(", ")} }` : "";
  // What may be left out is never missed.
  if (issue.code === "invalid_type" && issue.input === undefined) return `Write it${how}: it has no default.`;
  return how === "" ? "Change it, or leave the setting out for its default." : `Write it${how}.`;
}

/** Zod's findings in this project's words: the setting, the rule, the value received and the fix. */
export function zodMistakes(error: z.ZodError, schema: unknown, settings: unknown): string[] {
  return error.issues.flatMap((issue) => mistakes(issue, [], schema, settings));
}

function mistakes(issue: Issue, above: readonly PropertyKey[], schema: unknown, settings: unknown): string[] {
  const path = [...above, ...issue.path];
  const name = path.join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const full = [...path, key].join(".");
      return `${full} must be a setting that there is; received ${show(at(settings, [...path, key]))}. ${suggestion(key, knownKeys(schema, path))}`;
    });
  }
  if (issue.code === "invalid_union") {
    if (issue.errors.every((alternative) => depth(alternative) === 0)) {
      const all = issue.errors.flatMap((alternative) =>
        alternative.map((one) =>
          expected(one)
            .replace(/^be (one of )?/, "")
            .replaceAll(", ", " or "),
        ),
      );
      return [`${name} must be ${all.join(" or ")}; received ${show(at(settings, path))}. ${fix(issue)}`];
    }
    // Of the alternatives, the one that came furthest is the one that was meant.
    const meant = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
    return meant.flatMap((inner) => mistakes(inner, path, schema, settings));
  }
  const received = at(settings, path);
  return [
    `${name} must ${expected(issue)}; received ${show(received)}. ${fix({ ...issue, input: received } as Issue, knownKeys(schema, path))}`,
  ];
}

const depth = (issues: readonly Issue[]): number =>
  Math.max(...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)));
