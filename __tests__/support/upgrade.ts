import { readdirSync, readFileSync } from "node:fs";
import { readStack } from "../../cli/handover/stack";
import type { Json } from "../../cli/handover/terraform-json/configuration";
import { type Files, portableJson } from "../../cli/handover/terraform-json/portable-json";
import type { Configuration } from "../../cli/offline-provider";
import { synthesizeApp } from "./examples";
import type { Changes, RunningState, RunningSystem } from "./transition";

const RELEASE = "__tests__/fixtures/0.1.0";

/** The default app and the examples that version 0.1.0 has. */
export const RELEASED_APPS: readonly string[] = readdirSync(RELEASE).map((file) => file.replace(/[.]json$/, ""));

/** The stacks of an app by name. */
export type Stacks = Readonly<Record<string, Configuration>>;

/** Returns the JSON that version 0.1.0 (commit 0536bb7) synthesized for an app. */
export function releasedStacks(app: string): Stacks {
  return JSON.parse(readFileSync(`${RELEASE}/${app}.json`, "utf8"));
}

/** Returns the JSON of an app today. */
export const currentStacks = (app: string): Stacks => synthesizeApp(app === "ecs" ? "main.ts" : `examples/${app}.ts`);

/** Deploys stacks in one account, each with its own state. Returns the states by the names of the stacks. */
export async function deploy(system: RunningSystem, stacks: Stacks): Promise<Readonly<Record<string, RunningState>>> {
  const states: Record<string, RunningState> = {};
  for (const [name, configuration] of Object.entries(stacks)) {
    const state = system.state();
    await state.apply(configuration);
    states[name] = state;
  }
  return states;
}

/**
 * Applies another version of a stack. Expects that one apply is enough, that the next plan is empty, that AWS rejects
 * nothing, that nothing is missing in between, and that nothing is deleted before its users are updated.
 */
export async function upgrade(state: RunningState | undefined, next: Configuration | undefined): Promise<Changes> {
  if (!state || !next) throw new Error("One of the two versions does not have this stack.");
  const changes = await state.apply(next);
  expect(changes).toMatchObject({ missing: [], lost: [], rejected: [] });
  return changes;
}

/** Returns the files of the folder or the module that the hand-over of a stack contains, for its JSON of any version. */
export function handedOver(name: string, configuration: Configuration, { module = false } = {}): Files {
  return portableJson(readStack(configuration as Json, { name, module }).portable);
}

/** Returns changes as the table of docs/upgrading.md has them: `update aws_lb`. */
export function byType({ created, updated, replaced, deleted }: Changes): string[] {
  const actions = { create: created, update: updated, replace: replaced, delete: deleted };
  return unique(
    Object.entries(actions).flatMap(([action, addresses]) =>
      addresses.map((address) => `${action} ${address.split(".")[0]}`),
    ),
  );
}

/** Returns the rows of the table in docs/upgrading.md that has the changes of the upgrade. */
export function documentedChanges(): string[] {
  const page = readFileSync("docs/upgrading.md", "utf8");
  const [, table = ""] = /^<!-- changes: 0\.1\.0 -->$([\s\S]*?)^<!-- end of changes -->$/m.exec(page) ?? [];
  const rows = [...table.matchAll(/^\| (update|create|delete|replace) \| (.*?) \|/gm)];
  return unique(
    rows.flatMap(([, action, types = ""]) => [...types.matchAll(/`(\w+)`/g)].map(([, type]) => `${action} ${type}`)),
  );
}

export const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
