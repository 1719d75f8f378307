import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesizeApp } from "../../support/examples";
import { ROOT, SynthProject } from "../../support/synth-command";

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
    for (const _ of [1, 2]) expect(await project.ask("paths/app.ts")).toEqual({ said: "true" });
  });

  it("tells each file where it is, and which one runs, also in packages", async () => {
    const own = (name: string) =>
      `export const ${name} = [require.main === module, require.resolve("./data.json"), __filename].map((one) => String(one).split(/[\\\\/]/).slice(-2).join("/"));`;
    for (const place of ["places", "places/below"]) write(`${place}/data.json`, "{}");
    write("places/below/lib.ts", own("lib"));
    write(
      "node_modules/placed/index.mjs",
      'import { fileURLToPath } from "node:url"; export const placed = fileURLToPath(import.meta.url).slice(-16);',
    );
    write("node_modules/placed/package.json", '{ "exports": "./index.mjs" }');
    write("node_modules/resolving/index.js", 'exports.resolving = require.resolve("./index.js").slice(-18);');
    write(
      "places/app.ts",
      `import { placed } from "placed";\nimport { resolving } from "resolving";\nimport { lib } from "./below/lib";\n${own("app")}
       console.log([...app, ...lib, placed, resolving].join());`,
    );
    const app = "true,places/data.json,places/app.ts";
    const said = `${app},false,below/data.json,below/lib.ts,placed/index.mjs,resolving/index.js`;
    for (const _ of [1, 2]) expect(await project.ask("places/app.ts")).toEqual({ said });
  });

  it("leaves a package the frames that it asks for", async () => {
    write(
      "node_modules/frames/index.js",
      `const { prepareStackTrace } = Error;
       Error.prepareStackTrace = (_, frames) => frames;
       const object = {};
       Error.captureStackTrace(object);
       exports.frames = typeof object.stack[0].getFileName();
       Error.prepareStackTrace = prepareStackTrace;`,
    );
    write("frames/app.ts", 'import { frames } from "frames"; console.log(frames);');
    expect(await project.ask("frames/app.ts")).toEqual({ said: "string" });
  });

  it("leaves classes their names, also where two files use the same", async () => {
    write("names/one.ts", "export class Named {}");
    write("names/two.ts", "export class Named {}");
    const list = "[one.Named, two.Named].map(({ name }) => name).join()";
    write("names/app.ts", `import * as one from "./one";\nimport * as two from "./two";\nconsole.log(${list});`);
    expect(await project.ask("names/app.ts")).toEqual({ said: "Named,Named" });
    write(
      "names/app.ts",
      "class Own {\n  static readonly made = new Own();\n}\nconsole.log(Own.made.constructor.name);",
    );
    expect(await project.ask("names/app.ts")).toEqual({ said: "Own" });
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
    // What fails later is kept, and so the next run is one of what is kept.
    const later = await run("errors/app.ts", { LATER: "yes" });
    expect(later.status).toBe(1);
    expect(later.stderr).toMatch(/^TypeError: later\n {4}at fail \(.+thrower\.ts:6:9\)\n {4}at .+ \(.+app\.ts:3:/);
    const { status, stderr } = await run("errors/app.ts");
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^TypeError: sorry\n {4}at fail \(.+errors\/thrower\.ts:6:9\)\n {4}at .+errors\/app\.ts:4:6\n/,
    );
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

  it("waits for an app that waits, gives it what the cdktf CLI sets, and says where one wrote nothing", async () => {
    write(
      "late/app.ts",
      `import { App, TerraformStack } from "cdktf";
const app = new App();
new TerraformStack(app, app.node.tryGetContext("stack"));
setTimeout(() => app.synth(), 50);
`,
    );
    const env = { CDKTF_OUTDIR: "late/out", CDKTF_CONTEXT_JSON: '{"stack":"late"}' };
    const late = await command("scripts/synth/cli.js", ["late/app.ts"], env);
    expect(late).toMatchObject({ status: 0, stderr: "" });
    expect(late.stdout).toMatch(/^Wrote late\/out\/stacks\/late\/cdk\.tf\.json: /);
    expect(readdirSync(join(folder, "late")).sort()).toEqual(["app.ts", "out"]);
    write("late/none.ts", 'import { App } from "cdktf";\nnew App();\n');
    const none = await command("scripts/synth/cli.js", ["late/none.ts"], env);
    expect(none).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "late/none.ts wrote nothing into late/out. An app's last line is app.synth(), and its App takes no outdir of its own.\n",
    });
    const nowhere = await command("scripts/synth/cli.js", ["late/app.ts"], { CDKTF_OUTDIR: "" });
    expect(nowhere).toEqual({
      status: 1,
      stdout: "",
      stderr: 'CDKTF_OUTDIR must name a folder; received "". Leave it unset for cdktf.out.\n',
    });
    const two = await command("scripts/synth/cli.js", ["late/app.ts", "late/none.ts"], env);
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
    const { stderr } = await run("tokens/app.ts");
    expect(stderr).toMatch(
      /^Error: Resolution error: no value\.\nObject creation stack:\n {2}at .+app\.ts:4:20\n {4}at /,
    );
    // Packages' own maps are read then too.
    expect(stderr).toMatch(/\n {4}at DefaultTokenResolver\.resolveToken \(\S+cdktf\/lib\/tokens\/resolvable\.ts:\d+:/);
  });

  it("tells what it can't read by its place", async () => {
    write("broken/app.ts", "const x: number = ;\n");
    const { status, stderr } = await run("broken/app.ts");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Build failed with 1 error:\n.*broken\/app\.ts:1:18: ERROR: Unexpected ";"\n$/);
  });

  it("builds again what was damaged", async () => {
    write("damaged/app.ts", 'import { word } from "words";\nconsole.log(word);');
    const cache = join(folder, "cache");
    for (const length of [999, 0, undefined]) {
      expect(await project.ask("damaged/app.ts")).toEqual({ said: "hello" });
      for (const file of readdirSync(cache))
        writeFileSync(join(cache, file), readFileSync(join(cache, file)).subarray(0, length));
    }
  });

  it("writes what other ways to run TypeScript write, and says so", async () => {
    const [tests] = Object.values(synthesizeApp("main.ts"));
    // As whoever has the repository runs it: what is kept there is used, and made where there is nothing yet.
    const env = { CDKTF_OUTDIR: join(folder, "main"), ECS_SYNTH_CACHE: undefined };
    const { status, stdout } = await command("scripts/synth/cli.js", ["main.ts"], env, ROOT);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Wrote .+cdk\.tf\.json: \d+ resources, \d+ lookups, \d+ variables\.\n {2}Needs TF_VAR_ssh_public_key\.\nNext:\n {2}npm run plan:offline/,
    );
    const json = JSON.parse(readFileSync(join(folder, "main/stacks/ecs/cdk.tf.json"), "utf8"));
    expect(json).toHaveProperty("resource.aws_ecs_cluster");
    expect(JSON.stringify(json)).toBe(JSON.stringify(tests));
  });

  it("tells a wrong setting in its own words", async () => {
    const settings = JSON.stringify(join(ROOT, "src/settings"));
    write("wrong/app.ts", `import { resolveSettings } from ${settings};\nresolveSettings({ spto: true } as never);\n`);
    const { status, stderr } = await command("scripts/synth/cli.js", ["wrong/app.ts"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^.*1 setting is wrong\n {2}- spto must be a setting.*Did you mean spot\?\n$/);
  });

  it("tells its usage, where asked and where there is no such option", async () => {
    const [help, unknown] = await Promise.all(
      ["--help", "--ouput"].map((option) => command("scripts/synth/cli.js", ["main.ts", option])),
    );
    expect(help).toMatchObject({ status: 0, stderr: "" });
    expect(help?.stdout).toMatch(/^npm run synth: .*\nnpm run example -- NAME: /);
    expect(unknown).toEqual({ status: 1, stdout: "", stderr: `There is no option "--ouput".\n\n${help?.stdout}\n` });
  });

  it("tells an unknown example", async () => {
    const example = await command("scripts/synth/cli.js", ["--example", "nope"], {}, ROOT);
    expect(example).toMatchObject({ status: 1, stdout: "" });
    expect(example.stderr).toMatch(
      /^npm run example -- NAME must name a file in examples\/; received "nope"\. There are .*environments/,
    );
  });
});
