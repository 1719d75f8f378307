import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { bundleCommands } from "../scripts/build/build.js";
import { BUNDLES, CASES } from "./cases";
import { measure } from "./measure";
import { measuredLimits, report } from "./report";

const ROOT = join(__dirname, "..");
const ROUNDS = 15;

/** `npm run bench` measures all cases and writes `bench/results.md`. It exits with 1 if a limit is not met. */
async function main(): Promise<void> {
  mkdirSync(join(ROOT, BUNDLES), { recursive: true });
  await bundleCommands(join(ROOT, BUNDLES));
  const outdir = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const times = measure(CASES, ROUNDS, ROOT, { CDKTF_OUTDIR: outdir, CHECKPOINT_DISABLE: "1" });
    const page = report(times, versions());
    writeFileSync(join(ROOT, "bench/results.md"), page);
    process.stdout.write(page);
    if (measuredLimits(times).some(({ measured, most }) => measured > most)) process.exitCode = 1;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function versions(): string {
  const packages = ["cdktf", "@cdktf/provider-aws", "esbuild", "typescript", "tsx"].map((name) => {
    const manifest = readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8");
    return `${name} ${(JSON.parse(manifest) as { version: string }).version}`;
  });
  return [
    `Node ${process.versions.node}`,
    ...packages,
    `${process.platform} with ${availableParallelism()} cores`,
  ].join(", ");
}

void main();
