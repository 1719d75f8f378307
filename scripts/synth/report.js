const { inspect } = require("node:util");
const { withTokenStacks } = require("./token-stacks");

/** A mistake in what was given to a command. */
class UsageError extends Error {}

/**
 * Tells an error on the standard error, and ends the process with 1, as Node does, whatever else still waits. A mistake
 * in what was given is told in its own words; anything else is a defect, and its stack and its causes say where.
 * @param {unknown} error
 * @param {(text: string) => string} mapped turns the positions of a bundle into those of the sources
 */
function report(error, mapped) {
  process.exitCode = 1;
  // What esbuild can't read is told with its place.
  const isMistake =
    error instanceof Error &&
    (error instanceof UsageError || error.name === "SettingsError" || ("errors" in error && "warnings" in error));
  const text = () => mapped(isMistake ? error.message : error instanceof Error ? inspect(error) : String(error));
  const told = withTokenStacks(error instanceof Error ? error.message : "", text);
  process.stderr.write(`${told}\n`, () => process.exit(1));
}

/**
 * Runs a command, and reports how it fails: at once, or in what it left running.
 * @param {(started: (mapped: (text: string) => string) => void) => Promise<void>} command
 */
function reporting(command) {
  /** @type {(text: string) => string} */
  let mapped = (text) => text;
  process.on("uncaughtException", (error) => report(error, mapped));
  command((toSources) => {
    mapped = toSources;
  }).catch((error) => report(error, mapped));
}

module.exports = { UsageError, reporting };
