import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../src/handover/configuration";
import { handoverFolder } from "../../src/handover/folder";
import { writeFolder } from "../../src/handover/write-folder";
import { type Configuration, type Terraform, typesInFolder } from "../../tools/offline-provider";
import { EXAMPLE_FIXTURES, exampleValues, synthesizeApp } from "../support/examples";
import { removeFolders, temporaryFolder } from "../support/handover";
import { describeTerraform } from "../support/terraform";

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
}

interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly values: { readonly policy?: string; readonly assume_role_policy?: string };
}

const listed = (value: string | readonly string[] = []): readonly string[] =>
  typeof value === "string" ? [value] : value;
const statementsOf = (policy = "{}"): Statement[] =>
  (JSON.parse(policy) as { Statement?: Statement[] }).Statement ?? [];

describeTerraform("the life of an example:", (lab) => {
  afterAll(removeFolders);

  const [JSON_NOTATION, HCL] = [["Terraform JSON", false] as const, ["HCL", true] as const];
  describe.each([
    ["main", "ecs", [JSON_NOTATION, HCL]],
    ["examples/hardened", "hardened", [HCL]],
    ["examples/microservices", "microservices", [JSON_NOTATION, HCL]],
    ["examples/service-stack", "service-stack", [JSON_NOTATION]],
  ])("%s.ts", (file, name, notations) => {
    let configuration: Configuration;
    let terraform: Terraform;
    let resources: readonly StateResource[];
    beforeAll(async () => {
      const stacks = synthesizeApp(`${file}.ts`);
      expect(Object.keys(stacks)).toEqual([name]);
      configuration = stacks[name] as Configuration;
      const variables = exampleValues(configuration);
      terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
      const { status, stderr } = await terraform.apply();
      expect([status, stderr]).toEqual([0, ""]);
      const state = (await terraform.stateJson()) as { values: { root_module: { resources: StateResource[] } } };
      resources = state.values.root_module.resources;
    });

    it("settles: once applied, it plans no changes", async () => {
      const { status, stdout } = await terraform.plan();
      expect(stdout).toContain("No changes.");
      expect(status).toBe(0);
    });

    it("allows no action at all on everything, and nobody at all to take a role", () => {
      const inline = resources.filter(({ type }) => ["aws_iam_role_policy", "aws_iam_policy"].includes(type));
      for (const { address, values } of inline) {
        for (const { Action, Resource } of statementsOf(values.policy)) {
          const wide = listed(Action).some((action) => action.includes("*")) && listed(Resource).includes("*");
          expect([address, Action, wide]).toEqual([address, Action, false]);
        }
      }
      const roles = resources.filter(({ type }) => type === "aws_iam_role");
      for (const { address, values } of roles) {
        const trusted = JSON.stringify(statementsOf(values.assume_role_policy).map(({ Principal }) => Principal));
        expect([address, trusted.includes('"*"')]).toEqual([address, false]);
      }
      const rights = (part: string) =>
        inline
          .filter(({ address }) => address.includes(part))
          .flatMap(({ values }) => statementsOf(values.policy))
          .flatMap(({ Action, Resource }) =>
            listed(Action).flatMap((action) => listed(Resource).map((on) => `${action} on ${on}`)),
          );
      // What the agent may for a task and what the task itself may are two things.
      const task = new Set(rights("task_role"));
      expect(rights("execution_role").filter((right) => task.has(right))).toEqual([]);
      if (name === "service-stack") expect(inline.length).toBeGreaterThan(1);
    });

    it.each(notations)("leaves its state to its hand-over as %s without a change", async (_, hcl) => {
      const folder = join(temporaryFolder(), name);
      writeFolder(folder, await handoverFolder(configuration as Json, { name, hcl }));
      const given = { variables: exampleValues(configuration), fixtures: EXAMPLE_FIXTURES };
      const copy = await lab.terraform({ folder, types: typesInFolder(folder), ...given });
      copyFileSync(join(terraform.folder, "terraform.tfstate"), join(copy.folder, "terraform.tfstate"));
      const { status, stdout } = await copy.plan();
      expect(stdout).toContain("No changes.");
      expect(status).toBe(0);
    });

    it("is destroyed in one run", async () => {
      expect((await terraform.destroy()).stdout).toContain("Destroy complete!");
    });
  });
});
