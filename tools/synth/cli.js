const { existsSync, readdirSync } = require("node:fs");
const { join } = require("node:path");
const { runApp } = require("./load");
const { UsageError, reporting } = require("./report");
const { summary } = require("./summary");

// `tools/synth/cli.js FILE` runs an app; `--example NAME` runs `examples/NAME.ts`. Both say what was written.
reporting(async (started) => {
  const [first, second] = process.argv.slice(2);
  const file = first === "--example" ? exampleFile(second) : (first ?? "main.ts");
  await runApp(file, started);
  process.stdout.write(summary(process.env.CDKTF_OUTDIR ?? "cdktf.out", file));
});

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
