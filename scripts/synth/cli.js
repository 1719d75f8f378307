const { existsSync, readdirSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { runApp } = require("./load");
const { UsageError, reporting } = require("./report");
const { summary } = require("./summary");

const USAGE = `npm run synth: runs main.ts, which writes Terraform JSON into cdktf.out
npm run example -- NAME: runs examples/NAME.ts
CDKTF_OUTDIR names another folder than cdktf.out.
`;

// `scripts/synth/cli.js FILE` runs an app; `--example NAME` runs `examples/NAME.ts`. Both say what was written.
reporting(async (started) => {
  const args = process.argv.slice(2);
  if (args.some((arg) => arg === "--help" || arg === "-h")) {
    process.stdout.write(USAGE);
    return;
  }
  const isExample = args[0] === "--example";
  const [name, ...further] = isExample ? args.slice(1) : args;
  const option = [name, ...further].find((arg) => arg?.startsWith("-"));
  if (option !== undefined) throw new UsageError(`There is no option ${JSON.stringify(option)}.\n\n${USAGE}`);
  if (further.length > 0)
    throw new UsageError(`Only one app is synthesized at a time; received ${JSON.stringify(further[0])} as well.`);
  const file = isExample ? exampleFile(name) : (name ?? "main.ts");
  const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  if (outdir.trim() === "")
    throw new UsageError(
      `CDKTF_OUTDIR must name a folder; received ${JSON.stringify(outdir)}. Leave it unset for cdktf.out.`,
    );
  const before = written(outdir);
  // Not before the app has nothing left to wait for.
  process.once("beforeExit", (status) => {
    if (status !== 0) return;
    if (written(outdir) === before)
      throw new UsageError(
        `${file} wrote nothing into ${outdir}. An app's last line is app.synth(), and its App takes no outdir of its own.`,
      );
    process.stdout.write(summary(outdir, file));
  });
  await runApp(file, started);
});

/** When an app last wrote into a folder. @param {string} outdir */
function written(outdir) {
  return statSync(join(outdir, "manifest.json"), { bigint: true, throwIfNoEntry: false })?.mtimeNs;
}

/** @param {string | undefined} name */
function exampleFile(name) {
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
