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
  // esbuild works in another process. Meanwhile, this one loads the packages that the app imported last time. From
  // Node 22 on, Node keeps their compiled code.
  /** @type {any} */ (Module).enableCompileCache?.(path.join(NODE_MODULES, ".cache/ecs-default-vpc/compiled"));
  const file = keptBundle(entry);
  let packages = load({ file, code: readKept(file) });
  packages.cdktf?.();
  const { code, imports } = await bundling;
  const modules = imports.includes("cdktf") ? [...imports, STACK_TRACE] : imports;
  if (!modules.every((name) => packages[name])) {
    const bundle = await newPackages(entry, modules).catch((error) => {
      // esbuild cannot bundle some packages. Then Node loads all of them itself.
      if (error.errors) return "";
      throw error;
    });
    packages = load({ file, code: bundle });
  }
  if (packages[STACK_TRACE]) formatTokenStacksLate(packages[STACK_TRACE]());
  process.setSourceMapsEnabled(true);
  load({ file: entry, code }, packages);
}

/**
 * Runs code as Node runs a CommonJS module, and returns its exports.
 * @param {{ file: string, code: string }} script @param {{ [module: string]: () => any }} [packages]
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
