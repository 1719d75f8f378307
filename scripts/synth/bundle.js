const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const esbuild = require("esbuild");
const { ROOT } = require("./inputs");

/**
 * @typedef {{ code: string, map: string, files: string[], folders: string[], imports: string[] }} Built
 * `files` are what the code was made from, without links; `folders` are where imports by path looked for them, with
 * links; `imports` are the packages' modules that it asks for
 */

// No plugins where that can be: they would have esbuild wait for this process, which meanwhile does something else.
const options = /** @type {const} */ ({
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  charset: "utf8",
  define: {
    __dirname: "__own_dirname",
    __filename: "__own_filename",
    "import.meta.url": "__own_url",
    "require.main": "__own_main",
    "require.resolve": "__own_resolve",
  },
  write: false,
  metafile: true,
  sourcemap: "external",
  sourcesContent: false,
  // Only names the result: nothing is written.
  outdir: ROOT,
  absWorkingDir: ROOT,
  logLevel: "silent",
});

/** @param {{ outputFiles: import("esbuild").OutputFile[], metafile: import("esbuild").Metafile }} result @returns {Built} */
function built({ outputFiles, metafile }) {
  const text = (/** @type {string} */ end) => outputFiles.find((file) => file.path.endsWith(end))?.text ?? "";
  const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
  return {
    code: withOwnNames(withOwnPlaces(text(".js"), metafile.inputs, output?.entryPoint)),
    map: text(".map"),
    files: Object.keys(metafile.inputs)
      .map((file) => path.resolve(ROOT, file))
      .filter((file) => fs.existsSync(file)),
    folders: lookedInto(metafile.inputs),
    imports: [...new Set((output?.imports ?? []).filter(({ external }) => external).map((found) => found.path))].sort(),
  };
}

/**
 * A class that its own static fields name is called with an underscore by esbuild. Its first line, at whose end no
 * position is lost, gives it its name back.
 * @param {string} code
 */
const withOwnNames = (code) =>
  code.replace(
    /^ *(?:var|let|const) (\w+) = class _\1\b.*\{$/gm,
    '$& static { if (this.name === "_$1") Object.defineProperty(this, "name", { value: "$1", configurable: true }); }',
  );

/** @param {import("esbuild").Metafile["inputs"]} inputs @returns {string[]} */
function lookedInto(inputs) {
  const found = Object.entries(inputs).flatMap(([file, { imports }]) =>
    imports.flatMap(({ original = "" }) =>
      original.startsWith(".") ? [path.dirname(path.resolve(ROOT, path.dirname(file), original))] : [],
    ),
  );
  return [...new Set(found)];
}

/**
 * What says of each file where it is, or that it is the one that runs: in one script that would be the script's. Above
 * each file's code esbuild writes which file that is.
 * @param {string} code
 * @param {import("esbuild").Metafile["inputs"]} inputs
 * @param {string | undefined} entry
 */
function withOwnPlaces(code, inputs, entry) {
  let name = "";
  return code.replace(/^ *\/\/ (.+)$|\b__own_(dirname|filename|url|main|resolve)\b/gm, (found, header, place) => {
    if (place === undefined) {
      if (header in inputs) name = header;
      return found;
    }
    const file = path.resolve(ROOT, name);
    if (place === "main") return name === entry ? "require.main" : "undefined";
    if (place === "resolve") return `require.from(${JSON.stringify(file)})`;
    if (place === "url") return JSON.stringify(pathToFileURL(file));
    return JSON.stringify(place === "dirname" ? path.dirname(file) : file);
  });
}

/**
 * The app's own files, from the entry on, as one script. What comes from packages stays an import.
 * @param {string} entry
 * @returns {Promise<Built>}
 */
async function bundleApp(entry) {
  const app = { ...options, entryPoints: [entry], packages: /** @type {const} */ ("external") };
  const first = built(await esbuild.build(app));
  // A package's file that is imported by its path has imports of its own, which are found from its own folder alone.
  const plugins = first.files.some((file) => PACKAGE_FILE.test(file)) ? [packageFilesStay] : [];
  // Names that two files share are told apart by a digit. A class that got one has to be told its own name, which for
  // every function of the app would take its time.
  const keepNames = /^ *var \w+\d = class\b/m.test(first.code);
  return keepNames || plugins.length > 0 ? built(await esbuild.build({ ...app, keepNames, plugins })) : first;
}

const PACKAGE_FILE = /[\\/]node_modules[\\/]/;

const packageFilesStay = {
  name: "package-files-stay",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^(\.|\/|[A-Za-z]:)/ }, ({ path: file, resolveDir, kind }) => {
      const found = path.resolve(resolveDir, file);
      return kind !== "entry-point" && PACKAGE_FILE.test(found) ? { path: found, external: true } : undefined;
    });
  },
};

/**
 * Modules of packages, with all that they need, as one script that runs none of them before it is asked for.
 * @param {readonly string[]} imports
 * @param {string} home the folder whose node_modules they are in
 * @returns {Promise<Built>} without a map
 */
async function bundlePackages(imports, home) {
  return built(await esbuild.build({ ...packagesOptions(imports, home), sourcemap: false }));
}

/** The map of what `bundlePackages` gives. @param {readonly string[]} imports @param {string} home */
function mapPackages(imports, home) {
  return built(esbuild.buildSync(packagesOptions(imports, home))).map;
}

/** @param {readonly string[]} imports @param {string} home */
function packagesOptions(imports, home) {
  const modules = imports.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)})`);
  return {
    ...options,
    stdin: { contents: `module.exports = {${modules.join(",\n")}};`, resolveDir: home },
    // For an app elsewhere that imports this project's sources.
    nodePaths: [path.join(ROOT, "node_modules")],
    alias: /** @type {Record<string, string>} */ (
      hasOwnArchiver(home) ? {} : { archiver: path.join(__dirname, "archiver-when-used.js") }
    ),
  };
}

/** @param {string} home */
function hasOwnArchiver(home) {
  try {
    return createRequire(path.join(home, "package.json")).resolve("archiver") !== "";
  } catch {
    return false;
  }
}

module.exports = { bundleApp, bundlePackages, mapPackages };
