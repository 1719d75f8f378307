const { randomUUID } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { NODE_MODULES, ROOT, bundlePackages } = require("./bundle");

/** Removing this folder is safe. `npm ci` removes it. */
const KEPT = path.join(NODE_MODULES, ".cache/ecs-default-vpc/packages");
/** npm writes these when it installs something. */
const INSTALLED = ["package-lock.json", "node_modules/.package-lock.json"];

/** @typedef {{ file: string, code: string, modules: readonly string[] }} Packages a bundle of modules of packages */

/** @param {string} entry */
const fileOf = (entry) => path.join(KEPT, `${path.relative(ROOT, entry).replaceAll(path.sep, "-")}.js`);

/**
 * Returns the bundle of an app's last run, if npm has installed nothing since and none of the files has changed.
 * @param {string} entry
 * @returns {Packages | undefined}
 */
function keptPackages(entry) {
  try {
    const file = fileOf(entry);
    // esbuild writes ASCII, which latin1 reads in the least time.
    const code = fs.readFileSync(file, "latin1");
    const { modules, files, builtAt } = JSON.parse(code.slice(2, code.indexOf("\n")));
    const isOlder = (/** @type {string} */ name) => fs.statSync(path.join(ROOT, name)).ctimeMs < builtAt;
    return [...INSTALLED, "scripts/synth/bundle.js", ...files].every(isOlder) ? { file, code, modules } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Bundles modules of packages, and keeps the bundle if all of it is in this repository's node_modules. A package that is
 * a link to a folder of sources is bundled in each run.
 * @param {string} entry
 * @param {readonly string[]} modules
 * @returns {Promise<Packages>}
 */
async function newPackages(entry, modules) {
  const builtAt = Date.now();
  const { code, files } = await bundlePackages(modules, path.dirname(entry));
  const file = fileOf(entry);
  if (entry.startsWith(ROOT + path.sep) && files.every((name) => name.startsWith("node_modules/")))
    try {
      const partial = `${file}.${randomUUID()}`;
      fs.mkdirSync(KEPT, { recursive: true });
      fs.writeFileSync(partial, `//${JSON.stringify({ modules, files, builtAt })}\n${code}`);
      fs.renameSync(partial, file);
    } catch {
      // The folder cannot be written. The next run bundles the packages again.
    }
  return { file, code, modules };
}

module.exports = { keptPackages, newPackages };
