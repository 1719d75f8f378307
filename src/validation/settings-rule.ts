import type { Rule } from "./rule";
import { isPlainObject, isToken } from "./token";

/** What a value must satisfy beyond its type. A {@link Rule} is a limit that Terraform checks too. */
export type Limit<T> = Pick<Rule<T>, "must" | "fix" | "check" | "reads"> & {
  /** The part of the value that the message shows. @default - the whole value */
  readonly offending?: Pick<NonNullable<Rule<T>["offending"]>, "of">;
};

/** Returns the limits that a Terraform variable's validation checks too. */
export const rulesAmong = (limits: readonly Limit<never>[] = []): readonly Rule<never>[] =>
  limits.filter((limit): limit is Rule<never> => "condition" in limit);

/** What a rule between settings sees: a value that is a token, or that has a problem, is undefined. Constructs stay as they are. */
export type Known<T> = T extends readonly (infer E)[]
  ? readonly (Known<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Known<T[K]> }
    : T;

/** Returns true when the caller gives a setting, or a value inside it, even as a token or as a wrong value. */
export type Given<T> = (name: keyof T & string, ...below: readonly (string | number)[]) => boolean;

/** One problem that a rule between settings finds. */
export interface Finding<T> {
  /** The setting, or the keys that lead to a value inside it. */
  readonly at: (keyof T & string) | readonly [keyof T & string, ...(string | number)[]];
  /** Completes the sentence "NAME must …". */
  readonly must: string;
  /** How to fix it: a whole sentence. */
  readonly fix: string;
  /** What the message shows. @default - the value of the setting */
  readonly received?: unknown;
}
/** What a rule between settings finds. */
export type Findings<T> = Iterable<Finding<T>>;

/** A rule between settings: a generator that yields the problems that it finds. */
export type SettingsRule<T> = (settings: Known<T>, given: Given<T>) => Findings<T>;

/** Values by name, of any type. */
export type Values = Readonly<Record<string, unknown>>;

/** Returns a value as rules between settings see it: without tokens. */
export function known(value: unknown): unknown {
  if (isToken(value)) return undefined;
  if (Array.isArray(value)) return value.map(known);
  if (!isPlainObject(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [key, inner] of Object.entries(value)) {
    const part = known(inner);
    if (part === inner) continue;
    copy ??= { ...value };
    copy[key] = part;
  }
  return copy ?? value;
}

/** Returns the limits that compare a value with other variables, as rules between settings. */
export function acrossVariables(limits: Readonly<Record<string, readonly Limit<never>[]>>): SettingsRule<Values>[] {
  return Object.entries(limits).flatMap(([at, all]) =>
    (all as readonly Limit<unknown>[]).flatMap(({ must, fix, check, reads, offending }) => {
      if (!reads) return [];
      return function* (settings: Values) {
        const variables = Object.fromEntries(
          Object.entries(settings).map(([key, value]) => [variableName(key), value]),
        );
        const isKnown = (value: unknown) => value !== null && !hasUndefined(value);
        if (![variableName(at), ...reads].every((name) => isKnown(variables[name]))) return;
        if (check(settings[at], variables)) return;
        yield { at, must, fix, received: offending?.of(settings[at], variables) };
      };
    }),
  );
}

/** Returns true for a value with a problem, and for a list or a map that has one. */
const hasUndefined = (value: unknown): boolean =>
  value === undefined ||
  (Array.isArray(value) || isPlainObject(value) ? Object.values(value).some(hasUndefined) : false);

/** Returns the name of a setting's Terraform variable: `minSize` is `min_size`. */
export const variableName = (setting: string): string =>
  setting.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Moves what a rule finds in inner settings to their path in the outer settings. */
export function* findingsAt<T>(
  path: readonly [keyof T & string, ...(string | number)[]],
  findings: Iterable<Omit<Finding<T>, "at"> & { readonly at: string | readonly (string | number)[] }>,
): Findings<T> {
  for (const finding of findings) yield { ...finding, at: [...path, ...[finding.at].flat()] };
}
