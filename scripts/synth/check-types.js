const { spawnSync } = require("node:child_process");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join, resolve } = require("node:path");
const { NODE_MODULES, ROOT } = require("./bundle");

/** Prints the type errors of an app to stderr. Returns whether there are none. @param {string} app */
function checkTypes(app) {
  const folder = mkdtempSync(join(tmpdir(), "check-types-"));
  const compilerOptions = { types: ["node"], typeRoots: [join(NODE_MODULES, "@types")] };
  const config = { extends: join(ROOT, "tsconfig.json"), compilerOptions, files: [resolve(app)], include: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = [join(NODE_MODULES, "typescript/bin/tsc"), "--project", folder];
  const { status } = spawnSync(process.execPath, tsc, { stdio: ["ignore", 2, 2] });
  rmSync(folder, { recursive: true });
  return status === 0;
}

module.exports = { checkTypes };
