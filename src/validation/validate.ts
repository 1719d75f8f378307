import type { Construct } from "constructs";
import { Place } from "./place";
import { type Problem, SettingsError } from "./problem";
import type { Accepted, Parsed, Schema } from "./schema";
import { show } from "./show";

/**
 * Parses settings before a construct reads them. Accepts a value of any type.
 *
 * @param subject the construct, or the name of what is configured: `EcsClusterStack "prod"`
 * @param schema the schema beside the interface of the settings
 * @param given the settings as the caller wrote them
 * @returns the settings with their defaults
 * @throws {SettingsError} with every problem
 */
export function validate<S extends Schema>(subject: Construct | string, schema: S, given: Accepted<S>): Parsed<S> {
  const { settings, problems, cause } = check(schema, given);
  throwIfInvalid(subject, problems, { cause });
  return settings as Parsed<S>;
}

/** Throws one error with every problem, if there is any. Use it for what a schema cannot see, such as other constructs. @throws {SettingsError} */
export function throwIfInvalid(
  subject: Construct | string,
  problems: readonly Problem[],
  options: ErrorOptions = {},
): void {
  if (problems.length === 0) return;
  const name = typeof subject === "string" ? subject : `${subject.constructor.name} "${subject.node.path}"`;
  throw new SettingsError(name, problems, options);
}

/** The settings with their defaults, or what is wrong with them. */
export interface Checked<T> {
  readonly settings?: T;
  readonly problems: readonly Problem[];
  /** What was thrown while the settings were read. */
  readonly cause?: unknown;
}

/** Checks a value of any type against a schema. Never throws. */
export function check<S extends Schema>(schema: S, given: unknown): Checked<Parsed<S>> {
  const problems: Problem[] = [];
  try {
    const settings = schema.read(given, new Place(problems));
    if (problems.length === 0) return { settings: settings as Parsed<S>, problems };
  } catch (error) {
    // A getter or a proxy of the caller threw. The cause has its stack.
    problems.push({ path: "", rule: "must be readable", received: show(String(error)), fix: "Use plain values." });
    return { problems, cause: error };
  }
  return { problems };
}
