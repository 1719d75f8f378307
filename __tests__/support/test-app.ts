import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type App, Testing } from "cdktf";

/** CDKTF makes the folder of an app whether anything is written or not: all of them have this one, rather than one each in the temporary folder. */
const OUTDIR = join(__dirname, "../../node_modules/.cache/ecs-default-vpc/tests");
mkdirSync(OUTDIR, { recursive: true });

/** An app for stacks that are only asked for their JSON. */
export const testApp = (): App => Testing.app({ outdir: OUTDIR });
