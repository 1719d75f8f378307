import { type App, Testing } from "cdktf";

/** Returns an app for tests that read the JSON of its stacks. CDKTF creates its output folder, which stays empty. */
export const testApp = (outdir = "cdktf.out"): App => Testing.app({ outdir });
