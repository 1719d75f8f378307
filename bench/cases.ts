import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keptBundle } from "../scripts/synth/packages";
import type { Case } from "./measure";

const ROOT = join(__dirname, "..");
const APP = "scripts/synth/app.js";
/** An app, and a file that it imports, which each run of its case edits. Git ignores the folder. */
const EDITED = { app: "cdktf.out/bench-edited.ts", import: "cdktf.out/bench-capacity.ts" };

/** The case that the times of the others are compared with. */
export const REFERENCE = "node -e 'require(\"cdktf\")'";

let edits = 0;
function edit(): void {
  edits += 1;
  writeFileSync(join(ROOT, EDITED.import), `export const targetCapacity = ${1 + (edits % 99)};\n`);
  writeFileSync(
    join(ROOT, EDITED.app),
    `import { App } from "cdktf";
import { EcsClusterStack } from "../src";
import { targetCapacity } from "./bench-capacity";
const app = new App();
new EcsClusterStack(app, "ecs", { targetCapacity });
app.synth();
`,
  );
}

/** Removes the bundle of packages that the first run after `npm ci` writes. */
const removeKept = () => rmSync(keptBundle(join(ROOT, "main.ts")), { force: true });

/** Commands that synthesize the default app in different ways, and apps with many services. */
export const CASES: readonly Case[] = [
  { name: "Node without a script", args: ["-e", "0"] },
  { name: REFERENCE, args: ["-e", 'require("cdktf")'] },
  { name: "app command, sources unchanged", args: [APP, "main.ts"] },
  { name: "app command, after an edit", args: [APP, EDITED.app], before: edit },
  { name: "app command, first run after npm ci", args: [APP, "main.ts"], before: removeKept },
  { name: "npm run synth, with the check of types", file: "npm", args: ["run", "synth"], rounds: 5 },
  { name: "tsx", args: ["--import", "tsx", "main.ts"], rounds: 5 },
  { name: "100 services", args: [APP, "bench/services.ts"], env: { SERVICES: "100" }, rounds: 5 },
  { name: "1,000 services", args: [APP, "bench/services.ts"], env: { SERVICES: "1000" }, rounds: 5 },
];

/** The maximum ratio of the times of two cases. */
export interface Limit {
  readonly name: string;
  readonly reference: string;
  readonly most: number;
}

export const LIMITS: readonly Limit[] = [
  { name: "app command, sources unchanged", reference: REFERENCE, most: 2 },
  { name: "app command, after an edit", reference: REFERENCE, most: 2 },
  // With quadratic growth, the ratio would be 100.
  { name: "1,000 services", reference: "100 services", most: 10 },
];
