import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
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
    project.write("empty.ts", 'import { App } from "cdktf";\nnew App().synth();\n');
    project.write("early.ts", "process.exit(0);\n");
  });
  afterAll(() => project.remove());

  it("print what the app wrote, the variables without a default, and the next commands", async () => {
    // Empty is the same as not set.
    const main = await cli([], { CDKTF_OUTDIR: "" });
    expect(main).toEqual({
      status: 0,
      stdout: `Wrote cdktf.out/stacks/small/cdk.tf.json (resource blocks: 0, data sources: 0, variables: 1).
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
    expect(stdout).toContain("Wrote late/stacks/late/cdk.tf.json (");
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

  it("accept import.meta, as the bundle does", async () => {
    project.write("meta.ts", `${APP}app.synth();\nconst url: string = import.meta.url;\nexport { url };\n`);
    expect(await cli(["meta.ts"], { CDKTF_OUTDIR: "meta" })).toMatchObject({ status: 0, stderr: "" });
  });

  it("warn when the types cannot be checked", async () => {
    const other = new SynthProject();
    try {
      rmSync(join(other.folder, "node_modules/typescript"));
      other.write("main.ts", `${APP}app.synth();\n`);
      const warning = "Warning: the JSON is written, but the types of main.ts could not be checked.\n";
      const missing = await other.command("cli.js", [], {});
      expect(missing).toMatchObject({
        status: 0,
        stderr: expect.stringMatching(/^node:internal.*Cannot find module/s),
      });
      expect(missing.stderr.endsWith(warning)).toBe(true);
      other.write("node_modules/typescript/bin/tsc", 'console.log("part"); process.kill(process.pid);');
      expect(await other.command("cli.js", [])).toMatchObject({ status: 0, stderr: `part\n${warning}` });
    } finally {
      other.remove();
    }
  });

  it("print the same for an app that ends with process.exit(0)", async () => {
    project.write(
      "ending.ts",
      `${APP}app.synth();\nconst count: number = "one";\nprocess.exit(0);\nexport { count };\n`,
    );
    const { status, stdout, stderr } = await cli(["ending.ts"], { CDKTF_OUTDIR: "ending" });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Wrote ending/)]);
    expect(stderr).toMatch(/ending\.ts has type errors\.\n$/);
  });

  it("work from another folder", async () => {
    project.write("below/package.json", "{}");
    const run = promisify(execFile)(process.execPath, [join(folder, "scripts/synth/cli.js"), "--example", "late"], {
      cwd: join(folder, "below"),
      env: { ...process.env, CDKTF_OUTDIR: "out" },
    });
    const { stdout } = await run;
    expect(stdout).toContain("Wrote out/stacks/small/cdk.tf.json (");
    expect(stdout).toContain("npm run plan:offline -- --stack small --app examples/late.ts  #");
  });

  it.each<[string, string[], NodeJS.ProcessEnv, string]>([
    [
      "an app without stacks",
      ["empty.ts"],
      { CDKTF_OUTDIR: "empty" },
      "empty.ts has no stacks. Create a TerraformStack in its App.\n",
    ],
    [
      "an app that ends before it writes anything",
      ["early.ts"],
      { CDKTF_OUTDIR: "early" },
      "early.ts wrote nothing to early. Call app.synth() last, and give App no outdir.\n",
    ],
    ["a missing name of an example", ["--example"], {}, "Name an example: late, none.\n"],
    ["an empty name of an example", ["--example", ""], {}, "Name an example: late, none.\n"],
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

  it.each([[["--help"]], [["-h", "a.ts", "b.ts"]]])("print their usage with %j", async (args) => {
    expect(await cli(args)).toMatchObject({
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
