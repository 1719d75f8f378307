import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "../../cli/handover/terraform-json/portable-json";
import { type Configuration, typesInFolder } from "../../cli/offline-provider";
import { exampleValues } from "../support/examples";
import { filesOf, folderOf, removeFolders, stackJson } from "../support/handover";
import { describeTerraform } from "../support/terraform";

/** A root module that uses two folders of one stack, in JSON and in HCL, and configures the provider. */
function root(variables: Record<string, unknown>): Configuration {
  const tags = { Team: "shop" };
  const use = (name: string) => ({ source: `./${name}`, ...variables, name, region: "eu-west-1", tags });
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
    provider: { aws: { region: "eu-west-1" } },
    module: { blue: use("blue"), green: use("green") },
    output: { url: { value: "${module.green.url}" } },
  };
}

describeTerraform("a hand-over as a module", (lab) => {
  afterAll(removeFolders);

  const variables = () => exampleValues(stackJson("ecs"));
  /** The addresses of the stack's resources. */
  const addresses = () => {
    const resource = stackJson("ecs").resource as Record<string, object>;
    return Object.entries(resource).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));
  };

  it("can be used twice with two names, as Terraform JSON and as HCL", async () => {
    const folders = {
      blue: await folderOf("ecs", { module: true }),
      green: await folderOf("ecs", { module: true, hcl: true }),
    };
    const terraform = await lab.terraform({ configuration: root(variables()), types: typesInFolder(folders.blue) });
    for (const [name, folder] of Object.entries(folders))
      cpSync(folder, join(terraform.folder, name), { recursive: true });
    const { resource_changes = [] } = await terraform.planJson();
    const tagsOf = (body: Record<string, unknown>) => [
      ...("tags" in body ? [body.tags] : []),
      ...((body.tag_specifications ?? []) as { tags: unknown }[]).map(({ tags }) => tags),
      ...("tag" in body
        ? [Object.fromEntries((body.tag as { key: string; value: string }[]).map(({ key, value }) => [key, value]))]
        : []),
    ];
    const createdIn = (name: string) => {
      const own = resource_changes.filter(({ address }) => address.startsWith(`module.${name}.`));
      const cluster = own.find(({ address }) => address.endsWith(".aws_ecs_cluster.cluster"));
      expect(cluster?.change.after?.name).toBe(name);
      const tagged = own.flatMap(({ address, change }) =>
        !address.includes(".data.") ? tagsOf(change.after ?? {}).map((tags) => [address, tags]) : [],
      );
      expect(tagged.length).toBeGreaterThan(15);
      for (const [address, tags] of tagged)
        expect([address, tags]).toEqual([address, expect.objectContaining({ Cluster: name, Team: "shop" })]);
      return own.map(({ address }) => address.slice(`module.${name}.`.length));
    };
    const blue = createdIn("blue");
    expect(createdIn("green")).toEqual(blue);
    const made = blue.filter((address) => !address.startsWith("data.")).map((address) => address.replace(/\[.*/, ""));
    // Without SSH networks, the plan has no rule for SSH.
    const expected = addresses().filter((address) => !address.endsWith(".port_rules_ssh"));
    expect([...new Set(made)].sort()).toEqual(expected.sort());
  });

  it("has no provider configuration, and keeps the required provider", async () => {
    const folder = await folderOf("ecs", { module: true });
    const { files } = require(join(folder, ".handover.json")) as { files: string[] };
    expect(files).not.toContain("backend.tf.example");
    expect(require(join(folder, "main.tf.json"))).not.toHaveProperty("provider");
    expect(require(join(folder, "versions.tf.json"))).toHaveProperty("terraform.required_providers.aws.version");
  });

  it("has the same Terraform test as a folder with a provider, and passes it", async () => {
    const testIn = (files: Files) => Object.entries(files).find(([name]) => name.endsWith(".tftest.hcl")) ?? ["", ""];
    const [name, text] = testIn(await filesOf("ecs", { module: true }));
    expect(testIn(await filesOf("ecs"))).toEqual([name, text]);
    const folder = await folderOf("ecs", { module: true });
    // handover-folder.test.ts runs all. This test runs one with assertions, and the one that expects a rejection.
    const [mocks, ...runs] = String(text).split(/^(?=run ")/m);
    writeFileSync(join(folder, name), [mocks, runs[0], runs.at(-1)].join(""));
    const terraform = await lab.terraform({ folder, types: typesInFolder(folder) });
    expect((await terraform.test()).stdout).toContain("Success! 2 passed, 0 failed");
  });
});
