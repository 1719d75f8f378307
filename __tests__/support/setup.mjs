import "./packages.js";
import stackTrace from "cdktf/lib/tokens/private/stack-trace.js";
import { register as registerRequire } from "tsx/cjs/api";
import { register as registerModules } from "tsx/esm/api";
import { formatTokenStacksLate } from "../../scripts/synth/token-stacks.js";

// Test files are loaded with import, and the files that they import with require, so tsx has to handle both.
registerModules();
registerRequire();
// Without this, the stack traces of tokens would take a third of the time.
formatTokenStacksLate(stackTrace);
