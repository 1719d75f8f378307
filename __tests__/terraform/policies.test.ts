import { rmSync } from "node:fs";
import type { Configuration } from "../../tools/offline-provider";
import { EXAMPLE_FIXTURES, exampleValues, synthesizeApp } from "../support/examples";
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

describeTerraform("the policies, as they are once applied,", (lab) => {
  async function applied(file: string): Promise<StateResource[]> {
    const { outdir, stacks } = synthesizeApp(file);
    rmSync(outdir, { recursive: true, force: true });
    const resources: StateResource[] = [];
    for (const configuration of Object.values(stacks) as Configuration[]) {
      const variables = exampleValues(configuration);
      const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
      const { status, stderr } = await terraform.apply();
      expect([status, stderr.includes("Error")]).toEqual([0, false]);
      const state = (await terraform.stateJson()) as { values: { root_module: { resources: StateResource[] } } };
      resources.push(...state.values.root_module.resources);
    }
    return resources;
  }

  it.each(["main", "examples/hardened", "examples/microservices", "examples/service-stack"])(
    "of %s.ts allow no action at all on everything",
    async (file) => {
      const resources = await applied(`${file}.ts`);
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
    },
  );

  it("are there at all in the examples with services", async () => {
    const resources = await applied("examples/service-stack.ts");
    expect(resources.filter(({ type }) => type === "aws_iam_role_policy").length).toBeGreaterThan(1);
  });
});
