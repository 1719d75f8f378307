const { readFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Says what an app wrote, which variables have no default, what CDKTF warns of, and which commands come next.
 * @param {string} outdir the folder that the app wrote to
 * @param {string} app
 */
function summary(outdir, app) {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  const ids = Object.keys(stacks).sort();
  const [offline, online] =
    app === "main.ts" ? ["", ""] : [` --app ${app}`, ` --app "node scripts/synth/app.js ${app}"`];
  return `${ids.flatMap((id) => stackLines(outdir, stacks[id])).join("\n")}
Next:
  npm run plan:offline -- --stack ${ids[0]}${offline}  # plan without an AWS account
  npm run plan -- ${ids[0]}${online}  # plan in your AWS account
  npm run deploy -- ${ids[0]}${online}  # create the resources
`;
}

/** @param {string} outdir @param {any} stack what manifest.json says of it */
function stackLines(outdir, { synthesizedStackPath, annotations }) {
  const path = join(outdir, synthesizedStackPath);
  const { resource = {}, data = {}, variable = {} } = JSON.parse(readFileSync(path, "utf8"));
  const count = (/** @type {object} */ types) => Object.values(types).flatMap(Object.keys).length;
  const names = Object.keys(variable);
  const required = names.filter((name) => !("default" in variable[name])).map((name) => `TF_VAR_${name}`);
  return [
    `Wrote ${path}: ${count(resource)} resources, ${count(data)} data sources, ${names.length} variables.`,
    ...(required.length > 0 ? [`  Set ${required.join(", ")} before you plan.`] : []),
    ...annotations.map(
      (/** @type {any} */ one) => `  ${one.level.replace("@cdktf/", "")} at ${one.constructPath}: ${one.message}`,
    ),
  ];
}

module.exports = { summary };
