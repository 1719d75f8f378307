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

/** @param {string} file */
const settingsMark = (file) => hashOf(JSON.stringify(settingsTexts(file)));

/**
 * A file of settings and those that it extends, each with its text.
 * @param {string} file
 * @param {readonly string[]} [below]
 * @returns {(readonly [file: string, text: string])[]}
 */
function settingsTexts(file, below = []) {
  if (below.includes(file)) return [];
  /** @type {string} */
  let text;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch {
    return [[file, ""]];
  }
  const [, named = ""] = /"extends"\s*:\s*(\[[^\]]*\]|"[^"]*")/.exec(text) ?? [];
  const bases = [...named.matchAll(/"([^"]+)"/g)].flatMap(([, name = ""]) => basesOf(name, file));
  return [[file, text], ...bases.flatMap((base) => settingsTexts(base, [...below, file]))];
}

/**
 * Whether settings lead imports by name to files: to which ones is esbuild's to say, so that no folder tells whether a
 * new file would be another one.
 * @param {readonly string[]} folders
 */
const hasAliases = (folders) =>
  folders.some((folder) =>
    settingsIn(folder).some((file) => settingsTexts(file).some(([, text]) => /"(paths|baseUrl)"\s*:/.test(text))),
  );

/** @param {string} folder */
function settingsIn(folder) {
  try {
    return fs.readdirSync(folder).flatMap((name) => (SETTINGS.test(name) ? [path.join(folder, name)] : []));
  } catch {
    return [];
  }
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
 * Had a file changed while it was read, nobody would know which text the build holds; and where settings have aliases,
 * which files another would be. A mark that nothing has.
 * @type {Inputs}
 */
const UNKNOWN = { [__filename]: "unknown" };

/**
 * @param {readonly string[]} files what was read
 * @param {readonly string[]} looked the folders where it was looked for
 * @returns {Inputs}
 */
function sourceInputs(files, looked) {
  const folders = allFoldersOf(files, looked);
  if (hasAliases(folders)) return UNKNOWN;
  return Object.fromEntries([
    ...[...files, ...tools()].map((file) => [file, contentMark(file)]),
    ...folders.map((folder) => [`${folder}${path.sep}`, folderMark(folder)]),
  ]);
}

/** @param {readonly string[]} files @param {readonly string[]} looked */
const allFoldersOf = (files, looked) => [
  ...new Set([...files, ...looked.map((folder) => path.join(folder, "any"))].flatMap(foldersOf)),
];

/**
 * The files with what says which files they are: each package's own package.json, by which a link that leads elsewhere
 * is seen too, npm's note of what it installed, and what makes the build. A package that is a link to a folder of sources,
 * as in a workspace, is looked at as the app is.
 * @param {readonly string[]} files
 * @param {readonly string[]} imports
 * @param {string} home the folder whose node_modules the imports are in
 * @param {readonly string[]} [looked] the folders where files were looked for
 * @returns {Inputs}
 */
function packageInputs(files, imports, home, looked = []) {
  const isLinked = (/** @type {string} */ file) => !PACKAGE.test(file) && path.dirname(file) !== __dirname;
  const folders = allFoldersOf(
    files.filter(isLinked),
    looked.filter((folder) => isLinked(path.join(folder, "any"))),
  );
  if (hasAliases(folders)) return UNKNOWN;
  const manifests = new Set(files.map((file) => PACKAGE.exec(file)?.[0]).filter((folder) => folder !== undefined));
  for (const name of imports) {
    const [first = "", second = ""] = name.split("/");
    manifests.add(path.join(home, "node_modules", first.startsWith("@") ? `${first}/${second}` : first));
  }
  const notes = [
    ...[...manifests].map((folder) => path.join(folder, "package.json")),
    path.join(home, "node_modules/.package-lock.json"),
  ];
  return Object.fromEntries([
    ...[...files, ...notes, ...tools()].map((file) => [file, statMark(file)]),
    ...folders.map((folder) => [`${folder}${path.sep}`, folderMark(folder)]),
  ]);
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

module.exports = { ROOT, UNKNOWN, changedSince, packageInputs, packagesUnchanged, sourceInputs, sourcesUnchanged };
