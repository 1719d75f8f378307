import { closest, distance } from "fastest-levenshtein";
import { withTokensNamed } from "./token";

/** One thing that is wrong with settings. */
export interface Problem {
  /** The setting: `healthCheck.path`, `sidecars[0].cpu`, `environment["A B"]`. Empty for the settings as a whole. */
  readonly path: string;
  /** The rule that the value breaks: `must be a string`. */
  readonly rule: string;
  /** The value given, shortened and without secrets. */
  readonly received: string;
  /** How to fix it: one or more whole sentences. */
  readonly fix: string;
}

/** The rule that an unknown name breaks. */
export const UNKNOWN = "be a setting";
/** What a message shows in place of a value that may be a secret. */
export const NOT_SHOWN = "a value that is not shown";

/** Renders a problem as one line. */
export const sentence = ({ path, rule, received, fix }: Problem): string =>
  rule === `must ${UNKNOWN}`
    ? `Unknown setting "${path}". ${fix}`
    : `${path || "settings"} ${rule}; received ${received}. ${fix}`;

/** Reports every problem of the settings of a stack or a construct. Nothing is written to disk when it is thrown. */
export class SettingsError extends Error {
  /** Every problem, in the order in which the message lists them. */
  declare readonly problems: readonly Problem[];

  /** @param subject the stack or construct, for example `TargetGroup "stack/users"` */
  constructor(subject: string, problems: readonly Problem[], { cause }: ErrorOptions = {}) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      `${withTokensNamed(subject)} has ${count}:\n${problems.map((problem) => `  - ${sentence(problem)}`).join("\n")}`,
      cause ? { cause } : {},
    );
    // Not enumerable: Node prints an error's enumerable properties after its message, which repeats each problem.
    Object.defineProperty(this, "problems", { value: problems });
  }
}
Object.defineProperty(SettingsError.prototype, "name", { value: "SettingsError" });

/** Renders the keys that lead to a value as JavaScript writes them. */
export function pathText(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    const name = withTokensNamed(String(key));
    if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
    return path === "" ? name : `${path}.${name}`;
  }, "");
}

const MOST_NAMES = 10;
/** A shorter name is a part of too many others. */
const SHORTEST_PART = 3;

/** Returns the known name that was probably meant, or undefined when none is near. @param most the letters that can be wrong */
export function nearest(
  name: string,
  names: readonly string[],
  most: number = Math.max(2, name.length / 3),
): string | undefined {
  if (names.length === 0) return undefined;
  const near = closest(name, [...names]);
  return distance(name.toLowerCase(), near.toLowerCase()) <= most ? near : undefined;
}

/** Returns the fix for an unknown name: the name that was probably meant, or up to ten known names, similar ones first. */
export function suggestion(name: string, names: readonly string[], what = "settings"): string {
  const near = nearest(name, names);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (names.length === 0) return "Remove it.";
  const isSimilar = (one: string) => one.toLowerCase().includes(name.toLowerCase());
  const similar = name.length >= SHORTEST_PART ? names.filter(isSimilar) : [];
  if (similar.length === 1) return `Did you mean "${similar[0]}"?`;
  const sorted = [...similar, ...names.filter((one) => !similar.includes(one))];
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  return `The ${what} are ${sorted.slice(0, MOST_NAMES).join(", ")}${more}.`;
}
