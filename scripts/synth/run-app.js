const { existsSync, realpathSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { NODE_MODULES, bundleApp } = require("./bundle");
const { UsageError } = require("./errors");
const { keptBundle, newPackages, readKept } = require("./packages");
const { STACK_TRACE, formatTokenStacksLate } = require("./token-stacks");

/** Runs a TypeScript app in this process. Only the bundle of its packages is kept. @param {string} app */
async function runApp(app) {
  if (!existsSync(app)) throw new UsageError(`There is no file ${app}.`);
  const entry = realpathSync(app);
  const bundling = bundleApp(entry);
  // esbuild works in another process. Meanwhile, this one loads the packages that the app imported last time.
  const file = keptBundle(entry);
  let packages = load(file, readKept(file));
  packages.cdktf?.();
  const { code, imports } = await bundling;
  const modules = imports.includes("cdktf") ? [...imports, STACK_TRACE] : imports;
  if (!modules.every((name) => packages[name])) {
    // esbuild cannot bundle some packages. Then Node loads all of them itself.
    const inNode = (/** @type {any} */ error) => (error.errors ? "" : Promise.reject(error));
    packages = load(file, await newPackages(entry, modules).catch(inNode));
  }
  if (packages[STACK_TRACE]) formatTokenStacksLate(packages[STACK_TRACE]());
  process.setSourceMapsEnabled(true);
  load(entry, code, packages);
}

/**
 * Runs code as a CommonJS module, and returns its exports.
 * @param {string} filename @param {string} code @param {{ [module: string]: () => any }} [packages]
 */
function load(filename, code, packages) {
  const module = Object.assign(/** @type {any} */ (new Module(filename)), { filename });
  module.paths = [.../** @type {any} */ (Module)._nodeModulePaths(path.dirname(filename)), NODE_MODULES];
  module.require = (/** @type {string} */ name) => packages?.[name]?.() ?? Module.prototype.require.call(module, name);
  module._compile(code, filename);
  return module.exports;
}

module.exports = { runApp };
