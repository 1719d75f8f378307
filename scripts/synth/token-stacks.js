/** The module of CDKTF that records where a token is created. */
const STACK_TRACE = "cdktf/lib/tokens/private/stack-trace";

/**
 * Formats the stack of a token when an error shows it. CDKTF itself formats the stack of each token that it creates,
 * which takes half the time of an app with many services.
 * @param {{ captureStackTrace: () => string[] }} [stackTrace] the exports of STACK_TRACE
 */
function formatTokenStacksLate(stackTrace) {
  if (!stackTrace) return;
  stackTrace.captureStackTrace = () => {
    // V8 formats the stack of an error when it is first read.
    const error = new Error();
    const join = (/** @type {string} */ separator) => String(error.stack).split("\n    at ").slice(2).join(separator);
    return Object.assign([""], { join });
  };
}

module.exports = { STACK_TRACE, formatTokenStacksLate };
