const { createRequire } = require("node:module");
const path = require("node:path");
const vm = require("node:vm");
const { FOLDER } = require("./store");

const here = createRequire(__filename);

/** What a build's script is called in a stack. There is no such file: the text is in the build. @param {string} name */
const scriptName = (name) => path.join(FOLDER, `${name}.js`);

/**
 * Runs a build as Node runs a CommonJS module at the entry's place.
 * @param {import("./load").Build} build
 * @param {string} entry
 * @param {(name: string) => unknown} provided modules that another script holds
 * @returns {unknown} the module's exports
 */
function evaluate(build, entry, provided) {
  const nodeRequire = createRequire(entry);
  build.script = new vm.Script(
    `(function (exports, require, module, __filename, __dirname) { ${build.sections.code}\n})`,
    {
      filename: scriptName(build.name),
      cachedData: build.sections.bytecode,
      // From Node 20.12 on, a dynamic import of a package goes Node's own way.
      importModuleDynamically: /** @type {any} */ (vm.constants)?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    },
  );
  const module = { exports: {} };
  const require = Object.assign(
    (/** @type {string} */ name) => provided(name) ?? nodeRequire(found(nodeRequire, name)),
    {
      resolve: nodeRequire.resolve,
      from: (/** @type {string} */ file) => createRequire(file).resolve,
      cache: nodeRequire.cache,
      main: module,
    },
  );
  build.script.runInThisContext()(module.exports, require, module, entry, path.dirname(entry));
  return module.exports;
}

/**
 * An app elsewhere may import this project's sources; their packages are here.
 * @param {NodeJS.Require} nodeRequire
 * @param {string} name
 */
function found(nodeRequire, name) {
  try {
    return nodeRequire.resolve(name);
  } catch (error) {
    try {
      return here.resolve(name);
    } catch {
      throw error;
    }
  }
}

module.exports = { evaluate, scriptName };
