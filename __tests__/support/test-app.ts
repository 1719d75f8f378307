import { type App, Testing } from "cdktf";

/** An app for stacks that are only asked for their JSON. CDKTF creates the output folder, and nothing is written into it. */
export const testApp = (outdir = "cdktf.out"): App => Testing.app({ outdir });
