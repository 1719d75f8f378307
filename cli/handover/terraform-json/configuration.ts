import { UsageError } from "../../command-line";

/** A value of parsed JSON. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A resource or a data source of a stack. */
export interface Element {
  readonly mode: "resource" | "data";
  readonly type: string;
  readonly name: string;
  /** The address as Terraform prints it: `aws_lb.load_balancer`, `data.aws_vpcs.vpc`. */
  readonly address: string;
  readonly body: JsonObject;
}

/** Where an app stores its state. */
export interface Backend {
  /** The type, such as `s3`, or `cloud` for HCP Terraform. */
  readonly type: string;
  /** The arguments, without credentials. */
  readonly body: JsonObject;
  /** The names of arguments that can contain credentials. */
  readonly credentials: readonly string[];
}

/** A stack's Terraform JSON, without CDKTF's metadata. */
export interface Configuration {
  /** Undefined if the app sets none. */
  readonly backend?: Backend;
  readonly terraform: JsonObject;
  readonly providers: readonly { readonly name: string; readonly body: JsonObject }[];
  readonly variables: { readonly [name: string]: JsonObject };
  readonly locals: JsonObject;
  readonly outputs: { readonly [name: string]: JsonObject };
  readonly checks: { readonly [name: string]: JsonObject };
  readonly elements: readonly Element[];
  /** The `moved`, `removed` and `import` blocks, unchanged. */
  readonly moves: JsonObject;
}

/** The hand-over cannot be written for this JSON. */
export class HandoverError extends UsageError {
  public constructor(message: string) {
    super(message);
    this.name = "HandoverError";
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns an object, or a list of objects, as a list. Terraform JSON accepts both. */
export const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.flatMap(objects) : isObject(value) ? [value] : [];

const KNOWN = ["terraform", "provider", "variable", "locals", "output", "check", "resource", "data"];
const MOVES = ["moved", "removed", "import"];

/**
 * Reads a synthesized stack.
 *
 * @param json the parsed `cdk.tf.json`
 * @throws HandoverError for a kind of block that the hand-over does not know
 */
export function readConfiguration(json: Json): Configuration {
  const root = withoutMetadata(json);
  if (!isObject(root))
    throw new HandoverError("The JSON of the stack must be an object of Terraform blocks, as in cdk.tf.json.");
  const unknown = Object.keys(root).filter((key) => !KNOWN.includes(key) && !MOVES.includes(key));
  if (unknown.length > 0) {
    throw new HandoverError(
      `The hand-over does not know the block ${unknown.map((key) => `"${key}"`).join(", ")}. It knows ` +
        `${[...KNOWN, ...MOVES].join(", ")}. Remove the block from the stack, or add it to cli/handover/terraform-json/configuration.ts.`,
    );
  }
  const { backend, cloud, ...terraform } = merged(root.terraform);
  return {
    backend: backendOf(cloud === undefined ? merged(backend) : { cloud }),
    terraform,
    providers: Object.entries(merged(root.provider)).flatMap(([name, bodies]) =>
      objects(bodies).map((body) => ({ name, body })),
    ),
    variables: bodies(root.variable),
    locals: merged(root.locals),
    outputs: bodies(root.output),
    checks: bodies(root.check),
    elements: [...elementsOf("data", root.data), ...elementsOf("resource", root.resource)],
    moves: Object.fromEntries(MOVES.flatMap((key) => (root[key] === undefined ? [] : [[key, root[key] as Json]]))),
  };
}

/** Arguments of backends that can contain credentials, such as `access_key` of S3 and `conn_str` of PostgreSQL. */
const CREDENTIALS =
  /password|passphrase|secret|token|credentials|conn_str|private_key|(access|account|client|encryption)_key/;

function backendOf(backends: JsonObject): Backend | undefined {
  const [found] = Object.entries(backends);
  if (!found) return undefined;
  const [type, value] = found;
  const body = merged(value);
  const credentials = Object.keys(body).filter((name) => CREDENTIALS.test(name));
  const others = Object.entries(body).filter(([name, given]) => !credentials.includes(name) && given !== null);
  return { type, body: Object.fromEntries(others), credentials };
}

/** Removes the `//` keys, in which CDKTF keeps construct paths and ids. */
function withoutMetadata(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, inner]) => [key, withoutMetadata(inner)]),
  );
}

const merged = (value: Json | undefined): JsonObject => Object.assign({}, ...objects(value)) as JsonObject;

const bodies = (value: Json | undefined): { readonly [name: string]: JsonObject } =>
  Object.fromEntries(Object.entries(merged(value)).map(([name, body]) => [name, merged(body)]));

function elementsOf(mode: Element["mode"], value: Json | undefined): Element[] {
  return Object.entries(merged(value)).flatMap(([type, byName]) =>
    Object.entries(merged(byName)).map(([name, body]) => ({
      mode,
      type,
      name,
      address: `${mode === "data" ? "data." : ""}${type}.${name}`,
      body: merged(body),
    })),
  );
}

/** Returns all strings in a value, at any depth, with their paths. */
export function strings(value: Json, path: readonly (string | number)[] = []): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path: path.join("."), text: value }];
  if (Array.isArray(value)) return value.flatMap((inner, index) => strings(inner, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, [...path, key]));
}
