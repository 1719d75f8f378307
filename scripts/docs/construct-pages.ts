import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, TerraformVariable, Testing } from "cdktf";
import { transformSync } from "esbuild";
import * as library from "../../src";

const ROOT = join(__dirname, "../..");
const FOLDER = join(ROOT, "docs/constructs");
/** CDKTF makes a folder for each app, though nothing is written here. */
const OUTDIR = join(ROOT, "node_modules/.cache/ecs-default-vpc/docs");
mkdirSync(OUTDIR, { recursive: true });
/** A snippet's first line: which class its page is about. */
const TITLE = /^\/\/ (\w+)\n/;
/** A snippet has a stack as an app has: its page needn't say where it is from. */
const STACK = 'import { stack } from "./stack";\n';

type Blocks = { readonly [kind: string]: { readonly [type: string]: { readonly [key: string]: unknown } } };

/**
 * A page for each `docs/constructs/NOUN.ts`: the class's docstring, that code, and the JSON of the construct that the
 * code makes last.
 */
export function constructPages(): [name: string, text: string][] {
  const pages = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name): [string, string] => [
      name.replace(/\.ts$/, ".md"),
      page(readFileSync(join(FOLDER, name), "utf8"), name),
    ]);
  return [["README.md", index(pages)], ...pages];
}

/** Each page with the first sentence of what it says. */
function index(pages: readonly [name: string, text: string][]): string {
  const rows = pages.map(([name, text]) => {
    const [, title = "", first = ""] = /^# (\w+)\n\n([\s\S]*?)(?:[.:]\s|\.$|\n\n)/m.exec(text) ?? [];
    return `| [${title}](${name}) | ${first.replaceAll("\n", " ")} |`;
  });
  return `<!-- Made by npm run docs. -->
# The constructs, one by one

Each page shows code beside the JSON that it gives. The stacks, which wire them, are in [settings](../settings.md) and the examples.

| construct | what it is |
|---|---|
${rows.join("\n")}
`;
}

function page(source: string, name: string): string {
  const title = TITLE.exec(source)?.[1];
  if (title === undefined) throw new Error(`docs/constructs/${name} must begin with a line such as // KeyPair.`);
  const code = source.replace(TITLE, "").replace(STACK, "").replaceAll('"../../src"', '"ecs-default-vpc"').trim();
  const json = JSON.stringify(shown(source), undefined, 2);
  return `<!-- Made by npm run docs from ${name} beside it and from the sources' docstrings. -->
# ${title}

${docstring(title)}

\`\`\`ts
${code}
\`\`\`

gives, in \`cdk.tf.json\`:

\`\`\`json
${json}
\`\`\`

[Every property](../api.md#${title.toLowerCase()}) is in the API's page.
`;
}

/** Runs a snippet on a new stack, and takes what the construct that it made last has in the JSON. */
function shown(source: string): unknown {
  const stack = new library.ReadableStack(Testing.app({ outdir: OUTDIR }), "stack");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  new LocalBackend(stack, {});
  const { code } = transformSync(source, { loader: "ts", format: "cjs", target: "es2022" });
  const modules: { readonly [name: string]: unknown } = { "../../src": library, "../../scripts/docs/stack": { stack } };
  new Function("require", "exports", code)((name: string) => modules[name] ?? require(name), {});
  const last = stack.node.children.at(-1);
  if (last === undefined) return {};
  const json = JSON.parse(JSON.stringify(stack.toTerraform())) as Blocks;
  // CDKTF notes no path with a variable.
  const variables = last.node.findAll().filter((node) => node instanceof TerraformVariable);
  const declared = variables.map(({ friendlyUniqueId: name }) => [name, json.variable?.[name]] as const);
  const blocks = ["data", "resource", "output"].flatMap((kind) => {
    const own = within(json[kind] ?? {}, last.node.path);
    return own === undefined ? [] : [[kind, own]];
  });
  return Object.fromEntries([...(declared.length > 0 ? [["variable", Object.fromEntries(declared)]] : []), ...blocks]);
}

/** The blocks whose construct is at a path or below, without CDKTF's note of that path. */
function within(blocks: object, path: string): object | undefined {
  const kept = Object.entries(blocks).flatMap(([key, block]: [string, { readonly [key: string]: unknown }]) => {
    const note = block["//"] as { metadata: { path: string } } | undefined;
    if (note === undefined) {
      const inner = typeof block === "object" ? within(block, path) : undefined;
      return inner === undefined ? [] : [[key, inner]];
    }
    const { "//": _, ...rest } = block;
    return note.metadata.path === path || note.metadata.path.startsWith(`${path}/`) ? [[key, rest]] : [];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** What the source says of a class, as text of a page. */
function docstring(name: string): string {
  for (const file of readdirSync(join(ROOT, "src")).filter((entry) => entry.endsWith(".ts"))) {
    const source = readFileSync(join(ROOT, "src", file), "utf8");
    const end = source.search(new RegExp(`^export class ${name}\\b`, "m"));
    if (end < 0) continue;
    const start = source.lastIndexOf("/**", end);
    const lines = source.slice(start + 3, source.lastIndexOf("*/", end)).split("\n");
    return lines
      .map((line) => line.replace(/^\s*\* ?/, "").trim())
      .filter((line) => !line.startsWith("@example"))
      .map((line) => line.replace(/^@see (\S+)$/, "See <$1>.").replace(/\{@link (\w+)\}/g, "`$1`"))
      .join("\n")
      .trim();
  }
  throw new Error(`src has no class ${name}.`);
}
