import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "../../cli/handover/terraform-json/portable-json";
import { type Configuration, type Terraform, typesIn } from "../../cli/offline-provider";
import { EXAMPLE_FIXTURES, exampleValues } from "../support/examples";
import { blocks } from "../support/pages";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";
import { byType, currentStacks, deploy, handedOver, releasedStacks, type Stacks, upgrade } from "../support/upgrade";

/** An account in which lookups find what the stacks create. */
const { existing: _, ...ACCOUNT } = EXAMPLE_FIXTURES;

const stackOf = (stacks: Stacks, name: string): Configuration => stacks[name] as Configuration;

/** Runs the command of docs/upgrading.md that lists what a saved plan deletes or replaces. */
async function deletions(terraform: Terraform): Promise<string[]> {
  const command = blocks("sh").find(([page, code]) => page === "docs/upgrading.md" && code.includes("grep"))?.[1] ?? "";
  const env = { ...process.env, ...(await terraform.env()) };
  const out = execFileSync("sh", ["-c", `${command.trim()} || true`], { cwd: terraform.folder, env, encoding: "utf8" });
  return out.trim().split("\n").filter(Boolean);
}

/** Follows the steps of docs/upgrading.md for a folder of plain Terraform. Returns what the plan deletes or replaces. */
async function upgradeFolder(terraform: Terraform, write: (files: Files) => void, files: Files): Promise<string[]> {
  write(files);
  expect(await terraform.init()).toMatchObject({ status: 0 });
  expect(await terraform.plan("-out=plan.tfplan")).toMatchObject({ status: 2, stderr: "" });
  const deleted = await deletions(terraform);
  expect(await terraform.run(["apply", "-no-color", "plan.tfplan"])).toMatchObject({ status: 0, stderr: "" });
  expect((await terraform.plan()).stdout).toContain("No changes");
  return deleted;
}

const write = (terraform: Terraform, folder: string) => (files: Files) => {
  mkdirSync(join(terraform.folder, folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(terraform.folder, folder, name), text);
};

describeTerraform("the upgrade from version 0.1.0 (docs/upgrading.md)", (lab) => {
  it.each(["ecs", "microservices"])("converges in one apply, and so does the way back: %s", async (app) => {
    const [before, after] = [releasedStacks(app), currentStacks(app)];
    const { [app]: state } = await deploy(await RunningSystem.start(lab, ACCOUNT), before);
    for (const version of [after, before]) {
      const changes = byType(await upgrade(state, version[app]));
      expect(changes.filter((change) => /replace|delete/.test(change))).toEqual([]);
    }
  });

  it("comes before other changes, such as another name of the cluster", async () => {
    const app = "microservices";
    const [released, current] = [releasedStacks(app), stackOf(currentStacks(app), app)];
    const variables = { name: "shop" };
    const { [app]: together } = await deploy(await RunningSystem.start(lab, ACCOUNT), released);
    await together?.expectFailure(current, "TargetGroupAssociationLimit", { variables });
    const { [app]: first } = await deploy(await RunningSystem.start(lab, ACCOUNT), released);
    await upgrade(first, current);
    expect((await first?.apply(current, { variables }))?.replaced).toContain("aws_ecs_cluster.cluster");
  });

  it("converges in a second apply when the new priority of a rule is the old one of another rule", async () => {
    type Rules = { readonly resource: { readonly aws_lb_listener_rule: Record<string, { priority: number }> } };
    const current = stackOf(currentStacks("service-stack"), "service-stack");
    const released = releasedStacks("service-stack");
    const { orders_rule } = (current as Rules).resource.aws_lb_listener_rule;
    const before = (stackOf(released, "service-stack") as Rules).resource.aws_lb_listener_rule;
    before.orders_rule_admin = { ...before.orders_rule_admin, priority: orders_rule?.priority ?? 0 };
    const { "service-stack": state } = await deploy(await RunningSystem.start(lab, EXAMPLE_FIXTURES), released);
    await state?.configure(current);
    // Terraform changes both rules at the same time, so the first apply can also succeed.
    const first = await state?.terraform.apply();
    if (first?.status !== 0) expect(first?.stderr).toContain("PriorityInUse");
    const second = await state?.apply(current);
    expect(second).toMatchObject({ missing: [], replaced: [], deleted: [] });
  });

  const stacksOf = (of: (app: string) => Stacks): Stacks => ({ ...of("ecs"), ...of("service-stack") });

  it.each([
    ["the cluster first", ["ecs", "service-stack"]],
    ["the services first", ["service-stack", "ecs"]],
  ])("converges in one apply each, when services have a state of their own: %s", async (_order, order) => {
    const next = stacksOf(currentStacks);
    const states = await deploy(await RunningSystem.start(lab, ACCOUNT), stacksOf(releasedStacks));
    for (const name of order) await upgrade(states[name], next[name]);
    // The upgrade of one stack changes nothing in the other one.
    for (const state of Object.values(states)) await state.expectNoChanges();
  });

  it("converges in the folder of a hand-over, and its command lists what the plan replaces", async () => {
    const before = stackOf(releasedStacks("microservices"), "microservices");
    const after = stackOf(currentStacks("microservices"), "microservices");
    const terraform = await lab.terraform({ types: typesIn(before, after), variables: exampleValues(after) });
    write(terraform, ".")(handedOver("microservices", before));
    expect(await terraform.apply()).toMatchObject({ status: 0, stderr: "" });
    const deleted = await upgradeFolder(terraform, write(terraform, "."), handedOver("microservices", after));
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
    write(terraform, "shop")(handedOver("ecs", before, { module: true }));
    terraform.install(["shop"]);
    expect(await terraform.apply()).toMatchObject({ status: 0, stderr: "" });
    const files = handedOver("ecs", after, { module: true });
    expect(await upgradeFolder(terraform, write(terraform, "shop"), files)).toEqual([]);
  });
});
