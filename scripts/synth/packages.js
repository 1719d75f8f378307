const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { NODE_MODULES, ROOT, bundlePackages } = require("./bundle");

/** Removing this folder is safe. `npm ci` removes it. */
const KEPT = path.join(NODE_MODULES, ".cache/ecs-default-vpc/packages");
/** npm writes the first two when it installs something. */
const KEY_FILES = [`${ROOT}/package-lock.json`, `${NODE_MODULES}/.package-lock.json`, require.resolve("./bundle")];

/** Returns the file with the bundle of an app's packages. @param {string} entry */
const keptBundle = (entry) => path.join(KEPT, `${path.relative(ROOT, entry).replaceAll(path.sep, "-")}.js`);

/** @param {string} file */
const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "");

/** Returns the first line of a bundle. It changes when npm installs something. */
const key = () => `//${createHash("sha256").update(KEY_FILES.map(read).join()).digest("hex")}\n`;

/** Returns the code of a bundle, or "" if npm has installed something since. @param {string} file */
function readKept(file) {
  const code = read(file);
  return code.startsWith(key()) ? code : "";
}

/** Bundles modules of packages, and keeps the bundle. @param {string} entry @param {readonly string[]} modules */
async function newPackages(entry, modules) {
  const [file, firstLine] = [keptBundle(entry), key()];
  const { code, files } = await bundlePackages(modules, path.dirname(entry));
  // A package that is a link to a folder of sources is bundled in each run.
  if (!files.every((name) => name.startsWith("node_modules/"))) return code;
  try {
    fs.mkdirSync(KEPT, { recursive: true });
    fs.writeFileSync(`${file}.${process.pid}`, firstLine + code);
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {
    // The folder cannot be written. The next run bundles the packages again.
  }
  return code;
}

module.exports = { keptBundle, newPackages, readKept };
