const { createHash, randomUUID } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

// node_modules is where tools keep caches that git, npm and editors leave alone.
const FOLDER = process.env.ECS_SYNTH_CACHE ?? path.join(__dirname, "../../node_modules/.cache/ecs-default-vpc");
/** An app has two builds, of some megabytes; those of apps that are gone shouldn't stay for ever. */
const MOST = 24;

/** @param {string | Buffer} content */
const hashOf = (content) => createHash("sha1").update(content).digest("hex");

/**
 * What is kept of a build. All of it is one file, replaced as a whole: V8 would take the bytecode of one build with the
 * text of another, as long as both are equally long.
 * @typedef {{ [section: string]: Buffer }} Sections
 */

/** @param {string} name */
const fileOf = (name) => path.join(FOLDER, `${name}.bin`);

/** Bytecode and builds differ between versions of Node, so each has files of its own. @param {string} text */
const nameFor = (text) => hashOf(JSON.stringify([text, process.version, process.arch, process.platform]));

/**
 * Sections as they were written, or nothing when there are none that can be read.
 * @param {string} name
 * @returns {Sections | undefined}
 */
function read(name) {
  try {
    const file = fs.readFileSync(fileOf(name));
    const end = file.indexOf("\n");
    const lengths = /** @type {[string, number][]} */ (JSON.parse(file.toString("utf8", 0, end)));
    let offset = end + 1;
    /** @type {Sections} */
    const sections = {};
    for (const [section, length] of lengths) {
      sections[section] = file.subarray(offset, offset + length);
      offset += length;
    }
    return offset === file.length ? sections : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps sections; where the folder can't be written, the next run builds again.
 * @param {string} name
 * @param {Sections} sections
 */
function write(name, sections) {
  const lengths = Object.entries(sections).map(([section, content]) => [section, content.length]);
  // Containers that share the folder may share process ids too.
  const partial = `${fileOf(name)}.${randomUUID()}`;
  try {
    fs.mkdirSync(FOLDER, { recursive: true });
    fs.writeFileSync(partial, Buffer.concat([Buffer.from(`${JSON.stringify(lengths)}\n`), ...Object.values(sections)]));
    fs.renameSync(partial, fileOf(name));
    removeOldest();
  } catch {
    try {
      fs.rmSync(partial, { force: true });
    } catch {
      // It never came to be: what should be the folder is none.
    }
  }
}

function removeOldest() {
  // Others may have folders here, which aren't builds.
  const names = fs.readdirSync(FOLDER).filter((name) => name.includes(".bin"));
  const files = names.map((name) => path.join(FOLDER, name));
  if (files.length <= MOST) return;
  const times = new Map(files.map((file) => [file, fs.statSync(file).mtimeMs]));
  files.sort((one, other) => (times.get(other) ?? 0) - (times.get(one) ?? 0));
  for (const file of files.slice(MOST)) fs.rmSync(file, { force: true });
}

module.exports = { FOLDER, hashOf, nameFor, read, write };
