/** A difference between the JSON of two syntheses. */
export interface Difference {
  /** The keys that lead to it, separated by dots. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Returns every difference between two values, as deep as both have keys. */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  return Object.is(before, after) ? [] : [{ path: path.join("."), before, after }];
}

/** A known difference that changes no plan. */
export interface Known {
  readonly path: RegExp;
  readonly why: string;
}

/** The differences in the table of `docs/cdktn.md`, in its order. */
export const KNOWN: readonly Known[] = [
  { path: /^\/\/\.metadata\.version$/, why: "the version of the library, which Terraform ignores" },
  { path: /^terraform\.required_providers\.aws\.version$/, why: "the version of the AWS provider" },
  {
    path: /^terraform\.required_providers\.aws\.source$/,
    why: "the short name aws became hashicorp/aws, which is the same provider",
  },
];
