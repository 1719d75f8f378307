import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "../../cli/handover/terraform-json/portable-json";
import { type Configuration, type Terraform, typesIn } from "../../cli/offline-provider";
import { EXAMPLE_FIXTURES, exampleValues } from "../support/examples";
import { blocks } from "../support/pages";
import { describeTerraform } from "../support/terraform";
import {
  currentStacks,
  type Deployed,
  deployReleased,
  handedOver,
  type PlannedChange,
  releasedStacks,
  type Stacks,
  succeeds,
  upgrade,
} from "../support/upgrade";

/** An account in which lookups find what the stacks create. */
const { existing: _, ...ACCOUNT } = EXAMPLE_FIXTURES;

const replacedTypes = (changes: readonly PlannedChange[]): string[] => [
  ...new Set(changes.filter(({ actions }) => /delete/.test(actions)).map(({ type }) => type)),
];

/** Runs the command of docs/upgrading.md that lists what a saved plan deletes or replaces. */
async function deletions(terraform: Terraform): Promise<string[]> {
  const command = blocks("sh").find(([page, code]) => page === "docs/upgrading.md" && code.includes("grep"))?.[1] ?? "";
  const env = { ...process.env, ...(await terraform.env()) };
  const out = execFileSync("sh", ["-c", `${command.trim()} || true`], { cwd: terraform.folder, env, encoding: "utf8" });
  return out.trim().split("\n").filter(Boolean);
}

/** Follows the steps of docs/upgrading.md for a folder of plain Terraform. Returns what the plan deletes. */
async function upgradeFolder(terraform: Terraform, write: (files: Files) => void, files: Files): Promise<string[]> {
  write(files);
  succeeds(await terraform.init());
  const planned = await terraform.plan("-out=plan.tfplan");
  expect([planned.status, planned.stderr]).toEqual([2, ""]);
  const deleted = await deletions(terraform);
  succeeds(await terraform.run(["apply", "-no-color", "plan.tfplan"]));
  expect((await terraform.plan()).stdout).toContain("No changes");
  return deleted;
}

const stackOf = (stacks: Stacks, name: string): Configuration => stacks[name] as Configuration;

describeTerraform("the upgrade from version 0.1.0 (docs/upgrading.md)", (lab) => {
  it.each([
    ["ecs", []],
    ["microservices", ["aws_ecs_task_definition"]],
  ])("converges in one apply, and so does the way back: %s", async (app, replaced) => {
    const [before, after] = [releasedStacks(app), currentStacks(app)];
    const { [app]: deployed } = await deployReleased(lab, before, after);
    expect(replacedTypes(await upgrade(deployed as Deployed, stackOf(after, app)))).toEqual(replaced);
    expect(replacedTypes(await upgrade(deployed as Deployed, stackOf(before, app)))).toEqual(replaced);
  });

  const stacksOf = (of: (app: string) => Stacks): Stacks => ({ ...of("ecs"), ...of("service-stack") });

  it.each([
    ["the cluster first", ["ecs", "service-stack"]],
    ["the services first", ["service-stack", "ecs"]],
  ])("converges in one apply each, when services have a state of their own: %s", async (_order, order) => {
    const next = stacksOf(currentStacks);
    const deployed = await deployReleased(lab, stacksOf(releasedStacks), next, ACCOUNT);
    for (const name of order) await upgrade(deployed[name] as Deployed, stackOf(next, name));
    // The upgrade of one stack changes nothing in the other one.
    for (const { terraform } of Object.values(deployed)) succeeds(await terraform.plan());
  });

  it("converges in the folder of a hand-over, and its command lists what the plan replaces", async () => {
    const before = stackOf(releasedStacks("microservices"), "microservices");
    const after = stackOf(currentStacks("microservices"), "microservices");
    const terraform = await lab.terraform({ types: typesIn(before, after), variables: exampleValues(after) });
    const write = (files: Files) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(terraform.folder, name), text);
    };
    write(handedOver("microservices", before));
    succeeds(await terraform.apply());
    const deleted = await upgradeFolder(terraform, write, handedOver("microservices", after));
    expect(deleted).not.toEqual([]);
    for (const line of deleted) expect(line).toMatch(/^ *# aws_ecs_task_definition\.\w+ must be replaced$/);
  });

  it("converges in a root module that uses the hand-over as a module", async () => {
    const [before, after] = [stackOf(releasedStacks("ecs"), "ecs"), stackOf(currentStacks("ecs"), "ecs")];
    const terraform = await lab.terraform({
      configuration: {
        terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
        provider: { aws: { region: "eu-west-1" } },
        module: { shop: { source: "./shop", ...exampleValues(after), name: "shop", region: "eu-west-1" } },
      },
      types: typesIn(before, after),
    });
    mkdirSync(join(terraform.folder, "shop"));
    const write = (files: Files) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(terraform.folder, "shop", name), text);
    };
    write(handedOver("ecs", before, { module: true }));
    terraform.install(["shop"]);
    succeeds(await terraform.apply());
    expect(await upgradeFolder(terraform, write, handedOver("ecs", after, { module: true }))).toEqual([]);
  });
});
