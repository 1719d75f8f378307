const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");
const { hashOf } = require("./store");

/**
 * What a build was made from: each file's mark, and what a folder would offer to an import. Any difference means that
 * the build is stale.
 * @typedef {{ readonly [path: string]: string }} Inputs
 */

const ROOT = path.join(__dirname, "../..");
/** A new file of these can change what an import finds. */
const IMPORTABLE = /\.([cm]?[jt]sx?|json)$/;
const SETTINGS = /^(package|tsconfig.*)\.json$/;
/** The folder of the package that a file is in. */
const PACKAGE = /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/;

/** A source's content itself: edits may come within one tick of a file system's clock. @param {string} file */
const contentMark = (file) => hashOf(fs.readFileSync(file));

/** A package's file: its change time can't be set back, and hundreds of them need not be read. @param {string} file */
function statMark(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.ctimeMs} ${stat.size} ${stat.ino}` : "none";
}

/**
 * The importable names of a folder and where its links lead, with the content of what configures the build there.
 * @param {string} folder
 */
function folderMark(folder) {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    const names = entries.map(({ name }) => name).filter((name) => IMPORTABLE.test(name));
    const links = entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name);
    const settings = names.filter((name) => SETTINGS.test(name)).map((name) => settingsMark(path.join(folder, name)));
    const targets = links.map((name) => `${name} ${fs.readlinkSync(path.join(folder, name))}`);
    return hashOf(JSON.stringify([names.sort(), targets.sort(), settings.sort()]));
  } catch (error) {
    // A folder that is gone, or one above the app that others may pass but not list.
    return String(/** @type {NodeJS.ErrnoException} */ (error).code);
  }
}

/** A file of settings with those that it extends. @param {string} file @param {readonly string[]} [below] @returns {string} */
function settingsMark(file, below = []) {
  if (below.includes(file)) return "";
  /** @type {string} */
  let text;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch {
    return "none";
  }
  const [, named = ""] = /"extends"\s*:\s*(\[[^\]]*\]|"[^"]*")/.exec(text) ?? [];
  const bases = [...named.matchAll(/"([^"]+)"/g)].flatMap(([, name = ""]) => basesOf(name, file));
  return hashOf(JSON.stringify([file, text, bases.map((base) => settingsMark(base, [...below, file]))]));
}

/** The files that `extends` may mean. @param {string} name @param {string} file @returns {string[]} */
function basesOf(name, file) {
  const folder = path.dirname(file);
  if (/^\.|^\/|^[A-Za-z]:/.test(name)) return ["", ".json"].map((end) => path.resolve(folder, `${name}${end}`));
  const places = createRequire(file).resolve.paths(name) ?? [];
  return places.flatMap((place) => ["", ".json", "/tsconfig.json"].map((end) => path.join(place, `${name}${end}`)));
}

/** A folder, and those above it that can configure it. @param {string} file @returns {string[]} */
function foldersOf(file) {
  const folders = [];
  let folder = path.dirname(file);
  while (true) {
    folders.push(folder);
    const above = path.dirname(folder);
    if (folder === ROOT || above === folder) return folders;
    folder = above;
  }
}

/** What makes a build of the files. */
const tools = () => {
  const own = fs.readdirSync(__dirname).filter((name) => name.endsWith(".js"));
  return [require.resolve("esbuild/package.json"), ...own.map((name) => path.join(__dirname, name))];
};

/**
 * @param {readonly string[]} files what was read
 * @param {readonly string[]} looked the folders where it was looked for
 * @returns {Inputs}
 */
function sourceInputs(files, looked) {
  const folders = new Set([...files, ...looked.map((folder) => path.join(folder, "any"))].flatMap(foldersOf));
  return Object.fromEntries([
    ...[...files, ...tools()].map((file) => [file, contentMark(file)]),
    ...[...folders].map((folder) => [`${folder}${path.sep}`, folderMark(folder)]),
  ]);
}

/**
 * The files with what says which files they are: each package's own package.json, by which a link that leads elsewhere
 * is seen too, npm's note of what it installed, and what makes the build.
 * @param {readonly string[]} files
 * @param {readonly string[]} imports
 * @param {string} home the folder whose node_modules the imports are in
 * @returns {Inputs}
 */
function packageInputs(files, imports, home) {
  const manifests = new Set(files.map((file) => PACKAGE.exec(file)?.[0]).filter((folder) => folder !== undefined));
  for (const name of imports) {
    const [first = "", second = ""] = name.split("/");
    manifests.add(path.join(home, "node_modules", first.startsWith("@") ? `${first}/${second}` : first));
  }
  const notes = [
    ...[...manifests].map((folder) => path.join(folder, "package.json")),
    path.join(home, "node_modules/.package-lock.json"),
  ];
  return Object.fromEntries([...files, ...notes, ...tools()].map((file) => [file, statMark(file)]));
}

/** @param {Inputs} inputs @param {(file: string) => string} mark */
function unchanged(inputs, mark) {
  try {
    return Object.entries(inputs).every(([file, before]) => {
      return (file.endsWith(path.sep) ? folderMark(file) : mark(file)) === before;
    });
  } catch {
    return false;
  }
}

/** @param {Inputs} inputs */
const sourcesUnchanged = (inputs) => unchanged(inputs, contentMark);
/** @param {Inputs} inputs */
const packagesUnchanged = (inputs) => unchanged(inputs, statMark);

/**
 * Whether one of the files or folders changed after `time`, or so shortly before it that a clock's tick hides it.
 * @param {readonly string[]} files
 * @param {number} time
 */
const changedSince = (files, time) =>
  files.some((file) => (fs.statSync(file, { throwIfNoEntry: false })?.ctimeMs ?? time) > time - 20);

module.exports = { ROOT, changedSince, packageInputs, packagesUnchanged, sourceInputs, sourcesUnchanged };
