import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Kind } from "./types";

/** The bindings of CDKTF, and of its continuation. */
const PACKAGES = ["@cdktf/provider-aws", "@cdktn/provider-aws"] as const;
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
      `The offline provider cannot derive the schema of the ${KIND_NAMES[kind]} "${type}" from ${bindings().name} ` +
        `${bindingsVersion()}: ${reason}. Correct the type, or install a version of ${bindings().name} that has it.`,
    );
    this.name = "UnknownTypeError";
  }
}

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  resource: "resource type",
  data: "data source type",
  provider: "provider",
};

interface Bindings {
  readonly name: string;
  readonly folder: string;
}

let found: Bindings | undefined;

/** Reads the schema from these bindings, in place of those that the folder of the process has. */
export function useBindings(folder: string): void {
  found = { name: manifestOf(folder).name, folder };
}

/** Returns the folders of a package, as modules in the given folders load it. */
export const installed = (name: string, from: readonly string[]): string[] =>
  from.flatMap((path) => {
    try {
      return [dirname(require.resolve(`${name}/package.json`, { paths: [path] }))];
    } catch {
      return [];
    }
  });

/** Returns the name and the version of the package in a folder. */
export const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly name: string; readonly version: string };

/** Returns the bindings that the project has installed. The process runs in the folder of the project. */
function bindings(): Bindings {
  found ??= PACKAGES.flatMap((name) =>
    installed(name, [process.cwd(), __dirname]).map((folder) => ({ name, folder })),
  )[0];
  if (found) return found;
  throw new Error(
    `The offline provider reads the schema of the AWS provider from ${PACKAGES.join(" or ")}, which this project does not have. ` +
      `Install it: npm install ${PACKAGES[0]}`,
  );
}

/** Returns the version of the installed bindings. */
export function bindingsVersion(): string {
  return manifestOf(bindings().folder).version;
}

/** Returns `launch-template` for `aws_launch_template`, and `data-aws-vpcs` for the data source `aws_vpcs`. */
export function bindingsFolder(kind: Kind, type: string): string {
  if (kind === "provider") return "provider";
  const name = type.replace(/^aws_/, "").replaceAll("_", "-");
  return kind === "data" ? `data-aws-${name}` : name;
}

function scriptOf(kind: Kind, type: string): string {
  return join(bindings().folder, "lib", bindingsFolder(kind, type), "index.js");
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
