const { readFile } = require("node:fs/promises");
const { isBuiltin } = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const esbuild = require("esbuild");

const ROOT = path.join(__dirname, "../..");
const NODE_MODULES = path.join(ROOT, "node_modules");

/** @type {import("esbuild").BuildOptions & { write: false, metafile: true }} */
const options = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: "node",
  target: "node20",
  write: false,
  metafile: true,
  logLevel: "silent",
  // esbuild renames some classes. Messages show their names.
  keepNames: true,
  // `import()` becomes `require()`, which returns the same copy of a package as other imports do.
  supported: { "dynamic-import": false },
  // A bundle is one file, so these would all describe the bundle. `places` declares `__place` in each file.
  define: {
    __dirname: "__place.dirname",
    __filename: "__place.filename",
    "import.meta": "__place",
    "require.main": "__place.main",
    "require.resolve": "__place.resolve",
  },
};

/** Bundles an app's own files. Imports of packages stay imports. @param {string} entry */
async function bundleApp(entry) {
  const sourcemap = /** @type {const} */ ({ sourcemap: "inline", sourcesContent: false });
  const app = { ...options, ...sourcemap, entryPoints: [entry], outdir: path.dirname(entry), packages: "external" };
  const bundle = await build(app);
  // With a plugin, esbuild asks this process about each file, which takes longer. Few apps need it.
  return bundle.code.includes("__place") ? build({ ...app, plugins: [places(entry)] }) : bundle;
}

/**
 * Bundles modules of packages, which files in a folder import. The bundle exports a function for each, which returns it.
 * @param {readonly string[]} modules @param {string} resolveDir
 */
function bundlePackages(modules, resolveDir) {
  const contents = modules.map((name) => `exports[${JSON.stringify(name)}] = () => require(${JSON.stringify(name)});`);
  return build({ ...options, stdin: { contents: contents.join("\n"), resolveDir }, plugins: [places()] });
}

/** @param {any} buildOptions */
async function build(buildOptions) {
  const { outputFiles, metafile } = await esbuild.build(/** @type {typeof options} */ (buildOptions)).catch((error) => {
    if (error.message.includes("Top-level await"))
      error.message += "\nMove the code that awaits into an async function, and call the function.";
    throw error;
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map((found) => found.path));
  return {
    code: outputFiles[0]?.text ?? "",
    /** The modules of packages that the code requires. */
    imports: [...new Set(imports)].filter((name) => !isBuiltin(name)),
    /** The files that the code was made from, relative to the repository. */
    files: Object.keys(metafile.inputs).filter((file) => file !== "<stdin>"),
  };
}

/**
 * Declares `__place` on the first line of each file that needs it, so that line numbers stay the same.
 * @param {string} [main] the file for which `require.main === module`
 * @returns {import("esbuild").Plugin}
 */
const places = (main) => ({
  name: "places",
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path: filename }) => {
      const text = await readFile(filename, "utf8");
      if (!/__dirname|__filename|import\.meta|require\.(main|resolve)/.test(text)) return undefined;
      const names = JSON.stringify({ filename, dirname: path.dirname(filename), url: pathToFileURL(filename) });
      const resolve = `require("node:module").createRequire(${JSON.stringify(filename)}).resolve`;
      const place = `{ ...${names}, main: ${filename === main ? "module" : "undefined"}, resolve: ${resolve} }`;
      return { contents: `var __place = ${place};${text.startsWith("#!") ? "//" : ""}${text}`, loader: "default" };
    });
  },
});

module.exports = { NODE_MODULES, ROOT, bundleApp, bundlePackages };
