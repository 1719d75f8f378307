import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "esbuild";
import * as library from "../../src";

type Json = Readonly<Record<string, unknown>>;

/** The file of a construct's page: comments that say what the page shows, and an app that a reader can paste. */
export interface Snippet {
  /** The construct. */
  readonly title: string;
  /** The interfaces whose tables the page has. */
  readonly settings: readonly string[];
  /** The attributes of the synthesized JSON that the page shows: `["aws_lb.alb", ["name"]]`. */
  readonly shown: readonly (readonly [address: string, attributes: readonly string[]])[];
  /** The code, as a reader pastes it. */
  readonly code: string;
}

/**
 * Reads a file of `docs/constructs`. It begins with comments: `// NAME`, then `// Settings: NAMES` for other tables than
 * that of `NAMEProps`, then a line `// JSON: ADDRESS: ATTRIBUTES` for each block to show.
 *
 * @throws {Error} when the file does not begin with the name
 */
export function readSnippet(text: string, file: string): Snippet {
  const [head = "", ...code] = text.split("\n\n");
  const [first = "", ...lines] = head.split("\n").map((line) => line.replace(/^\/\/ /, ""));
  if (!head.startsWith("// ") || !/^\w+$/.test(first)) throw new Error(`${file} must begin with // NAME.`);
  const after = (start: string) =>
    lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
  const [settings] = after("Settings: ");
  return {
    title: first,
    settings: settings?.split(", ") ?? [`${first}Props`],
    shown: after("JSON: ").map((line) => {
      const [address = "", attributes = ""] = line.split(": ");
      return [address, attributes.split(", ")] as const;
    }),
    code: code.join("\n\n").replaceAll('"../../src"', '"ecs-default-vpc"').trim(),
  };
}

/** Runs the app of a snippet, and returns its JSON. */
export function synthesize(code: string): Json {
  const outdir = mkdtempSync(join(tmpdir(), "docs-"));
  const before = process.env.CDKTF_OUTDIR;
  process.env.CDKTF_OUTDIR = outdir;
  try {
    const { code: js } = transformSync(code, { loader: "ts", format: "cjs", target: "es2022" });
    const load = (name: string): unknown => (name === "ecs-default-vpc" ? library : require(name));
    new Function("require", "exports", js)(load, {});
    const stacks = join(outdir, "stacks");
    mkdirSync(stacks, { recursive: true });
    const [stack, ...others] = readdirSync(stacks);
    if (stack === undefined || others.length > 0) throw new Error("The app must have one stack.");
    return JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8"));
  } finally {
    if (before === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = before;
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * Returns the part of the JSON that a page shows.
 *
 * @throws {Error} for an address or an attribute that the JSON does not have
 */
export function shownJson(json: Json, shown: Snippet["shown"]): Json {
  const result: Record<string, unknown> = {};
  for (const [address, attributes] of shown) {
    const path = pathOf(address);
    const block = path.reduce((inner: Json | undefined, key) => inner?.[key] as Json | undefined, json);
    if (!block) throw new Error(`The JSON has no ${address}.`);
    const missing = attributes.filter((name) => !(name in block));
    if (missing.length > 0) throw new Error(`${address} has no ${missing.join(", ")}.`);
    const place = path.reduce((inner, key) => {
      inner[key] ??= {};
      return inner[key] as Record<string, unknown>;
    }, result);
    for (const name of attributes) place[name] = block[name];
  }
  return result;
}

/** Returns the keys that lead to a block in the JSON. */
function pathOf(address: string): string[] {
  const [kind = "", ...rest] = address.split(".");
  if (kind === "data") return [kind, ...rest];
  if (kind === "var") return ["variable", ...rest];
  return ["resource", kind, ...rest];
}
