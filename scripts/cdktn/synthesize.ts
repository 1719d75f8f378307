import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { CDKTN_PACKAGES, RENAMED } from "./versions";

const ROOT = join(__dirname, "../..");

/** The apps of this project: the default one and the examples. */
export const APPS = [
  "main.ts",
  ...readdirSync(join(ROOT, "examples"))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("examples", name))
    .sort(),
];

/** Each stack's JSON, by its id. */
export type Stacks = ReadonlyMap<string, unknown>;

/** Downloads what stands in for CDKTF into a folder. */
export function install(folder: string): void {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: CDKTN_PACKAGES }));
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: "inherit" });
}

/** An app as it is, with cdktf. */
export function withCdktf(app: string, outdir: string): Stacks {
  return run(join(ROOT, "scripts/synth/app.js"), [app], outdir);
}

/** The same sources with each import of CDKTF's packages leading to what stands in for it. */
export async function withCdktn(app: string, outdir: string, folder: string): Promise<Stacks> {
  const packages = join(folder, "node_modules");
  const script = join(folder, "app.js");
  await build({
    entryPoints: [join(ROOT, app)],
    bundle: true,
    platform: "node",
    target: "node20",
    outfile: script,
    alias: {
      ...Object.fromEntries(Object.entries(RENAMED).map(([from, to]) => [from, join(packages, to)])),
      // One copy for all: a construct of another is none of this tree's.
      constructs: join(packages, "constructs"),
    },
  });
  return run(script, [], outdir);
}

function run(script: string, args: readonly string[], outdir: string): Stacks {
  execFileSync(process.execPath, [script, ...args], { cwd: ROOT, env: { ...process.env, CDKTF_OUTDIR: outdir } });
  const stacks = join(outdir, "stacks");
  return new Map(
    readdirSync(stacks)
      .sort()
      .map((id) => [id, JSON.parse(readFileSync(join(stacks, id, "cdk.tf.json"), "utf8"))]),
  );
}
