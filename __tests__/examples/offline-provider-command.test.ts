import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";
import { pageApps } from "../support/pages";
import { smallStack } from "../support/small-stack";
import { describeTerraform } from "../support/terraform";

const ROOT = join(__dirname, "../..");
const SCRIPT = join(ROOT, "cli/main.ts");

describeTerraform("the offline provider's command", (lab) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "offline-command-"));
  });

  /** Runs the command in this process with the provider of these tests. Returns what it and Terraform wrote. */
  async function command(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    const written = mkdtempSync(join(tmpdir(), "offline-written-"));
    const file = (name: string) => join(written, name);
    const [stdout, stderr] = [openSync(file("stdout"), "w"), openSync(file("stderr"), "w")];
    const start = async () => ({ ...lab.provider(), folder: written, stop: async () => {} });
    const result = await main(["plan", ...args], ROOT, { stdout, stderr, start });
    for (const descriptor of [stdout, stderr]) closeSync(descriptor);
    const texts = { stdout: readFileSync(file("stdout"), "utf8"), stderr: readFileSync(file("stderr"), "utf8") };
    rmSync(written, { recursive: true });
    return { status: result.status, stdout: texts.stdout + result.stdout, stderr: texts.stderr + result.stderr };
  }

  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  it("plans the default app in its own process, with example values and arguments for Terraform", () => {
    const args = ["--import", "tsx", SCRIPT, "plan", "--", "-detailed-exitcode", "-var", "name=demo"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect(stderr).toMatch(
      new RegExp(
        [
          '^Offline plan of stack "ecs" in ap-northeast-2\\. The AWS account is made up: Terraform uses no network and no credentials\\.',
          "These variables have example values: TF_VAR_ssh_public_key\\.",
          "The stack has \\d+ resource blocks\\. A block with for_each adds one resource for each of its elements, and none without an element\\.",
          "\n$",
        ].join("\n"),
      ),
    );
    expect(stdout).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy\./);
    expect(stdout).toMatch(/cluster_name += "demo"/);
    expect(status).toBe(2);
  });

  it("prints the plan as JSON, and returns the status of the plan", async () => {
    const { status, stdout } = await command("--json", "--", "-detailed-exitcode");
    expect(status).toBe(2);
    const { resource_changes: changes } = JSON.parse(stdout);
    expect(changes.map(({ address }: { address: string }) => address)).toContain("aws_ecs_cluster.cluster");
  });

  it("prints Terraform's error as JSON, and nothing else to standard output", async () => {
    const { status, stdout } = await command("--json", "--", "-var", "max_size=-1");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ version: 1, error: expect.stringMatching(/^Error: .*max_size/s) });
  });

  it("plans a stack that is synthesized, from the output of an app or from the folder of the stack", async () => {
    const output = join(folder, "out");
    mkdirSync(join(output, "stacks/small"), { recursive: true });
    writeFileSync(join(output, "stacks/small/cdk.tf.json"), JSON.stringify(smallStack()));
    for (const from of [output, join(output, "stacks/small")]) {
      const { status, stdout, stderr } = await command("--skip-synth", "--output", from);
      expect(stderr).toMatch(/^Offline plan of stack "small"/);
      expect(stdout).toContain("Plan: 7 to add");
      expect(status).toBe(0);
    }
    expect(await command("--output", output)).toMatchObject({
      status: 2,
      stderr: "--output requires --skip-synth. Without it, the app writes to a temporary folder.\n",
    });
  });

  it("plans an app in an existing VPC without values", async () => {
    const { status, stdout, stderr } = await command("--app", join(ROOT, "examples/existing-vpc.ts"));
    expect(stderr).toMatch(
      /^These variables have example values: TF_VAR_extra_security_group_ids, TF_VAR_private_subnet_ids, TF_VAR_subnet_ids\.$/m,
    );
    expect(stdout).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy\./);
    expect(stdout).toMatch(/vpc_id += "vpc-0123456789abcdef0"/);
    expect(status).toBe(0);
  });

  it("plans the app of the README with a certificate of its region", async () => {
    const [, app = ""] = pageApps().find(([page, code]) => page === "README.md" && code.includes("https: true")) ?? [];
    write("main.ts", app.replace('"ecs-default-vpc"', JSON.stringify(join(ROOT, "src"))));
    const { status, stdout, stderr } = await command("--app", join(folder, "main.ts"));
    expect(stderr).toMatch(/^Offline plan of stack "prod" in eu-west-1\./);
    expect(stdout).toMatch(/certificate_arn += "arn:aws:acm:eu-west-1:000000000000:certificate\//);
    expect(stdout).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy\./);
    expect(status).toBe(0);
  });

  it("plans a stack of another app with the fixtures of a file", async () => {
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
      status: 2,
      stderr: "--stack must be the id of a stack; received nothing. The stacks are one, two.\n",
    });
  });

  it("says that the state of another stack of the app does not exist", async () => {
    write(
      "app.ts",
      `import { App, TerraformOutput } from "cdktf";
       import { EcsClusterStack, EcsServiceStack } from ${JSON.stringify(join(ROOT, "src"))};
       const app = new App();
       const one = new EcsClusterStack(app, "one");
       new TerraformOutput(new EcsServiceStack(app, "two"), "arn", { value: one.cluster.clusterArn });
       app.synth();`,
    );
    expect(await command("--app", join(folder, "app.ts"), "--stack", "two")).toMatchObject({
      status: 2,
      stderr:
        'Stack "two" reads the state of another stack (cross_stack_reference_input_one), which does not exist without an AWS account. Plan the other stack offline, or pass its values to this stack as variables.\n',
    });
  });

  it("runs any Terraform command in a folder, also with HCL", async () => {
    write("main.tf", 'resource "aws_ecs_cluster" "x" {\n  name = "x"\n}\n');
    expect(await command("--dir", folder, "--", "terraform", "init", "-no-color")).toMatchObject({
      status: 0,
      stderr: "",
    });
    const applied = await command("--dir", folder, "--", "terraform", "apply", "-auto-approve", "-no-color");
    expect(applied.stdout).toContain("Apply complete! Resources: 1 added");
    // Terraform destroys the resource of the state, even if no file has it.
    write("main.tf", "locals {}\n");
    const destroyed = await command("--dir", folder, "--", "terraform", "apply", "-auto-approve", "-no-color");
    expect(destroyed.stdout).toContain("Apply complete! Resources: 0 added, 0 changed, 1 destroyed");
  });

  it("does not change a folder and does not use its backend with --copy", async () => {
    const backend = { s3: { bucket: "no-such-bucket", key: "x", region: "ap-northeast-2" } };
    const { terraform, ...rest } = smallStack();
    write("main.tf.json", JSON.stringify({ ...rest, terraform: { ...(terraform as object), backend } }));
    const { status, stdout } = await command("--dir", folder, "--copy", "--", "plan", "-no-color");
    expect(stdout).toContain("Plan: 7 to add");
    expect(status).toBe(0);
    expect(readdirSync(folder)).toEqual(["main.tf.json"]);
  });

  it("returns Terraform's exit code and error", async () => {
    write("main.tf", 'resource "aws_ecs_cluster" "x" {\n  nmae = "x"\n}\n');
    const { status, stderr } = await command("--dir", folder, "--copy", "--", "validate", "-no-color");
    expect(stderr).toContain('An argument named "nmae" is not expected here. Did you mean "name"?');
    expect(status).toBe(1);
  });

  it("reports options that name no folder, app or file", async () => {
    expect((await command("--dir", join(folder, "nope"), "--", "plan")).stderr).toMatch(
      /^--dir must be a folder; received ".*nope"\. Use a folder with Terraform files\.\n$/,
    );
    expect((await command("--app", "nope.ts")).stderr).toBe("--app names the file nope.ts, which does not exist.\n");
    expect((await command("--fixtures", "nope.json")).stderr).toMatch(/^--fixtures must be a JSON file; ENOENT/);
  });

  it("reports the problems of a file of fixtures without a stack trace", async () => {
    write("fixtures.json", '{ "zones": "a", "hasDefaultVPC": false }');
    const file = join(folder, "fixtures.json");
    expect(await command("--fixtures", file)).toEqual({
      status: 2,
      stdout: "",
      stderr: `${file} has 2 problems:
  - zones must be a list; received "a". Write it in brackets: [first, second].
  - Unknown setting "hasDefaultVPC". Did you mean "hasDefaultVpc"?
docs/offline-provider.md describes the fixtures.
`,
    });
  });
});
