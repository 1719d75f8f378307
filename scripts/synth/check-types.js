const { spawnSync } = require("node:child_process");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join, resolve } = require("node:path");
const { NODE_MODULES, ROOT } = require("./bundle");

/** Prints the type errors of an app to stderr, with a warning. @param {string} app */
function checkTypes(app) {
  const folder = mkdtempSync(join(tmpdir(), "check-types-"));
  const types = { types: ["node"], typeRoots: [join(NODE_MODULES, "@types")] };
  // As in a bundle, `import.meta` is allowed.
  const compilerOptions = { ...types, module: "esnext", moduleResolution: "bundler" };
  const config = { extends: join(ROOT, "tsconfig.json"), compilerOptions, files: [resolve(app)], include: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = [join(NODE_MODULES, "typescript/bin/tsc"), "--project", folder];
  const { status, stdout } = spawnSync(process.execPath, tsc, { stdio: ["ignore", "pipe", 2], encoding: "utf8" });
  rmSync(folder, { recursive: true });
  if (status === 0) return;
  // Without a compiler, Node too ends with 1, but prints nothing to stdout.
  const problem = status === 1 && stdout ? `${app} has type errors` : `the types of ${app} could not be checked`;
  process.stderr.write(`${stdout}Warning: the JSON is written, but ${problem}.\n`);
}

module.exports = { checkTypes };
