import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { synthesizeApp } from "../../support/examples";
import { ROOT, SynthProject } from "../../support/synth-command";

const APP = `import { App, TerraformStack, TerraformVariable } from "cdktf";
const app = new App();
const stack = new TerraformStack(app, app.node.tryGetContext("stack") ?? "small");
new TerraformVariable(stack, "name", {});
`;

describe("npm run synth and npm run example", () => {
  const project = new SynthProject();
  const { folder } = project;
  const cli = (args: readonly string[], env?: NodeJS.ProcessEnv) => project.command("cli.js", args, env);
  beforeAll(() => {
    project.write("main.ts", `${APP}app.synth();\n`);
    project.write("examples/late.ts", `${APP}setTimeout(() => app.synth(), 50);\n`);
    project.write("examples/none.ts", APP);
  });
  afterAll(() => project.remove());

  it("print what the app wrote, the variables without a default, and the next commands", async () => {
    // Empty is the same as not set.
    const main = await cli([], { CDKTF_OUTDIR: "" });
    expect(main).toEqual({
      status: 0,
      stdout: `Wrote cdktf.out/stacks/small/cdk.tf.json: 0 resources, 0 data sources, 1 variables.
  Set TF_VAR_name before you plan.
Next:
  npm run plan:offline -- --stack small  # plan without an AWS account
  npm run plan -- small  # plan in your AWS account
  npm run deploy -- small  # create the resources
`,
      stderr: "",
    });
  });

  it("wait for an app that waits, and pass on the context of the cdktf CLI", async () => {
    const env = { CDKTF_OUTDIR: "late", CDKTF_CONTEXT_JSON: '{"stack":"late"}' };
    const { status, stdout } = await cli(["--example", "late"], env);
    expect(status).toBe(0);
    expect(stdout).toContain("Wrote late/stacks/late/cdk.tf.json: ");
    expect(stdout).toContain("npm run plan:offline -- --stack late --app examples/late.ts  #");
    expect(stdout).toContain('npm run plan -- late --app "node scripts/synth/app.js examples/late.ts"  #');
    expect(readdirSync(join(folder, "late/stacks"))).toEqual(["late"]);
  });

  it("write the JSON and warn of type errors", async () => {
    project.write("typed.ts", `${APP}app.synth();\nconst count: number = "one";\nexport { count };\n`);
    const { status, stdout, stderr } = await cli(["typed.ts"], { CDKTF_OUTDIR: "typed" });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Wrote typed/)]);
    expect(stderr).toMatch(
      /^typed\.ts\(6,7\): error TS2322: .+\nWarning: the JSON is written, but typed\.ts has type errors\.\n$/,
    );
    expect(readdirSync(join(folder, "typed/stacks"))).toEqual(["small"]);
  });

  it.each<[string, string[], NodeJS.ProcessEnv, string]>([
    [
      "an app that writes nothing",
      ["--example", "none"],
      { CDKTF_OUTDIR: "none" },
      "examples/none.ts wrote nothing to none. Call app.synth() last, and give App no outdir.\n",
    ],
    ["an unknown example", ["--example", "nope"], {}, 'There is no example "nope". The examples are late, none.\n'],
    ["a second app", ["a.ts", "b.ts"], {}, 'Unexpected argument "b.ts".\n\nnpm run synth: '],
    ["an unknown option", ["--ouput"], {}, "Unknown option '--ouput'."],
  ])("reject %s", async (_, args, env, message) => {
    const { status, stdout, stderr } = await cli(args, env);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr.slice(0, message.length)).toBe(message);
  });

  it("print their usage with --help", async () => {
    expect(await cli(["--help"])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^npm run synth: .*\nnpm run example -- NAME: /),
      stderr: "",
    });
  });

  it("write the JSON of the default app as other ways to run TypeScript do", async () => {
    const [tests] = Object.values(synthesizeApp("main.ts"));
    const env = { ...process.env, CDKTF_OUTDIR: join(folder, "default") };
    await promisify(execFile)(process.execPath, ["scripts/synth/app.js", "main.ts"], { cwd: ROOT, env });
    const json = JSON.parse(readFileSync(join(folder, "default/stacks/ecs/cdk.tf.json"), "utf8"));
    expect(json).toHaveProperty("resource.aws_ecs_cluster");
    expect(JSON.stringify(json)).toBe(JSON.stringify(tests));
  });
});
