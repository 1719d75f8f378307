const { inspect } = require("node:util");

/** An error in how a command is called. */
class UsageError extends Error {}

/** Prints an error that nothing catches and exits with 1, as Node does. Errors that say what to change have no stack. */
function printUncaughtErrors() {
  process.on("uncaughtException", (/** @type {any} */ error) => {
    const isUsage = error instanceof UsageError || String(error?.code).startsWith("ERR_PARSE_ARGS");
    // esbuild's errors have `warnings`.
    const isPlain = isUsage || error?.name === "SettingsError" || Array.isArray(error?.warnings);
    process.exitCode = 1;
    process.stderr.write(`${isPlain ? error.message : inspect(error)}\n`, () => process.exit(1));
  });
}

module.exports = { UsageError, printUncaughtErrors };
