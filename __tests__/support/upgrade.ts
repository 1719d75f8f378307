import { readFileSync } from "node:fs";
import { readStack } from "../../cli/handover/stack";
import type { Json } from "../../cli/handover/terraform-json/configuration";
import { type Files, portableJson } from "../../cli/handover/terraform-json/portable-json";
import {
  type Configuration,
  type OfflineSession,
  type PlanJson,
  Terraform,
  type TerraformResult,
  typesIn,
} from "../../cli/offline-provider";
import { EXAMPLE_FIXTURES, EXAMPLES, exampleValues, synthesizeApp } from "./examples";
import type { LabOptions, TerraformLab } from "./terraform";

/** The default app and the examples, each with a file in `__tests__/fixtures/0.1.0`. */
export const RELEASED_APPS: readonly string[] = ["ecs", ...EXAMPLES];

/** The stacks of an app by name. */
export type Stacks = Readonly<Record<string, Configuration>>;

/** A change in a plan. `actions` is for example `update`, or `delete+create` for a replacement. */
export interface PlannedChange {
  readonly actions: string;
  readonly type: string;
  readonly address: string;
}

/** Returns the JSON that version 0.1.0 (commit 0536bb7) synthesized for an app. */
export function releasedStacks(app: string): Stacks {
  return JSON.parse(readFileSync(`__tests__/fixtures/0.1.0/${app}.json`, "utf8"));
}

/** Returns the JSON of an app today. */
export const currentStacks = (app: string): Stacks => synthesizeApp(app === "ecs" ? "main.ts" : `examples/${app}.ts`);

/** A stack that version 0.1.0 deployed. */
export interface Deployed {
  readonly terraform: Terraform;
  readonly session: OfflineSession;
}

/** Deploys stacks with the JSON of version 0.1.0 in one account, each with its own state, in the given order. */
export async function deployReleased(
  lab: TerraformLab,
  stacks: Stacks,
  next: Stacks,
  fixtures: LabOptions["fixtures"] = EXAMPLE_FIXTURES,
): Promise<Readonly<Record<string, Deployed>>> {
  const types = typesIn(...Object.values(stacks), ...Object.values(next));
  const { session } = await lab.terraform({ types, fixtures });
  const deployed: Record<string, Deployed> = {};
  for (const [name, configuration] of Object.entries(stacks)) {
    const variables = exampleValues(configuration);
    const terraform = new Terraform({ env: session.env, within: lab.provider().folder, configuration, variables });
    succeeds(await terraform.apply());
    deployed[name] = { terraform, session };
  }
  return deployed;
}

/**
 * Applies the JSON of today to a stack of version 0.1.0. Expects that one apply is enough, that AWS rejects nothing, that
 * nothing is deleted before its users are updated, and that the next plan is empty. Returns the planned changes.
 */
export async function upgrade({ terraform, session }: Deployed, next: Configuration): Promise<PlannedChange[]> {
  terraform.configure(next);
  terraform.setVariables(exampleValues(next));
  const { length } = (await session.account()).history;
  const changes = plannedChanges(await terraform.planJson());
  succeeds(await terraform.applyPlanned());
  const operations = (await session.account()).history.slice(length);
  expect(operations.filter(({ rejected, stillUsedBy }) => rejected ?? stillUsedBy)).toEqual([]);
  const plan = await terraform.plan();
  expect([plan.status, plan.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
  return changes;
}

/** Returns the files of the folder or the module that the hand-over of a stack contains, for its JSON of any version. */
export function handedOver(name: string, configuration: Configuration, { module = false } = {}): Files {
  return portableJson(readStack(configuration as Json, { name, module }).portable);
}

/** Expects that a Terraform command ends without an error or a warning. */
export function succeeds({ status, stderr }: TerraformResult): void {
  expect([status, stderr]).toEqual([0, ""]);
}

function plannedChanges({ resource_changes = [] }: PlanJson): PlannedChange[] {
  return resource_changes
    .map(({ address, type, change }) => ({ actions: change.actions.join("+"), type, address }))
    .filter(({ actions }) => actions !== "no-op" && actions !== "read");
}

/** The table of docs/upgrading.md: what Terraform does with the resources of each type. */
export function documentedChanges(): string[] {
  const page = readFileSync("docs/upgrading.md", "utf8");
  const [, table = ""] = /^<!-- changes: 0\.1\.0 -->$([\s\S]*?)^<!-- end of changes -->$/m.exec(page) ?? [];
  const rows = [...table.matchAll(/^\| (update|create|delete|replace) \| (.*?) \|/gm)];
  return rows.flatMap(([, action = "", types = ""]) =>
    [...types.matchAll(/`(aws_\w+|terraform_data)`/g)].map(([, type]) => `${action} ${type}`),
  );
}

/** Returns a change as the table of docs/upgrading.md has it. */
export const asDocumented = ({ actions, type }: PlannedChange): string =>
  `${actions.includes("+") ? "replace" : actions} ${type}`;
