const { readFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * @typedef {{ readonly constructPath: string, readonly level: string, readonly message: string }} Annotation
 * @typedef {{ readonly synthesizedStackPath: string, readonly annotations: readonly Annotation[] }} Stack
 * @typedef {{ readonly [type: string]: { readonly [name: string]: object } }} Blocks
 */

/** @param {Blocks} [blocks] */
const count = (blocks = {}) => Object.values(blocks).reduce((sum, byName) => sum + Object.keys(byName).length, 0);

/**
 * What a synth wrote, in a few lines, and what to do next.
 *
 * @param {string} outdir the folder that the app wrote into, as it stands in the printed paths
 * @param {string} file the app's own file
 */
function summary(outdir, file) {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  const stacks = /** @type {[string, Stack][]} */ (Object.entries(manifest.stacks));
  stacks.sort(([one], [other]) => (one < other ? -1 : 1));
  const lines = stacks.flatMap(([, stack]) => {
    const path = join(outdir, stack.synthesizedStackPath);
    const json = JSON.parse(readFileSync(path, "utf8"));
    const variables = /** @type {[string, object][]} */ (Object.entries(json.variable ?? {}));
    const required = variables.filter(([, variable]) => !("default" in variable)).map(([variable]) => variable);
    return [
      `Wrote ${path}: ${count(json.resource)} resources, ${count(json.data)} lookups, ${variables.length} variables.`,
      ...(required.length > 0 ? [`  Needs ${required.map((variable) => `TF_VAR_${variable}`).join(", ")}.`] : []),
      ...stack.annotations.map(
        ({ level, constructPath, message }) => `  ${level.replace(/^@cdktf\//, "")} at ${constructPath}: ${message}`,
      ),
    ];
  });
  // The cdktf CLI runs main.ts unless it is told otherwise.
  const app = file === "main.ts" ? "" : ` --app "node scripts/synth/app.js ${file}"`;
  const first = stacks[0]?.[0];
  const next = [
    ...(app === "" ? [["npm run plan:offline", "Terraform's plan with no account and no network"]] : []),
    [`npm run plan -- ${first}${app}`, "Terraform's plan in your account"],
    [`npm run deploy -- ${first}${app}`, "make it"],
  ];
  return [...lines, "Next:", ...next.map(([command, what]) => `  ${command}  # ${what}`), ""].join("\n");
}

module.exports = { summary };
