const { readFileSync } = require("node:fs");
const { join, relative } = require("node:path");
const { ROOT } = require("./bundle");
const { UsageError } = require("./errors");

/** Lists what an app wrote, and the commands that come next. @param {string} outdir @param {string} app */
function summary(outdir, app) {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  const ids = Object.keys(stacks).sort();
  if (ids.length === 0) throw new UsageError(`${app} has no stacks. Create a TerraformStack in its App.`);
  // npm runs the commands in the root of the repository.
  const file = relative(ROOT, app);
  const isMain = file === "main.ts";
  const plan = `${ids[0]}${isMain ? "" : ` --app "node scripts/synth/app.js ${file}"`}`;
  return `${ids.flatMap((id) => stackLines(outdir, stacks[id])).join("\n")}
Next:
  npm run plan:offline -- --stack ${ids[0]}${isMain ? "" : ` --app ${file}`}  # plan without an AWS account
  npm run plan -- ${plan}  # plan in your AWS account
  npm run deploy -- ${plan}  # create the resources
`;
}

/** @param {string} outdir @param {any} stack its entry in manifest.json */
function stackLines(outdir, { synthesizedStackPath, annotations }) {
  const path = join(outdir, synthesizedStackPath);
  const { resource = {}, data = {}, variable = {} } = JSON.parse(readFileSync(path, "utf8"));
  const count = (/** @type {object} */ types) => Object.values(types).flatMap(Object.keys).length;
  const names = Object.keys(variable);
  const required = names.filter((name) => !("default" in variable[name])).map((name) => `TF_VAR_${name}`);
  const counts = `resource blocks: ${count(resource)}, data sources: ${count(data)}, variables: ${names.length}`;
  const lines = [`Wrote ${path} (${counts}).`];
  if (required.length > 0) lines.push(`  Set ${required.join(", ")} before you plan.`);
  for (const one of annotations)
    lines.push(`  ${one.level.replace("@cdktf/", "")} at ${one.constructPath}: ${one.message}`);
  return lines;
}

module.exports = { summary };
