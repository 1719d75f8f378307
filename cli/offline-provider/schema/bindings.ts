import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Kind } from "./types";

const PACKAGE = "@cdktf/provider-aws";
/** A type becomes part of a path: nothing but Terraform's own spelling may get there. */
const AWS_TYPE = /^aws(_[a-z0-9]+)*$/;
const SOURCE_MAP = "sourceMappingURL=data:application/json;base64,";

/** No schema could be read off the bindings for a type; the message names it. */
export class UnknownTypeError extends Error {
  public constructor(
    public readonly kind: Kind,
    public readonly type: string,
    reason: string,
  ) {
    super(
      `The offline provider can't derive the schema of the ${KIND_NAMES[kind]} "${type}" from ${PACKAGE} ` +
        `${bindingsVersion()}: ${reason}. Check the type's spelling, or install a version of ${PACKAGE} that has it.`,
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

/** The version of the installed bindings: the schema is exactly the one that they were generated from. */
export function bindingsVersion(): string {
  return (JSON.parse(readFileSync(join(bindingsRoot(), "package.json"), "utf8")) as { version: string }).version;
}

/** `aws_launch_template` lives in `lib/launch-template`, the data source `aws_vpcs` in `lib/data-aws-vpcs`. */
export function bindingsFolder(kind: Kind, type: string): string {
  if (kind === "provider") return "provider";
  const name = type.replace(/^aws_/, "").replaceAll("_", "-");
  return kind === "data" ? `data-aws-${name}` : name;
}

function scriptOf(kind: Kind, type: string): string {
  return join(bindingsRoot(), "lib", bindingsFolder(kind, type), "index.js");
}

/** Whether the bindings have the type at all. */
export function hasBindings(kind: Kind, type: string): boolean {
  return AWS_TYPE.test(type) && existsSync(scriptOf(kind, type));
}

/**
 * The TypeScript text of a type's bindings. It is taken from the source map in `index.js`: only the TypeScript keeps
 * the generator's `// name - computed: …, optional: …, required: …` above every attribute.
 * @throws UnknownTypeError
 */
export function bindingsSource(kind: Kind, type: string): string {
  if (!AWS_TYPE.test(type)) throw new UnknownTypeError(kind, type, "it is no type of the provider aws");
  const file = scriptOf(kind, type);
  if (!existsSync(file)) throw new UnknownTypeError(kind, type, "the bindings don't have it");
  const script = readFileSync(file, "utf8");
  const at = script.lastIndexOf(SOURCE_MAP);
  if (at < 0) throw new UnknownTypeError(kind, type, "its bindings carry no source map");
  const map = JSON.parse(Buffer.from(script.slice(at + SOURCE_MAP.length), "base64").toString("utf8")) as {
    sourcesContent?: string[];
  };
  const source = map.sourcesContent?.[0];
  if (!source) throw new UnknownTypeError(kind, type, "its source map holds no source");
  if (!source.includes(`tfResourceType = "${type}"`)) {
    throw new UnknownTypeError(kind, type, `${bindingsFolder(kind, type)} is another type's bindings`);
  }
  return source;
}
