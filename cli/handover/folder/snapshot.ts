import { createHash } from "node:crypto";
import type { Stack } from "../stack";
import { type Element, isObject, type Json, type JsonObject, objects } from "../terraform-json/configuration";

/** The short form of a stack that a later hand-over is compared with. It has no values except defaults and versions. */
export interface Snapshot {
  /** The versions of Terraform and of the providers. */
  readonly requirements: Texts;
  /** The default of each variable as JSON, or the digest of a long one. Null for a required variable. */
  readonly defaults: { readonly [variable: string]: string | null };
  readonly variables: Texts;
  readonly outputs: Texts;
  /** The resources, the data sources, the checks and the configurations of providers, by address. */
  readonly elements: Texts;
  readonly moves: readonly string[];
  /** The statements of the deploy policy. */
  readonly permissions: Texts;
}

/** A text by name. For blocks, it is the digests of their arguments: `name=1a2b3c4d tags=5e6f7a8b`. */
export interface Texts {
  readonly [name: string]: string;
}

/** The longest default that a snapshot has as text. */
const LONGEST = 80;

/** Returns the snapshot of a stack. */
export function snapshotOf({ portable, statements, references }: Stack): Snapshot {
  const { versions, variables, outputs, elements, providers, checks, moves } = portable;
  // A change of a local value changes the elements that use it.
  const argumentsOf = (body: JsonObject) => digests(body, (value) => references.expanded(canonical(value)));
  const required = isObject(versions.required_providers) ? versions.required_providers : {};
  return {
    requirements: {
      ...(versions.required_version === undefined ? {} : { Terraform: String(versions.required_version) }),
      ...Object.fromEntries(
        Object.entries(required).map(([name, one]) =>
          isObject(one) ? [String(one.source ?? name), String(one.version ?? "any")] : [name, String(one)],
        ),
      ),
    },
    defaults: Object.fromEntries(variables.map(([name, body]) => [name, defaultText(body)])),
    variables: named(variables, ({ default: _, ...body }) => digests(body)),
    outputs: named(outputs, digests),
    elements: sorted([
      ...elements.map(({ address, body }: Element) => [address, argumentsOf(body)] as const),
      ...providers.map(
        ({ name, body }) => [["provider", name, body.alias].filter(Boolean).join("."), argumentsOf(body)] as const,
      ),
      ...Object.entries(checks).map(([name, body]) => [`check.${name}`, argumentsOf(body)] as const),
    ]),
    moves: Object.entries(moves).flatMap(([kind, blocks]) => objects(blocks).map((body) => moveText(kind, body))),
    permissions: sorted(statements.map((statement) => [statement.Sid, digest(statement as unknown as Json)] as const)),
  };
}

const sorted = (entries: readonly (readonly [string, string])[]): Texts =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

const named = (entries: readonly (readonly [string, JsonObject])[], text: (body: JsonObject) => string): Texts =>
  sorted(entries.map(([name, body]) => [name, text(body)] as const));

const digests = (body: JsonObject, content: (value: Json) => Json = (value) => value): string =>
  Object.keys(body)
    .sort()
    .map((name) => `${name}=${digest(content(body[name] as Json))}`)
    .join(" ");

const digest = (value: Json): string => createHash("sha256").update(canonical(value)).digest("hex").slice(0, 8);

/** Returns JSON that does not depend on the order of keys. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`)
    .join()}}`;
}

function defaultText({ default: value }: JsonObject): string | null {
  if (value === undefined) return null;
  const text = canonical(value);
  return text.length > LONGEST ? digest(value) : text;
}

function moveText(kind: string, { from, to, id, lifecycle }: JsonObject): string {
  if (kind === "moved") return `moved ${from} ${to}`;
  if (kind === "import") return `import ${to} ${id}`;
  const isKept = objects(lifecycle).some(({ destroy }) => destroy === false);
  return `${isKept ? "forgotten" : "removed"} ${from}`;
}
