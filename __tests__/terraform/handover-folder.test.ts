import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { offlineEnv, type PlanJson, typesInFolder } from "../../tools/offline-provider";
import { exampleValues } from "../support/examples";
import { folderOf, removeFolders, stackJson } from "../support/handover";
import { describeTerraform } from "../support/terraform";

const STACKS = ["ecs", "microservices"];
const NOTATIONS = [
  ["Terraform JSON", false],
  ["HCL", true],
] as const;

/** What a plan would do, and nothing of how it was written down. */
const changes = ({ resource_changes, output_changes, variables, checks }: PlanJson) => ({
  resource_changes,
  output_changes,
  variables,
  checks,
});

describeTerraform("a hand-over's folder", (lab) => {
  afterAll(removeFolders);

  const ready = (folder: string, variables: Record<string, unknown> = {}) =>
    lab.terraform({ folder, variables, types: typesInFolder(folder) });

  describe.each(STACKS)("of %s", (name) => {
    const variables = () => exampleValues(stackJson(name));

    describe.each(NOTATIONS)("as %s", (_, hcl) => {
      it("plans what the stack plans, at the same addresses", async () => {
        const stack = await lab.terraform({ configuration: stackJson(name), variables: variables() });
        const folder = await ready(await folderOf(name, { hcl }), variables());
        expect(await folder.validate()).toMatchObject({ status: 0 });
        const [expected, actual] = [await stack.planJson(), await folder.planJson()];
        expect(expected.resource_changes?.length).toBeGreaterThan(20);
        expect(changes(actual)).toEqual(changes(expected));
      });

      it("passes its own terraform test", async () => {
        const folder = await ready(await folderOf(name, { hcl }));
        const { status, stdout, stderr } = await folder.test();
        expect(stderr + stdout).toContain("Success! 7 passed, 0 failed");
        expect(status).toBe(0);
      });

      it("is formatted as terraform fmt leaves it", async () => {
        const folder = await ready(await folderOf(name, { hcl }));
        writeFileSync(
          join(folder.folder, "example.tf"),
          readFileSync(join(folder.folder, "backend.tf.example"), "utf8"),
        );
        writeFileSync(
          join(folder.folder, "example.tfvars"),
          readFileSync(join(folder.folder, "terraform.tfvars.example"), "utf8"),
        );
        expect(await folder.run(["fmt", "-check", "-recursive", "-diff"])).toMatchObject({ status: 0, stdout: "" });
      });
    });

    it("takes the state of the applied stack over without a change", async () => {
      const stack = await lab.terraform({ configuration: stackJson(name), variables: variables() });
      expect(await stack.apply()).toMatchObject({ status: 0 });
      for (const hcl of [false, true]) {
        const folder = await ready(await folderOf(name, { hcl }), variables());
        copyFileSync(join(stack.folder, "terraform.tfstate"), join(folder.folder, "terraform.tfstate"));
        const { status, stdout } = await folder.plan();
        expect(stdout).toContain("No changes.");
        expect(status).toBe(0);
      }
    });
  });

  it("works with nothing of this project but the provider", async () => {
    const written = await folderOf("ecs");
    const { session } = await ready(written);
    // Whatever Terraform would need of this project's files or commands isn't in reach here.
    const env = { ...offlineEnv(session.env), PATH: "/usr/local/bin:/usr/bin:/bin", TF_VAR_ssh_public_key: PUBLIC_KEY };
    for (const command of ["init", "validate", "plan -input=false", "test"]) {
      const { status, stderr } = spawnSync("terraform", command.split(" "), { cwd: written, env, encoding: "utf8" });
      expect([command, status, stderr]).toEqual([command, 0, ""]);
    }
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
