const { SourceMap } = require("node:module");
const path = require("node:path");

/**
 * Makes stacks tell the line of the source rather than of the bundle. The maps are read when the first stack is: most
 * runs never do.
 *
 * The stack of a token, which cdktf takes of an object that is no error, holds the app's own frames alone.
 * @param {readonly { readonly script: string, readonly map: () => string }[]} scripts the app's first, and how to read
 * each one's map
 * @param {string} root what the sources in the maps are relative to
 * @returns {(text: string) => string} a text with the sources' positions in it
 */
function mapStacks(scripts, root) {
  const app = scripts[0]?.script;
  /** @type {Map<string, SourceMap>} */
  const read = new Map();
  const positions = new RegExp(`(${scripts.map(({ script }) => literally(script)).join("|")}):(\\d+):(\\d+)`, "g");

  /** @param {string} script */
  const mapOf = (script) => {
    const text = () => scripts.find((one) => one.script === script)?.map() ?? "{}";
    const map = read.get(script) ?? new SourceMap(JSON.parse(text()));
    read.set(script, map);
    return map;
  };
  /** @param {string} text */
  const mapped = (text) =>
    text.replace(positions, (position, script, line, column) => {
      const found = mapOf(script).findEntry(Number(line) - 1, Number(column) - 1);
      if (!("originalSource" in found)) return position;
      const source = path.resolve(root, found.originalSource.replace(/^file:\/\//, ""));
      return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
    });

  Error.prepareStackTrace = (error, sites) => {
    if (error instanceof Error) return mapped([String(error), ...sites.map((site) => `    at ${site}`)].join("\n"));
    const own = sites.filter((site) => site.getFileName() === app);
    return ["", ...own.map((site) => `    at ${site}`)].join("\n");
  };
  return mapped;
}

/** @param {string} text */
const literally = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

module.exports = { mapStacks };
