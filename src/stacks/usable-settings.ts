import type { z } from "zod";

type Issue = z.core.$ZodIssue;
type Path = readonly string[];
type Table = Readonly<Record<string, unknown>>;

/** Settings whose entries stand for themselves: what is wrong in one says nothing of the others. */
const RECORDS: readonly string[] = ["schedules", "lifecycleHooks", "volumes"];

/** What has to be left out where something at this path is wrong: as little as the rules can do without. */
function unitOf(path: Path): Path {
  const [first = "", second, ...rest] = path;
  if (second === undefined) return [first];
  if (first === "capacityProviders") return [first, second, ...(rest.length > 0 ? unitOf(rest) : [])];
  if (RECORDS.includes(first)) return [first, second];
  // A part without its base or weight still has a name.
  if (first === "defaultStrategy" && rest.length === 1 && rest[0] !== "capacityProvider") return path;
  return [first];
}

function without(value: unknown, [key = "", ...rest]: Path): unknown {
  const inner = (value as Table | undefined)?.[key];
  if (inner === undefined) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  if (rest.length > 0) copy[key] = without(inner, rest);
  else delete copy[key];
  return copy;
}

/** Settings as far as they have a shape, so that the rest is still checked and all mistakes appear together. */
export interface UsableSettings<T> {
  readonly usable: T;
  /** What was left out, by name: `spot`, `capacityProviders.arm.schedules.night`. */
  readonly refused: ReadonlySet<string>;
}

/** Leaves out of settings what zod refused. */
export function usableSettings<T extends object>(settings: T, issues: readonly Issue[]): UsableSettings<T> {
  const paths = issues.flatMap((issue) => {
    const path = issue.path.map(String);
    return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
  });
  const units = paths.map(unitOf);
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const usable = units.reduce<Table>((all, unit) => {
    const left = without(all, unit) as Table;
    const [setting = "", name = ""] = unit;
    // A provider that says nothing of use is there all the same, for a strategy that names it.
    const isProvider = setting === "capacityProviders" && unit.length === 2;
    return isProvider ? { ...left, [setting]: { ...(left[setting] as object), [name]: {} } } : left;
  }, given);
  return { usable: usable as T, refused: new Set(units.map((unit) => unit.join("."))) };
}
