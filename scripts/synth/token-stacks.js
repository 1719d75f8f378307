const { spawnSync } = require("node:child_process");

/** Stands where a token's stack would be told. */
const NOT_RECORDED = "(not recorded)";
const RECORD = "ECS_SYNTH_TOKEN_STACKS";

/**
 * cdktf takes a stack of each token that it makes, of every frame there is, in case it has to tell where the token came
 * from. That is the costliest part of a large synth, so here such a stack is not taken, until an error asks for one.
 */
function skipTokenStacks() {
  if (process.env[RECORD] !== undefined) return;
  const capture = Error.captureStackTrace;
  Error.captureStackTrace = (object, below) => {
    // cdktf alone asks for every frame there is: https://github.com/hashicorp/terraform-cdk/blob/main/packages/cdktf/lib/tokens/private/stack-trace.ts
    const isToken = Error.stackTraceLimit === Number.MAX_SAFE_INTEGER && !(object instanceof Error);
    if (!isToken) capture(object, below ?? Error.captureStackTrace);
    else Object.assign(object, { stack: `\n${NOT_RECORDED}` });
  };
}

/**
 * The error of the same run once more, with the stacks of tokens, where its text asks for one; else the text itself.
 * @param {string} message the error's own, which mostly knows already: its text may have maps made that take their time
 * @param {() => string} text
 */
function withTokenStacks(message, text) {
  const own = message.includes(NOT_RECORDED) ? undefined : text();
  if (own !== undefined && !own.includes(NOT_RECORDED)) return own;
  const { stderr, status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: { ...process.env, [RECORD]: "all" },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  return status === 1 && stderr ? stderr.trimEnd() : (own ?? text());
}

module.exports = { skipTokenStacks, withTokenStacks };
