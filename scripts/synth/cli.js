const { readdirSync, statSync } = require("node:fs");
const { join, relative } = require("node:path");
const { parseArgs } = require("node:util");
const { ROOT } = require("./bundle");
const { checkTypes } = require("./check-types");
const { UsageError, printUncaughtErrors } = require("./errors");
const { runApp } = require("./run-app");
const { summary } = require("./summary");

const USAGE = `npm run synth: runs main.ts, which writes Terraform JSON to cdktf.out
npm run example -- NAME: runs examples/NAME.ts
CDKTF_OUTDIR names another folder than cdktf.out.
`;

// Runs an app or, with `--example NAME`, an example. Then prints what the app wrote, and checks the types.
printUncaughtErrors();
const { values, positionals } = parseArgs({
  options: { example: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  allowPositionals: true,
});
const [name, other] = positionals;
if (values.help) process.stdout.write(USAGE);
else if (other !== undefined) throw new UsageError(`Unexpected argument ${JSON.stringify(other)}.\n\n${USAGE}`);
else synthesize(values.example ? exampleFile(name) : (name ?? "main.ts"));

/** @param {string} app */
function synthesize(app) {
  process.env.CDKTF_OUTDIR ||= "cdktf.out";
  const outdir = process.env.CDKTF_OUTDIR;
  const writtenAt = () => statSync(join(outdir, "manifest.json"), { throwIfNoEntry: false })?.mtimeMs;
  const before = writtenAt();
  // An app may do something asynchronous before it calls app.synth(), and may call process.exit() after it.
  process.once("exit", (status) => {
    if (status !== 0) return;
    if (writtenAt() === before)
      throw new UsageError(`${app} wrote nothing to ${outdir}. Call app.synth() last, and give App no outdir.`);
    process.stdout.write(summary(outdir, app));
    checkTypes(app);
  });
  void runApp(app);
}

/** @param {string | undefined} name */
function exampleFile(name) {
  const folder = join(ROOT, "examples");
  const names = readdirSync(folder).flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []);
  const list = names.sort().join(", ");
  if (!name) throw new UsageError(`Name an example: ${list}.`);
  if (!names.includes(name)) throw new UsageError(`There is no example "${name}". The examples are ${list}.`);
  return relative("", join(folder, `${name}.ts`));
}
