import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, type Run, SynthProject } from "../support/synth-command";

describe("the command that synthesizes", () => {
  const project = new SynthProject();
  const { folder } = project;
  const write = project.write.bind(project);
  const command = project.command.bind(project);
  const run = project.run.bind(project);
  afterAll(() => project.remove());

  it("runs a package's file that is imported by its path, once however it is imported", async () => {
    const file = JSON.stringify(join(ROOT, "node_modules/cdktf/lib/index.js"));
    write(
      "paths/app.ts",
      `import { App } from ${file};\nimport * as cdktf from "cdktf";\nconsole.log(App === cdktf.App);`,
    );
    for (const _ of [1, 2]) expect(await run("paths/app.ts")).toEqual({ status: 0, stdout: "true\n", stderr: "" });
  });

  it("leaves classes their names, also where two files use the same", async () => {
    write("names/one.ts", "export class Named {}");
    write("names/two.ts", "export class Named {}");
    const list = "[one.Named, two.Named].map(({ name }) => name).join()";
    write("names/app.ts", `import * as one from "./one";\nimport * as two from "./two";\nconsole.log(${list});`);
    expect((await run("names/app.ts")).stdout).toBe("Named,Named\n");
    write(
      "names/app.ts",
      "class Own {\n  static readonly made = new Own();\n}\nconsole.log(Own.made.constructor.name);",
    );
    expect((await run("names/app.ts")).stdout).toBe("Own\n");
  });

  it("tells where in the TypeScript an error is, however it was run", async () => {
    write(
      "errors/thrower.ts",
      "interface Longer {\n  than: string;\n}\n\nexport const fail = (value: Longer): never => {\n  throw new TypeError(value.than);\n};\n",
    );
    write(
      "errors/app.ts",
      'import { fail } from "./thrower";\ntype Nothing = never;\nif (process.env.LATER) setTimeout(() => fail({ than: "later" }));\nelse fail({ than: "sorry" });\n',
    );
    for (const _ of [1, 2]) {
      const { status, stderr } = await run("errors/app.ts");
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^TypeError: sorry\n {4}at fail \(.+errors\/thrower\.ts:6:9\)\n {4}at .+errors\/app\.ts:4:6\n/,
      );
    }
    const later = await run("errors/app.ts", { LATER: "yes" });
    expect(later.status).toBe(1);
    expect(later.stderr).toMatch(/^TypeError: later\n {4}at fail \(.+thrower\.ts:6:9\)\n {4}at .+ \(.+app\.ts:3:/);
  });

  it("ends where an error ends Node, and tells what caused it", async () => {
    write(
      "causes/app.ts",
      'setInterval(() => console.log("on and on"), 10_000);\nconst cause = new Error("inner");\nthrow new Error("outer", { cause });\n',
    );
    const { status, stdout, stderr } = await run("causes/app.ts");
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^Error: outer\n {4}at .+app\.ts:3:7\n[\s\S]+\[cause\]: Error: inner\n +at .+app\.ts:2:15\n/,
    );
  });

  it("waits for an app that waits, and says where one wrote nothing", async () => {
    const stack = 'app.node.setContext("x", 1);\nnew TerraformStack(app, "late");';
    write(
      "late/app.ts",
      `import { App, TerraformStack } from "cdktf";\nconst app = new App();\n${stack}\nsetTimeout(() => app.synth(), 50);`,
    );
    const env = { CDKTF_OUTDIR: "late/out" };
    for (const _ of [1, 2]) {
      const late = await command("tools/synth/cli.js", ["late/app.ts"], env);
      expect(late).toMatchObject({ status: 0, stderr: "" });
      expect(late.stdout).toMatch(/^Wrote late\/out\/stacks\/late\/cdk\.tf\.json: /);
    }
    write("late/none.ts", 'import { App } from "cdktf";\nnew App();\n');
    const none = await command("tools/synth/cli.js", ["late/none.ts"], env);
    expect(none).toEqual({
      status: 1,
      stdout: "",
      stderr: "late/none.ts wrote nothing into late/out. An app's last line is app.synth().\n",
    });
    const two = await command("tools/synth/cli.js", ["late/app.ts", "late/none.ts"], env);
    expect(two).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringMatching(/^Only one app .*late\/none\.ts/),
    });
  });

  it("tells where a value was made that can't be resolved", async () => {
    write(
      "tokens/app.ts",
      `import { App, Lazy, TerraformOutput, TerraformStack } from "cdktf";
type Nothing = never;
const stack = new TerraformStack(new App(), "tokens");
const value = Lazy.stringValue({
  produce: () => {
    throw new Error("no value");
  },
});
new TerraformOutput(stack, "x", { value });
(stack.node.root as App).synth();
`,
    );
    for (const _ of [1, 2]) {
      const { stderr } = await run("tokens/app.ts");
      expect(stderr).toMatch(
        /^Error: Resolution error: no value\.\nObject creation stack:\n {2}at .+app\.ts:4:20\n {4}at /,
      );
      // Packages' own maps are read then too.
      expect(stderr).toMatch(
        /\n {4}at DefaultTokenResolver\.resolveToken \(\S+cdktf\/lib\/tokens\/resolvable\.ts:\d+:/,
      );
    }
  });

  it("tells what it can't read by its place", async () => {
    write("broken/app.ts", "const x: number = ;\n");
    const { status, stderr } = await run("broken/app.ts");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Build failed with 1 error:\n.*broken\/app\.ts:1:18: ERROR: Unexpected ";"\n$/);
  });

  it("gives an app the folder and the context that the cdktf CLI sets", async () => {
    write(
      "cli/app.ts",
      'import { App } from "cdktf";\nconst app = new App();\nconsole.log(app.outdir, app.node.tryGetContext("a"));',
    );
    const env = { CDKTF_OUTDIR: "cli/nested", CDKTF_CONTEXT_JSON: '{"a":"b"}' };
    for (const _ of [1, 2]) expect((await run("cli/app.ts", env)).stdout).toBe("cli/nested b\n");
    expect(readdirSync(join(folder, "cli")).sort()).toEqual(["app.ts", "nested"]);
  });

  it("builds again what was damaged", async () => {
    write("damaged/app.ts", 'import { App } from "cdktf";\nconsole.log(new App().outdir);');
    const cache = join(folder, "cache");
    for (const _ of [1, 2]) {
      expect((await run("damaged/app.ts")).stdout).toBe("out\n");
      for (const file of readdirSync(cache))
        writeFileSync(join(cache, file), readFileSync(join(cache, file)).subarray(0, 999));
    }
    expect((await run("damaged/app.ts")).stdout).toBe("out\n");
  });

  it("writes what other ways to run TypeScript write, and says what it wrote", async () => {
    const outs = ["first", "second", "tsx"].map((name) => join(folder, name));
    const runs: Run[] = [];
    for (const CDKTF_OUTDIR of outs.slice(0, 2)) {
      runs.push(await command("tools/synth/cli.js", ["main.ts"], { CDKTF_OUTDIR }, ROOT));
    }
    await command("node_modules/tsx/dist/cli.mjs", ["main.ts"], { CDKTF_OUTDIR: outs[2] }, ROOT);
    const [first, ...others] = outs.map((out) => readFileSync(join(out, "stacks/ecs/cdk.tf.json"), "utf8"));
    expect(JSON.parse(first as string)).toHaveProperty("resource.aws_ecs_cluster");
    for (const other of others) expect(other).toBe(first);
    for (const { status, stdout } of runs) {
      expect(status).toBe(0);
      expect(stdout).toMatch(
        /^Wrote .+cdk\.tf\.json: \d+ resources, \d+ lookups, \d+ variables\.\n {2}Needs TF_VAR_ssh_public_key\.\nNext:\n/,
      );
    }
  });

  it("tells a wrong setting in its own words, and an unknown example", async () => {
    write(
      "wrong/app.ts",
      `import { App } from "cdktf";\nimport { EcsClusterStack } from ${JSON.stringify(join(ROOT, "src"))};\nnew EcsClusterStack(new App(), "x", { spto: true } as never);`,
    );
    const { status, stderr } = await command("tools/synth/cli.js", ["wrong/app.ts"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^EcsClusterStack "x": 1 setting is wrong\n {2}- spto must be a setting.*Did you mean spot\?\n$/,
    );
    const example = await command("tools/synth/cli.js", ["--example", "nope"], {}, ROOT);
    expect(example).toMatchObject({ status: 1, stdout: "" });
    expect(example.stderr).toMatch(
      /^npm run example -- NAME must name a file in examples\/; received "nope"\. There are .*environments/,
    );
  });
});
