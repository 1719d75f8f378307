import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { offlineEnv, terraformBinary, typesInFolder } from "../../cli/offline-provider";
import { folderOf, removeFolders } from "../support/handover";
import { describeTerraform } from "../support/terraform";

/** Values that the mocked data does not match. */
const OTHER_VALUES = `region = "eu-west-1"
name = "shop"
instance_types = ["m7g.large"]
ami_version = "pinned"
ssh_cidrs = ["198.51.100.0/24"]
`;

describeTerraform("the folder of a hand-over", (lab) => {
  afterAll(removeFolders);

  it("plans with terraform.tfvars.example and passes its test without other files of this project", async () => {
    const written = await folderOf("ecs");
    const { session } = await lab.terraform({ types: typesInFolder(written) });
    // Without the commands in node_modules.
    const others = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
    const env = { ...offlineEnv(session.env), PATH: others.join(delimiter) };
    const run = (command: string) =>
      spawnSync(terraformBinary(), command.split(" "), { cwd: written, env, encoding: "utf8" });
    const passed = (command: string) => {
      const { status, stdout, stderr } = run(command);
      expect([command, status, stderr]).toEqual([command, 0, ""]);
      return stdout;
    };
    passed("init");
    const tfvars = (text: string) => writeFileSync(join(written, "terraform.tfvars"), text);
    const example = readFileSync(join(written, "terraform.tfvars.example"), "utf8");
    tfvars(example);
    expect(run("plan -input=false -no-color").stderr).toContain("ssh_public_key must be one line of OpenSSH text");
    tfvars(example.replace('"" # required', `"${PUBLIC_KEY}"`));
    expect(passed("plan -input=false -no-color")).toMatch(/Plan: \d+ to add, 0 to change/);
    // The test overrides these values.
    tfvars(OTHER_VALUES);
    expect(passed("test -no-color")).toContain("Success! 12 passed, 0 failed");
    // The README's file for another version of the provider.
    const [, file = ""] =
      /```hcl\n(# versions_override\.tf\n.*?)```/s.exec(readFileSync(join(written, "README.md"), "utf8")) ?? [];
    writeFileSync(join(written, "versions_override.tf"), file);
    passed("init -upgrade");
    expect(passed("providers")).toContain("[registry.terraform.io/hashicorp/aws] ~> 6.25");
  });
});

const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GJKl me@example.com";
