const { inspect } = require("node:util");

/** An error in how a command is called. */
class UsageError extends Error {}

/** Prints an error that nothing catches and exits with 1, as Node does. Errors that say what to change have no stack. */
function printUncaughtErrors() {
  process.on("uncaughtException", (/** @type {any} */ error) => {
    const isPlain =
      error instanceof UsageError ||
      error?.name === "SettingsError" ||
      String(error?.code).startsWith("ERR_PARSE_ARGS") ||
      // esbuild found a problem in the app's sources.
      Array.isArray(error?.warnings);
    process.exitCode = 1;
    process.stderr.write(`${isPlain ? error.message : inspect(error)}\n`, () => process.exit(1));
  });
}

module.exports = { UsageError, printUncaughtErrors };
