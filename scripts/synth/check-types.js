const { spawnSync } = require("node:child_process");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join, resolve } = require("node:path");
const { NODE_MODULES, ROOT } = require("./bundle");

/** Returns the type errors of an app, as TypeScript prints them. @param {string} app */
function checkTypes(app) {
  const folder = mkdtempSync(join(tmpdir(), "check-types-"));
  const compilerOptions = { types: ["node"], typeRoots: [join(NODE_MODULES, "@types")] };
  const config = { extends: join(ROOT, "tsconfig.json"), compilerOptions, files: [resolve(app)], include: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const args = ["--project", folder, "--pretty", String(process.stderr.isTTY === true)];
  const tsc = spawnSync(process.execPath, [join(NODE_MODULES, "typescript/bin/tsc"), ...args], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return tsc.stdout + tsc.stderr;
}

module.exports = { checkTypes };
