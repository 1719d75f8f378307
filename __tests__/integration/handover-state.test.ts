import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { offlineEnv, terraformBinary, typesInFolder } from "../../cli/offline-provider";
import { exampleValues } from "../support/examples";
import { folderOf, removeFolders, stackJson, temporaryFolder } from "../support/handover";
import { describeTerraform } from "../support/terraform";

/** Returns the commands of the last code block in the section about the state. */
function moveCommands(readme: string): string {
  const [, section = ""] = readme.split("\n## State\n");
  const blocks = [...(section.split("\n## ")[0] as string).matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text);
  return blocks.at(-1) as string;
}

describeTerraform("the state of a hand-over", (lab) => {
  afterAll(removeFolders);

  it("moves into a module with the commands of its README, and no resource changes", async () => {
    const [folder, module] = [temporaryFolder(), await folderOf("ecs", { module: true, hcl: true })];
    const configuration = stackJson("ecs");
    const { session } = await lab.terraform({ types: typesInFolder(module) });
    const env = { ...process.env, ...offlineEnv(session.env) };
    const run = (command: string) => {
      const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", command], {
        ...{ cwd: folder, env, encoding: "utf8" },
      });
      expect([command, status, stderr]).toEqual([command, 0, ""]);
      return stdout;
    };
    const write = (name: string, json: unknown) => writeFileSync(join(folder, name), JSON.stringify(json));
    const values = exampleValues(configuration, {});
    const terraform = terraformBinary();
    write("main.tf.json", {
      ...configuration,
      terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
    });
    write("terraform.tfvars.json", { ...values, ssh_cidrs: ["198.51.100.0/24"] });
    run(`${terraform} init && ${terraform} apply -auto-approve -input=false`);
    const { region, name } = { region: "ap-northeast-2", name: "ecs" };
    cpSync(module, join(folder, "shop"), { recursive: true });
    rmSync(join(folder, "terraform.tfvars.json"));
    write("main.tf.json", {
      terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
      provider: { aws: { region } },
      module: { shop: { source: "./shop", ...values, region, name, ssh_cidrs: ["198.51.100.0/24"] } },
    });
    const commands = moveCommands(readFileSync(join(module, "README.md"), "utf8"));
    const moved = run(
      `${terraform} init\n${commands.replaceAll("MODULE", "shop").replaceAll("terraform ", `${terraform} `)}`,
    );
    expect(moved).toContain('port_rules_ssh[\\"198.51.100.0/24\\"]" to "module.shop.');
    // The outputs of the old root module are gone.
    expect(moved).toContain("without changing any real infrastructure");
    expect(moved).not.toContain("Plan:");
  });
});
