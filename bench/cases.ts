import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keptBundle } from "../scripts/synth/packages";
import type { Case } from "./measure";

const ROOT = join(__dirname, "..");
const APP = "scripts/synth/app.js";
/** An app, and a file that it imports, which each run of its case edits. Git ignores the folder. */
const EDITED = { app: "cdktf.out/bench-edited.ts", import: "cdktf.out/bench-capacity.ts" };

/** The folder of the command's bundles, as the package has them. Git ignores it. */
export const BUNDLES = "cdktf.out/bench-command";
const COMMAND = `${BUNDLES}/main.js`;
/** Wrong options, which each command rejects after it has loaded. */
const NO_REGION = ["--cluster", "x", "--region", "nowhere"];
const STARTS: Readonly<Record<string, readonly string[]>> = {
  plan: ["--copy"],
  handover: ["--out", " "],
  doctor: NO_REGION,
  status: NO_REGION,
  run: ["x", ...NO_REGION],
  init: ["--name", "internal-x"],
};

const NODE = "Node without a script";
const HELP = "ecs-default-vpc --help";

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
  { name: NODE, args: ["-e", "0"] },
  { name: REFERENCE, args: ["-e", 'require("cdktf")'] },
  { name: "app command, sources unchanged", args: [APP, "main.ts"] },
  { name: "app command, after an edit", args: [APP, EDITED.app], before: edit },
  { name: "app command, first run after npm ci", args: [APP, "main.ts"], before: removeKept },
  { name: "npm run synth, with the check of types", file: "npm", args: ["run", "synth"], rounds: 5 },
  { name: "tsx", args: ["--import", "tsx", "main.ts"], rounds: 5 },
  { name: "100 services", args: [APP, "bench/services.ts"], env: { SERVICES: "100" }, rounds: 5 },
  { name: "1,000 services", args: [APP, "bench/services.ts"], env: { SERVICES: "1000" }, rounds: 5 },
  { name: HELP, args: [COMMAND, "--help"] },
  ...Object.entries(STARTS).map(([name, args]) => ({
    ...{ name: `start of ecs-default-vpc ${name}`, args: [COMMAND, name, ...args], status: 2, rounds: 5 },
  })),
];

/** How long a case may take in comparison with another one. */
export interface Limit {
  readonly name: string;
  readonly reference: string;
  /** The maximum ratio, or the maximum difference in seconds. */
  readonly most: number;
  readonly unit: "times" | "s more";
}

export const LIMITS: readonly Limit[] = [
  { name: "app command, sources unchanged", reference: REFERENCE, most: 2, unit: "times" },
  { name: "app command, after an edit", reference: REFERENCE, most: 2, unit: "times" },
  // With quadratic growth, the ratio would be 100.
  { name: "1,000 services", reference: "100 services", most: 10, unit: "times" },
  { name: HELP, reference: NODE, most: 0.1, unit: "s more" },
];
