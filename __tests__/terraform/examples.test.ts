import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../src/handover/configuration";
import { handoverFolder } from "../../src/handover/folder";
import { writeFolder } from "../../src/handover/write-folder";
import { type Configuration, type PlanJson, typesInFolder } from "../../tools/offline-provider";
import { EXAMPLE_FIXTURES, EXAMPLES, exampleValues, synthesizeApp } from "../support/examples";
import { removeFolders, temporaryFolder } from "../support/handover";
import { describeTerraform } from "../support/terraform";

/** What a plan would do, and nothing of how it was written down. */
const changes = ({ resource_changes, output_changes, variables, checks }: PlanJson) => ({
  ...{ resource_changes, output_changes, variables, checks },
});

/** The stacks of one app that differ in values alone have one hand-over, and one is tested for all of them. */
const shapeOf = ({ resource, data }: Configuration): string =>
  JSON.stringify([resource, data], (_, value) => (typeof value === "string" && !value.includes("${") ? "" : value));

describeTerraform("every example", (lab) => {
  const written = temporaryFolder();
  afterAll(removeFolders);

  /** A stack's folder, among all those that are looked at by `terraform fmt` in the end. */
  async function handedOver(configuration: Configuration, name: string, hcl: boolean): Promise<string> {
    const folder = join(written, hcl ? "hcl" : "json", name);
    writeFolder(folder, await handoverFolder(configuration as Json, { name, hcl }));
    return folder;
  }

  it.each(["main", ...EXAMPLES.map((name) => `examples/${name}`)])(
    "%s.ts is planned, and handed over as HCL plans the same and passes its own test",
    async (file) => {
      const stacks = synthesizeApp(`${file}.ts`);
      const tested = new Set<string>();
      for (const [name, configuration] of Object.entries(stacks)) {
        const given = { fixtures: EXAMPLE_FIXTURES, variables: exampleValues(configuration) };
        const stack = await lab.terraform({ configuration, ...given });
        const folder = await handedOver(configuration, name, true);
        const types = typesInFolder(folder);
        const copy = await lab.terraform({ folder, types, ...given });
        const fresh = await lab.terraform({ folder, types });
        const isNew = !tested.has(shapeOf(configuration));
        tested.add(shapeOf(configuration));
        // At the same time: this is the longest of the suites.
        const [expected, actual, result] = await Promise.all([
          stack.planJson(),
          copy.planJson(),
          isNew ? fresh.test() : undefined,
        ]);
        expect(expected.resource_changes?.length).toBeGreaterThan(0);
        expect(changes(actual)).toEqual(changes(expected));
        if (!result) continue;
        expect([name, result.stderr, result.status]).toEqual([name, "", 0]);
        expect(result.stdout).toMatch(/Success! [1-9]\d* passed, 0 failed/);
      }
    },
  );

  it.each(["main", "examples/microservices"])("%s.ts does so as Terraform JSON too", async (file) => {
    const stacks = synthesizeApp(`${file}.ts`);
    const [[name, configuration]] = Object.entries(stacks) as [[string, Configuration]];
    const variables = exampleValues(configuration);
    const folder = await handedOver(configuration, name, false);
    const types = typesInFolder(folder);
    const stack = await lab.terraform({ configuration, variables });
    const copy = await lab.terraform({ folder, types, variables });
    const fresh = await lab.terraform({ folder, types });
    const [expected, actual, tested] = await Promise.all([stack.planJson(), copy.planJson(), fresh.test()]);
    expect(expected.resource_changes?.length).toBeGreaterThan(20);
    expect(changes(actual)).toEqual(changes(expected));
    expect(tested.stderr + tested.stdout).toContain("Success! 7 passed, 0 failed");
    expect(tested.status).toBe(0);
  });

  it("is formatted as terraform fmt leaves it, with the examples of backend and variables", async () => {
    const all = await lab.terraform({ folder: written });
    for (const stack of ["hcl/ecs", "hcl/microservices", "json/ecs", "json/microservices"]) {
      const example = (name: string) => readFileSync(join(all.folder, stack, `${name}.example`), "utf8");
      writeFileSync(join(all.folder, stack, "example.tf"), example("backend.tf"));
      writeFileSync(join(all.folder, stack, "example.tfvars"), example("terraform.tfvars"));
    }
    expect(await all.run(["fmt", "-check", "-recursive", "-diff"])).toMatchObject({ status: 0, stdout: "" });
  });
});
