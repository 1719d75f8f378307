import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "./measure";

/** How many services the growth is measured with. */
export const SERVICES = [1, 10, 100, 1000] as const;

/** What the ratios are against. */
export const REFERENCE = "node -e 'require(\"cdktf\")'";

const APP = "scripts/synth/app.js";

/**
 * The ways to get from the default app's TypeScript to its JSON, and what bounds them.
 *
 * @param folder a temporary folder of the benchmark's own, in which packages are found as in the project
 */
export function ways(folder: string): Case[] {
  const env = { CDKTF_OUTDIR: join(folder, "out"), CHECKPOINT_DISABLE: "1" };
  const edited = join(folder, "edited.ts");
  const source = join(__dirname, "../src");
  let edits = 0;
  const edit = (): void => {
    edits += 1;
    const app = `const app = new App();\nnew EcsClusterStack(app, "ecs", { targetCapacity: ${1 + (edits % 99)} });\napp.synth();`;
    writeFileSync(
      edited,
      `import { App } from "cdktf";\nimport { EcsClusterStack } from ${JSON.stringify(source)};\n${app}`,
    );
  };
  const cache = join(folder, "empty-cache");
  const tsNode = ["node_modules/ts-node/dist/bin.js"];
  const typescript = { TS_NODE_COMPILER: "typescript-6", TS_NODE_PROJECT: "bench/template/tsconfig.json" };
  return [
    { name: "Node alone", args: ["-e", "0"], env },
    { name: REFERENCE, args: ["-e", 'require("cdktf")'], env },
    { name: "app command, sources unchanged", args: [APP, "main.ts"], env },
    { name: "app command, after an edit", args: [APP, edited], env, before: edit },
    {
      name: "app command, first run after npm ci",
      args: [APP, "main.ts"],
      env: { ...env, ECS_SYNTH_CACHE: cache },
      before: () => rmSync(cache, { recursive: true, force: true }),
    },
    { name: "npm run synth", file: "npm", args: ["run", "synth"], env },
    { name: "compiled by tsc beforehand", args: ["-e", COMPILED], env },
    { name: "tsx", args: ["--import", "tsx", "main.ts"], env, rounds: 7 },
    {
      name: "ts-node without type check",
      args: [...tsNode, "--transpile-only", "main.ts"],
      env: { ...env, ...typescript },
      rounds: 5,
    },
    {
      name: "CDKTF's template: ts-node, the provider's barrel",
      args: [...tsNode, "bench/template/main.ts"],
      env: { ...env, ...typescript },
      rounds: 3,
    },
  ];
}

/** The project's own tests. Without Terraform they fail here: they would skip what takes most of their time. */
export function tests(): Case[] {
  const env = { CI: "true", CHECKPOINT_DISABLE: "1", BENCH_RUNS: "yes" };
  return ["npm test", "npm run test:unit"].map((name) => {
    const [file, ...args] = name.split(" ");
    return { name, file, args, env, rounds: 3 };
  });
}

const COMPILED = `const { App } = require("cdktf");
const { EcsClusterStack } = require("./dist");
const app = new App();
new EcsClusterStack(app, "ecs");
app.synth();`;

/** An app of many services, without a route on one cluster, or with one each on as many clusters as that takes. */
export function growing(folder: string, services: number, routed: boolean): Case {
  const env = { CDKTF_OUTDIR: join(folder, "grown"), SERVICES: String(services), ROUTES: routed ? "all" : "none" };
  const name = `${services} ${services === 1 ? "service" : "services"}${routed ? " with routes" : ""}`;
  return { name, args: [APP, "bench/apps/services.ts"], env, rounds: services >= 1000 ? 5 : undefined };
}
