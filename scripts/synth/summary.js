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
  const isMain = app === "main.ts";
  const offline = isMain ? "" : ` -- --app ${app}${ids.length > 1 ? ` --stack ${ids[0]}` : ""}`;
  const stack = `${ids[0]}${isMain ? "" : ` --app "node scripts/synth/app.js ${app}"`}`;
  return `${ids.flatMap((id) => stackLines(outdir, stacks[id])).join("\n")}
Next:
  npm run plan:offline${offline}  # plan without an AWS account
  npm run plan -- ${stack}  # plan in your AWS account
  npm run deploy -- ${stack}  # create the resources
`;
}

/** @param {string} outdir @param {any} stack what manifest.json says of it */
function stackLines(outdir, { synthesizedStackPath, annotations }) {
  const path = join(outdir, synthesizedStackPath);
  const { resource = {}, data = {}, variable = {} } = JSON.parse(readFileSync(path, "utf8"));
  const [resources, dataSources] = [resource, data].map((types) => Object.values(types).flatMap(Object.keys).length);
  const variables = Object.keys(variable);
  const required = variables.filter((name) => !("default" in variable[name])).map((name) => `TF_VAR_${name}`);
  return [
    `Wrote ${path}: ${resources} resources, ${dataSources} data sources, ${variables.length} variables.`,
    ...(required.length > 0 ? [`  Set ${required.join(", ")} before you plan.`] : []),
    ...annotations.map(
      (/** @type {any} */ one) => `  ${one.level.replace("@cdktf/", "")} at ${one.constructPath}: ${one.message}`,
    ),
  ];
}

module.exports = { summary };
