/** The module of CDKTF that records where a token is created. */
const STACK_TRACE = "cdktf/lib/tokens/private/stack-trace";

/**
 * Formats the stack of a token only when an error shows it, which halves the time of an app with many services.
 * @param {{ captureStackTrace: () => string[] }} stackTrace the exports of STACK_TRACE
 */
function formatTokenStacksLate(stackTrace) {
  stackTrace.captureStackTrace = () => {
    const error = new Error();
    // V8 formats the stack of an error when it is first read.
    return Object.assign([""], {
      join: (/** @type {string} */ by) => error.stack?.split("\n    at ").slice(2).join(by),
    });
  };
}

module.exports = { STACK_TRACE, formatTokenStacksLate };
