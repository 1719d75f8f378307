import "./packages.js";
import stackTrace from "cdktf/lib/tokens/private/stack-trace.js";
import { register as registerRequire } from "tsx/cjs/api";
import { register as registerModules } from "tsx/esm/api";
import { formatTokenStacksLate } from "../../scripts/synth/token-stacks.js";

// Test files are imported, what they import is required; the packages have been by now.
registerModules();
registerRequire();
// The stacks of all tokens, with the positions of the sources, would take a third of the time.
formatTokenStacksLate(stackTrace);
