const fs = require("node:fs");
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

/** A source's content itself: edits may come within one tick of a file system's clock. @param {string} file */
const contentMark = (file) => hashOf(fs.readFileSync(file));

/** A package's file: its change time can't be set back, and hundreds of them need not be read. @param {string} file */
function statMark(file) {
  const { ctimeMs, size, ino } = fs.statSync(file);
  return `${ctimeMs} ${size} ${ino}`;
}

/** The importable names of a folder, with the content of what configures the build there. @param {string} folder */
function folderMark(folder) {
  const names = fs
    .readdirSync(folder)
    .filter((name) => IMPORTABLE.test(name))
    .sort();
  const settings = names.filter((name) => SETTINGS.test(name)).map((name) => contentMark(path.join(folder, name)));
  return hashOf(JSON.stringify([names, settings]));
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

/** @param {readonly string[]} files @returns {Inputs} */
function sourceInputs(files) {
  const own = fs.readdirSync(__dirname).filter((name) => name.endsWith(".js"));
  const all = [...files, ...own.map((name) => path.join(__dirname, name))];
  const folders = new Set(files.flatMap(foldersOf));
  return Object.fromEntries([
    ...all.map((file) => [file, contentMark(file)]),
    ...[...folders].map((folder) => [`${folder}${path.sep}`, folderMark(folder)]),
  ]);
}

/** @param {readonly string[]} files @returns {Inputs} */
const packageInputs = (files) => Object.fromEntries(files.map((file) => [file, statMark(file)]));

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
 * Whether one of the files changed after `time`, or so shortly before it that a clock's tick hides it.
 * @param {readonly string[]} files
 * @param {number} time
 */
const changedSince = (files, time) => files.some((file) => fs.statSync(file).ctimeMs > time - 20);

module.exports = { ROOT, changedSince, packageInputs, packagesUnchanged, sourceInputs, sourcesUnchanged };
