import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { offlineEnv, typesInFolder } from "../../tools/offline-provider";
import { folderOf, removeFolders } from "../support/handover";
import { describeTerraform } from "../support/terraform";

/** None of which fits what the test mocks. */
const OTHER_VALUES = `region = "eu-west-1"
name = "shop"
instance_types = ["m7g.large"]
ami_version = "pinned"
ssh_cidrs = ["198.51.100.0/24"]
`;

describeTerraform("a hand-over's folder", (lab) => {
  afterAll(removeFolders);

  const ready = (folder: string) => lab.terraform({ folder, types: typesInFolder(folder) });

  it("works with nothing of this project but the provider", async () => {
    const written = await folderOf("ecs");
    const { session } = await ready(written);
    // Whatever Terraform would need of this project's files or commands isn't in reach here.
    const env = { ...offlineEnv(session.env), PATH: "/usr/local/bin:/usr/bin:/bin", TF_VAR_ssh_public_key: PUBLIC_KEY };
    const run = (command: string) => {
      const { status, stdout, stderr } = spawnSync("terraform", command.split(" "), {
        cwd: written,
        env,
        encoding: "utf8",
      });
      expect([command, status, stderr]).toEqual([command, 0, ""]);
      return stdout;
    };
    for (const command of ["init", "validate", "plan -input=false"]) run(command);
    // Its test passes whatever is in here, and in the environment.
    writeFileSync(join(written, "terraform.tfvars"), OTHER_VALUES);
    expect(run("test")).toContain(" 7 passed, 0 failed");
  });

  it("accepts its tfvars example once what is required is filled in", async () => {
    const folder = await ready(await folderOf("ecs"));
    const example = readFileSync(join(folder.folder, "terraform.tfvars.example"), "utf8");
    writeFileSync(join(folder.folder, "terraform.tfvars"), example);
    writeFileSync(join(folder.folder, "offline.auto.tfvars.json"), "{}");
    const empty = await folder.plan();
    expect(empty.stderr).toContain("ssh_public_key must be one line of OpenSSH text");
    writeFileSync(join(folder.folder, "terraform.tfvars"), example.replace('"" # fill in', `"${PUBLIC_KEY}"`));
    expect(await folder.plan()).toMatchObject({ status: 2, stderr: "" });
  });
});

const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GJKl me@example.com";
