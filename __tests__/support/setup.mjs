import "./packages.js";
import { register as registerRequire } from "tsx/cjs/api";
import { register as registerModules } from "tsx/esm/api";
import tokenStacks from "../../scripts/synth/token-stacks.js";

// Test files are imported, what they import is required; the packages have been by now.
registerModules();
registerRequire();
// A stack of each token, with its sources' positions, would take a third of all the time.
tokenStacks.skipTokenStacks();
