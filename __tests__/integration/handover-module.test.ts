import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "../../cli/handover/terraform-json/portable-json";
import { type Configuration, typesInFolder } from "../../cli/offline-provider";
import { exampleValues } from "../support/examples";
import { filesOf, folderOf, removeFolders, stackJson } from "../support/handover";
import { describeTerraform } from "../support/terraform";

/** A root module that uses two folders, of the same stack in two languages; the provider is its to configure. */
function root(variables: Record<string, unknown>): Configuration {
  const use = (name: string) => ({ source: `./${name}`, ...variables, name, region: "eu-west-1" });
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
  /** What the stack makes, by address. */
  const addresses = () => {
    const resource = stackJson("ecs").resource as Record<string, object>;
    return Object.entries(resource).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));
  };

  it("is used beside another, with two names, as Terraform JSON and as HCL", async () => {
    const folders = {
      blue: await folderOf("ecs", { module: true }),
      green: await folderOf("ecs", { module: true, hcl: true }),
    };
    const terraform = await lab.terraform({ configuration: root(variables()), types: typesInFolder(folders.blue) });
    for (const [name, folder] of Object.entries(folders))
      cpSync(folder, join(terraform.folder, name), { recursive: true });
    const { resource_changes = [] } = await terraform.planJson();
    const madeIn = (name: string) => {
      const own = resource_changes.filter(({ address }) => address.startsWith(`module.${name}.`));
      const cluster = own.find(({ address }) => address.endsWith(".aws_ecs_cluster.cluster"));
      expect(cluster?.change.after?.name).toBe(name);
      return own.map(({ address }) => address.slice(`module.${name}.`.length));
    };
    const blue = madeIn("blue");
    expect(madeIn("green")).toEqual(blue);
    const made = blue.filter((address) => !address.startsWith("data.")).map((address) => address.replace(/\[.*/, ""));
    // There is no rule for SSH where nobody asks for one.
    const asked = addresses().filter((address) => !address.endsWith(".port_rules_ssh"));
    expect([...new Set(made)].sort()).toEqual(asked.sort());
  });

  it("holds no provider configuration and keeps what it requires", async () => {
    const folder = await folderOf("ecs", { module: true });
    const { files } = require(join(folder, ".handover.json")) as { files: string[] };
    expect(files).not.toContain("backend.tf.example");
    expect(require(join(folder, "main.tf.json"))).not.toHaveProperty("provider");
    expect(require(join(folder, "versions.tf.json"))).toHaveProperty("terraform.required_providers.aws.version");
  });

  it("passes its own terraform test, which is that of a folder with a provider", async () => {
    const testIn = (files: Files) => Object.entries(files).find(([name]) => name.endsWith(".tftest.hcl")) ?? ["", ""];
    const [name, text] = testIn(await filesOf("ecs", { module: true }));
    expect(testIn(await filesOf("ecs"))).toEqual([name, text]);
    const folder = await folderOf("ecs", { module: true });
    // handover-folder.test.ts has all of its runs: here one that plans, and the one that wants a refusal.
    const [mocks, ...runs] = String(text).split(/^(?=run ")/m);
    writeFileSync(join(folder, name), [mocks, runs[0], runs.at(-1)].join(""));
    const terraform = await lab.terraform({ folder, types: typesInFolder(folder) });
    expect((await terraform.test()).stdout).toContain("Success! 2 passed, 0 failed");
  });
});
