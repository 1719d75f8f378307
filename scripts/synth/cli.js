const { readdirSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { parseArgs } = require("node:util");
const { checkTypes } = require("./check-types");
const { UsageError, printUncaughtErrors } = require("./errors");
const { runApp } = require("./run-app");
const { summary } = require("./summary");

const USAGE = `npm run synth: runs main.ts, which writes Terraform JSON to cdktf.out
npm run example -- NAME: runs examples/NAME.ts
CDKTF_OUTDIR names another folder than cdktf.out.
`;

// `scripts/synth/cli.js FILE` runs an app; `--example NAME` runs examples/NAME.ts. Then it prints what the app wrote and
// checks the types.
printUncaughtErrors();
const { values, positionals } = parseArgs({
  options: { example: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  allowPositionals: true,
});
const [name, ...others] = positionals;
if (others.length > 0) throw new UsageError(`Unexpected argument ${JSON.stringify(others[0])}.\n\n${USAGE}`);
if (values.help) process.stdout.write(USAGE);
else synthesize(values.example ? exampleFile(name) : (name ?? "main.ts"));

/** @param {string} app */
function synthesize(app) {
  const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  if (outdir.trim() === "")
    throw new UsageError(
      `CDKTF_OUTDIR must name a folder; received ${JSON.stringify(outdir)}. Unset it for cdktf.out.`,
    );
  const manifestTime = () => statSync(join(outdir, "manifest.json"), { throwIfNoEntry: false })?.mtimeMs;
  const before = manifestTime();
  // An app may do something asynchronous before it calls app.synth().
  process.once("beforeExit", (status) => {
    if (status !== 0) return;
    if (manifestTime() === before)
      throw new UsageError(`${app} wrote nothing to ${outdir}. Call app.synth() last, and give App no outdir.`);
    process.stdout.write(summary(outdir, app));
    const errors = checkTypes(app);
    if (errors) process.stderr.write(`\nWarning: the JSON is written, but ${app} has type errors:\n${errors}`);
  });
  void runApp(app);
}

/** @param {string | undefined} name */
function exampleFile(name = "") {
  const files = readdirSync("examples").filter((file) => file.endsWith(".ts"));
  if (files.includes(`${name}.ts`)) return join("examples", `${name}.ts`);
  const names = files.map((file) => file.slice(0, -".ts".length)).sort();
  throw new UsageError(
    `npm run example -- NAME must name a file in examples/; received "${name}". The examples are ${names.join(", ")}.`,
  );
}
