import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Kind } from "./types";

const PACKAGE = "@cdktf/provider-aws";
/** A type becomes part of a path, so no other text is accepted. */
const AWS_TYPE = /^aws(_[a-z0-9]+)*$/;
const SOURCE_MAP = "sourceMappingURL=data:application/json;base64,";

/** The bindings have no schema for a type. The message names the type. */
export class UnknownTypeError extends Error {
  public constructor(
    public readonly kind: Kind,
    public readonly type: string,
    reason: string,
  ) {
    super(
      `The offline provider cannot derive the schema of the ${KIND_NAMES[kind]} "${type}" from ${PACKAGE} ` +
        `${bindingsVersion()}: ${reason}. Correct the type, or install a version of ${PACKAGE} that has it.`,
    );
    this.name = "UnknownTypeError";
  }
}

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  resource: "resource type",
  data: "data source type",
  provider: "provider",
};

let root: string | undefined;
function bindingsRoot(): string {
  root ??= dirname(require.resolve(`${PACKAGE}/package.json`));
  return root;
}

/** Returns the version of the installed bindings. */
export function bindingsVersion(): string {
  return (JSON.parse(readFileSync(join(bindingsRoot(), "package.json"), "utf8")) as { version: string }).version;
}

/** Returns `launch-template` for `aws_launch_template`, and `data-aws-vpcs` for the data source `aws_vpcs`. */
export function bindingsFolder(kind: Kind, type: string): string {
  if (kind === "provider") return "provider";
  const name = type.replace(/^aws_/, "").replaceAll("_", "-");
  return kind === "data" ? `data-aws-${name}` : name;
}

function scriptOf(kind: Kind, type: string): string {
  return join(bindingsRoot(), "lib", bindingsFolder(kind, type), "index.js");
}

/** Returns whether the bindings have the type. */
export function hasBindings(kind: Kind, type: string): boolean {
  return AWS_TYPE.test(type) && existsSync(scriptOf(kind, type));
}

/**
 * Returns the TypeScript of a type's bindings, from the source map in `index.js`. Only the TypeScript has the comment
 * `// name - computed: …, optional: …, required: …` above each attribute.
 * @throws {UnknownTypeError}
 */
export function bindingsSource(kind: Kind, type: string): string {
  if (!AWS_TYPE.test(type)) throw new UnknownTypeError(kind, type, "it is not a type of the AWS provider");
  const file = scriptOf(kind, type);
  if (!existsSync(file)) throw new UnknownTypeError(kind, type, "the bindings do not have it");
  const script = readFileSync(file, "utf8");
  const at = script.lastIndexOf(SOURCE_MAP);
  if (at < 0) throw new UnknownTypeError(kind, type, "its bindings have no source map");
  const map = JSON.parse(Buffer.from(script.slice(at + SOURCE_MAP.length), "base64").toString("utf8")) as {
    sourcesContent?: string[];
  };
  const source = map.sourcesContent?.[0];
  if (!source) throw new UnknownTypeError(kind, type, "its source map has no source");
  if (!source.includes(`tfResourceType = "${type}"`)) {
    throw new UnknownTypeError(kind, type, `${bindingsFolder(kind, type)} has the bindings of another type`);
  }
  return source;
}
