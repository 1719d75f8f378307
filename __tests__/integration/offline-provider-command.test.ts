import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { offlineCommand } from "../../cli/offline-provider/cli";
import { smallStack } from "../support/small-stack";
import { describeTerraform } from "../support/terraform";

const ROOT = join(__dirname, "../..");
const SCRIPT = join(ROOT, "cli/offline-provider/cli.ts");

describeTerraform("the offline provider's command", (lab) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "offline-command-"));
  });

  /** The command in this process, with the provider of all of these tests, and what it and Terraform wrote. */
  async function command(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    const written = mkdtempSync(join(tmpdir(), "offline-written-"));
    const file = (name: string) => join(written, name);
    const [stdout, stderr] = [openSync(file("stdout"), "w"), openSync(file("stderr"), "w")];
    const start = async () => ({ ...lab.provider(), stop: async () => {} });
    const status = await offlineCommand(args, { stdout, stderr, start });
    for (const descriptor of [stdout, stderr]) closeSync(descriptor);
    const texts = { stdout: readFileSync(file("stdout"), "utf8"), stderr: readFileSync(file("stderr"), "utf8") };
    rmSync(written, { recursive: true });
    return { status, ...texts };
  }

  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  it("plans the default app, with example values and arguments passed on, in a process as its users start it", () => {
    const args = ["--import", "tsx", SCRIPT, "--", "-detailed-exitcode", "-var", "name=demo"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy\./);
    expect(stdout).toMatch(/cluster_name += "demo"/);
    expect(status).toBe(2);
  });

  it("plans another app's stack with the fixtures of a file", async () => {
    write(
      "app.ts",
      `import { App, TerraformOutput, TerraformStack } from "cdktf";
       const app = new App();
       for (const id of ["one", "two"]) {
         const stack = new TerraformStack(app, id);
         stack.addOverride("data.aws_availability_zones.all", {});
         new TerraformOutput(stack, "zones", { value: "\${data.aws_availability_zones.all.names}" });
       }
       app.synth();`,
    );
    write("fixtures.json", '{"zones":["x"]}');
    const app = join(folder, "app.ts");
    const { stdout } = await command("--app", app, "--stack", "two", "--fixtures", join(folder, "fixtures.json"));
    expect(stdout).toContain('"ap-northeast-2x"');
    expect(await command("--app", app)).toMatchObject({
      status: 1,
      stderr: `--stack must name a stack of ${app}, which has one, two.\n`,
    });
  });

  it("runs any command in a folder, HCL too", async () => {
    write("main.tf", 'resource "aws_ecs_cluster" "x" {\n  name = "x"\n}\n');
    expect(await command("--dir", folder, "--", "terraform", "init", "-no-color")).toMatchObject({
      status: 0,
      stderr: "",
    });
    const applied = await command("--dir", folder, "--", "terraform", "apply", "-auto-approve", "-no-color");
    expect(applied.stdout).toContain("Apply complete! Resources: 1 added");
    // What the state holds must go, though no file names it any more.
    write("main.tf", "locals {}\n");
    const destroyed = await command("--dir", folder, "--", "terraform", "apply", "-auto-approve", "-no-color");
    expect(destroyed.stdout).toContain("Apply complete! Resources: 0 added, 0 changed, 1 destroyed");
  });

  it("leaves a folder and its backend alone with --copy", async () => {
    const backend = { s3: { bucket: "nobody's", key: "x", region: "ap-northeast-2" } };
    const { terraform, ...rest } = smallStack();
    write("main.tf.json", JSON.stringify({ ...rest, terraform: { ...(terraform as object), backend } }));
    const { status, stdout } = await command("--dir", folder, "--copy", "--", "plan", "-no-color");
    expect(stdout).toContain("Plan: 7 to add");
    expect(status).toBe(0);
    expect(readdirSync(folder)).toEqual(["main.tf.json"]);
  });

  it("gives Terraform's exit code and message for a mistake", async () => {
    write("main.tf", 'resource "aws_ecs_cluster" "x" {\n  nmae = "x"\n}\n');
    const { status, stderr } = await command("--dir", folder, "--copy", "--", "validate", "-no-color");
    expect(stderr).toContain('An argument named "nmae" is not expected here. Did you mean "name"?');
    expect(status).toBe(1);
  });

  it("says what is wrong with what it was given", async () => {
    expect((await command("--dir", join(folder, "nope"), "--", "plan")).stderr).toMatch(
      /--dir must name a folder; ".*nope"/,
    );
    expect((await command("--app", "nope.ts")).stderr).toBe(
      "--app must name a TypeScript file; there is no nope.ts.\n",
    );
    expect((await command("--fixtures", "nope.json")).stderr).toMatch(
      /^--fixtures must name a JSON file of fixtures: /,
    );
  });
});
