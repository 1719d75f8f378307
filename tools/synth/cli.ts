import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { summary } from "./summary";

/** `tools/synth/cli.ts FILE` runs an app; `--example NAME` runs `examples/NAME.ts`. Both say what was written. */
async function run(args: readonly string[]): Promise<void> {
  const [first, second] = args;
  const file = first === "--example" ? exampleFile(second) : (first ?? "main.ts");
  await import(pathToFileURL(resolve(file)).href);
  process.stdout.write(summary(process.env.CDKTF_OUTDIR ?? "cdktf.out", file));
}

function exampleFile(name: string | undefined): string {
  const names = readdirSync("examples")
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length))
    .sort();
  const file = join("examples", `${name}.ts`);
  if (name === undefined || !names.includes(name) || !existsSync(file)) {
    throw new UsageError(
      `npm run example -- NAME must name a file in examples/; received ${name === undefined ? "nothing" : JSON.stringify(name)}. There are ${names.join(", ")}.`,
    );
  }
  return file;
}

class UsageError extends Error {}

run(process.argv.slice(2)).catch((error: unknown) => {
  // A mistake in what was given is told in its own words; anything else is a defect, and its stack says where.
  const isMistake = error instanceof UsageError || (error instanceof Error && error.name === "SettingsError");
  process.stderr.write(`${isMistake ? (error as Error).message : ((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
});
