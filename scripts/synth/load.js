const { existsSync } = require("node:fs");
const { isBuiltin, createRequire } = require("node:module");
const path = require("node:path");
const {
  ROOT,
  UNKNOWN,
  changedSince,
  packageInputs,
  packagesUnchanged,
  sourceInputs,
  sourcesUnchanged,
} = require("./inputs");
const { evaluate, scriptName } = require("./evaluate");
const { mapStacks } = require("./stack");
const { skipTokenStacks } = require("./token-stacks");
const { nameFor, read, write } = require("./store");

/**
 * @typedef {import("./store").Sections} Sections
 * @typedef {{ readonly inputs: import("./inputs").Inputs, readonly imports: readonly string[] }} About
 * @typedef {{ name: string, about: About, sections: Sections, isKept: boolean, script?: import("node:vm").Script }} Build
 */

/**
 * Runs a TypeScript app in this process, from its sources as they are now. What was built from the same sources is used
 * again, with the bytecode that V8 made of it: app and packages apart, since an edit changes only one of them.
 * @param {string} file
 * @param {(mapped: (text: string) => string) => void} [started] gets what turns a bundle's positions into the sources'
 * @param {{ readonly ownPackages?: boolean }} [options] `ownPackages` keeps the app's packages apart from those of the
 * apps beside it, which would otherwise load them too
 */
async function runApp(file, started = () => {}, { ownPackages = false } = {}) {
  const entry = path.resolve(file);
  const home = packagesHome(entry);
  const names = { app: nameFor(`app ${entry}`), packages: nameFor(`packages ${ownPackages ? entry : home}`) };

  const keptApp = kept(names.app, sourcesUnchanged);
  // While esbuild works, in a process of its own, this one loads what the app needed last time: that rarely changes.
  const building = keptApp ? undefined : buildApp(names.app, entry);
  const packages = kept(names.packages, packagesUnchanged);
  const loaded = packages && evaluate(packages, entry, noModule);
  const app = keptApp ?? (await /** @type {Promise<Build>} */ (building));

  const wanted = app.about.imports.filter((name) => !isBuiltin(name));
  const isComplete = packages !== undefined && wanted.every((name) => packages.about.imports.includes(name));
  const held = isComplete ? packages : await buildPackages(names.packages, wanted, packages?.about.imports ?? [], home);
  if (!held) loadArchiverWhenUsed(entry);
  const modules = isComplete ? loaded : held && evaluate(held, entry, noModule);
  const scripts = held ? [app, held] : [app];
  skipTokenStacks();
  const mapped = scripts.map((build) => withMap(build, home));
  started(mapStacks(mapped, ROOT));
  const keep = () => scripts.forEach(keepWithBytecode);
  // An app may end the process itself.
  process.once("exit", keep);
  try {
    evaluate(app, entry, (name) => /** @type {any} */ (modules)?.[name]?.());
    keep();
  } finally {
    process.off("exit", keep);
  }
}

const noModule = () => undefined;

/**
 * The map of the packages is made when an error asks for it: it would take longer than all else of their build.
 * @param {Build} build
 * @param {string} home
 */
const withMap = ({ name, about, sections }, home) => ({
  script: scriptName(name),
  map: () => String(sections.map ?? require("./bundle").mapPackages(about.imports, home)),
});

/** @param {string} name @param {(inputs: import("./inputs").Inputs) => boolean} isFresh @returns {Build | undefined} */
function kept(name, isFresh) {
  const sections = read(name);
  if (!sections?.about) return undefined;
  const about = /** @type {About} */ (JSON.parse(String(sections.about)));
  return isFresh(about.inputs) ? { name, about, sections, isKept: true } : undefined;
}

/** @param {string} name @param {string} entry @returns {Promise<Build>} */
async function buildApp(name, entry) {
  const start = Date.now();
  const { code, map, files, folders, imports } = await require("./bundle").bundleApp(entry);
  // The app's own path may lead through links.
  const looked = [...folders, path.dirname(entry)];
  const about = { inputs: sourceInputs(files, looked), imports };
  if (changedSince([...files, ...files.map((file) => path.dirname(file)), ...looked], start)) about.inputs = UNKNOWN;
  return { name, about, sections: sectionsOf(about, code, map), isKept: false };
}

/**
 * @param {string} name
 * @param {readonly string[]} wanted what the app needs
 * @param {readonly string[]} before what other apps of the same folder needed: they share the build
 * @param {string} home
 * @returns {Promise<Build | undefined>} nothing for packages that can't be bundled, such as those with native code
 */
async function buildPackages(name, wanted, before, home) {
  const start = Date.now();
  for (const imports of [[...new Set([...before, ...wanted])].sort(), wanted]) {
    try {
      const { code, files, folders } = await require("./bundle").bundlePackages(imports, home);
      const inputs = packageInputs(files, imports, home, folders);
      const about = { inputs: changedSince(files, start) ? UNKNOWN : inputs, imports };
      return { name, about, sections: sectionsOf(about, code), isKept: false };
    } catch {
      // One of those before may be gone; if not, Node loads the packages each time, as it does without a bundle.
    }
  }
  return undefined;
}

/** The folder whose node_modules an entry's imports come from. @param {string} entry */
function packagesHome(entry) {
  let folder = path.dirname(entry);
  while (!existsSync(path.join(folder, "node_modules")) && path.dirname(folder) !== folder)
    folder = path.dirname(folder);
  return folder;
}

/** @param {About} about @param {string} code @param {string} [map] @returns {Sections} */
const sectionsOf = (about, code, map) => ({
  about: Buffer.from(JSON.stringify(about)),
  code: Buffer.from(code),
  ...(map === undefined ? {} : { map: Buffer.from(map) }),
});

/** After a run, V8's bytecode holds each function that the run needed. @param {Build} build */
function keepWithBytecode({ name, sections, script, isKept }) {
  const hasBytecode = sections.bytecode !== undefined && script?.cachedDataRejected !== true;
  if (script && !(isKept && hasBytecode)) write(name, { ...sections, bytecode: script.createCachedData() });
}

/** Node's own loading of cdktf gets the stand-in for its archiver too. @param {string} entry */
function loadArchiverWhenUsed(entry) {
  try {
    const own = createRequire(createRequire(entry).resolve("cdktf"));
    require("./archiver-when-used");
    own.cache[own.resolve("archiver")] ??= require.cache[require.resolve("./archiver-when-used")];
  } catch {
    // An app without cdktf, or a cdktf without an archiver.
  }
}

module.exports = { runApp };
