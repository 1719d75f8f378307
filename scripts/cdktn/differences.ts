/** A place in the JSON of two syntheses where they differ. */
export interface Difference {
  /** The keys that lead there, with dots. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Every place where two values differ, at the greatest depth that both reach. */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  return Object.is(before, after) ? [] : [{ path: path.join("."), before, after }];
}

/** A difference that is known, and why it is none of a plan's. */
export interface Known {
  readonly path: RegExp;
  readonly why: string;
}

/** What `docs/cdktn.md` explains, in the order of its table. */
export const KNOWN: readonly Known[] = [
  { path: /^\/\/\.metadata\.version$/, why: "the version of the library, which Terraform ignores" },
  { path: /^terraform\.required_providers\.aws\.version$/, why: "the version of the AWS provider" },
  {
    path: /^terraform\.required_providers\.aws\.source$/,
    why: "aws became hashicorp/aws, the same provider: Terraform takes a name alone for one of hashicorp's",
  },
];
