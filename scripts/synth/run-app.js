const { existsSync, realpathSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const esbuild = require("esbuild");
const { NODE_MODULES, bundleApp } = require("./bundle");
const { UsageError } = require("./errors");
const { keptPackages, newPackages } = require("./packages");
const { STACK_TRACE, formatTokenStacksLate } = require("./token-stacks");

const CDKTF = "cdktf";

/**
 * Runs a TypeScript app in this process. Each run bundles the app's own files; only the bundle of the packages that it
 * imports is kept.
 * @param {string} app
 */
async function runApp(app) {
  if (!existsSync(app)) throw new UsageError(`There is no file ${app}.`);
  const entry = realpathSync(app);
  const bundling = bundleApp(entry);
  // esbuild works in another process. Meanwhile, this one loads the packages that the app imported last time. From
  // Node 22 on, Node keeps their compiled code.
  /** @type {any} */ (Module).enableCompileCache?.(path.join(NODE_MODULES, ".cache/ecs-default-vpc/compiled"));
  const kept = keptPackages(entry);
  let packages = kept && load(kept);
  packages?.[CDKTF]?.();
  const { code, imports } = await bundling;
  const modules = imports.includes(CDKTF) ? [...imports, STACK_TRACE] : imports;
  if (!modules.every((name) => kept?.modules.includes(name)))
    // Some packages cannot be bundled. Then Node loads all of them itself.
    packages = await newPackages(entry, modules).then(load, () => undefined);
  void esbuild.stop();
  formatTokenStacksLate(packages?.[STACK_TRACE]?.());
  process.setSourceMapsEnabled(true);
  load({ file: entry, code }, packages);
}

/**
 * Runs code as Node runs a CommonJS module.
 * @param {{ file: string, code: string }} script
 * @param {{ [module: string]: () => any }} [packages] what the code requires from elsewhere than node_modules
 */
function load({ file, code }, packages) {
  const module = /** @type {any} */ (new Module(file));
  module.filename = file;
  module.paths = [.../** @type {any} */ (Module)._nodeModulePaths(path.dirname(file)), NODE_MODULES];
  module.require = (/** @type {string} */ name) => packages?.[name]?.() ?? Module.prototype.require.call(module, name);
  module._compile(code, file);
  return module.exports;
}

module.exports = { runApp };
