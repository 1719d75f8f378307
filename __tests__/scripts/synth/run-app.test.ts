import { execFile } from "node:child_process";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT, SynthProject } from "../../support/synth-command";

describe("runApp", () => {
  const project = new SynthProject();
  const { folder } = project;
  const write = project.write.bind(project);
  afterAll(() => project.remove());

  const expectOutput = async (app: string, printed: string) => expect(await project.ask(app)).toEqual({ printed });

  it("runs the sources as they are now", async () => {
    write("sources/part/index.ts", 'export const part = "one";');
    write("sources/data.json", '{ "data": 1 }');
    write(
      "sources/app.ts",
      'import { part } from "./part";\nimport { data } from "./data.json";\nconsole.log(part, data);',
    );
    await expectOutput("sources/app.ts", "one 1");
    write("sources/part/index.ts", 'export const part = "two";');
    write("sources/data.json", '{ "data": 2 }');
    await expectOutput("sources/app.ts", "two 2");
    // An import finds this file before the folder.
    write("sources/part.ts", 'export const part = "new";');
    await expectOutput("sources/app.ts", "new 2");
    rmSync(join(folder, "sources/part"), { recursive: true });
    renameSync(join(folder, "sources/part.ts"), join(folder, "sources/other.ts"));
    expect(await project.ask("sources/app.ts")).toEqual({ failed: expect.stringContaining('resolve "./part"') });
  });

  it("uses the paths of a tsconfig.json", async () => {
    write("paths/tsconfig.json", '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }');
    write("paths/lib/x.ts", 'export const x = "lib";');
    write("paths/app.ts", 'import { x } from "@/x"; console.log(x);');
    await expectOutput("paths/app.ts", "lib");
  });

  describe("with packages", () => {
    const kept = join(folder, "node_modules/.cache/ecs-default-vpc/packages");
    const builtAt = (app: string) => statSync(join(kept, `${app.replace("/", "-")}.js`)).mtimeMs;

    it("keeps their bundle until npm installs something", async () => {
      write("kept/app.ts", 'import { word } from "words";\nconsole.log(word);');
      await expectOutput("kept/app.ts", "hello");
      const first = builtAt("kept/app.ts");
      await expectOutput("kept/app.ts", "hello");
      expect(builtAt("kept/app.ts")).toBe(first);
      for (const file of ["package-lock.json", "node_modules/.package-lock.json"]) {
        write("node_modules/words/index.js", `exports.word = "from ${file}";`);
        write(file, `{ "changed": "${file}" }`);
        await expectOutput("kept/app.ts", `from ${file}`);
      }
      // What npm does not install does not count.
      write("node_modules/words/index.js", 'exports.word = "hello";');
      await expectOutput("kept/app.ts", "from node_modules/.package-lock.json");
    });

    it("keeps their bundle until the script that bundles changes", async () => {
      write("script/app.ts", 'import { word } from "words";\nconsole.log(word);');
      await expectOutput("script/app.ts", "hello");
      const first = builtAt("script/app.ts");
      appendFileSync(join(folder, "scripts/synth/bundle.js"), "// changed");
      await expectOutput("script/app.ts", "hello");
      expect(builtAt("script/app.ts")).toBeGreaterThan(first);
    });

    it("reads the kept bundle as it was written", async () => {
      write("node_modules/accents/index.js", "exports.accents = [/^[é–]$/.test('é'), String.raw`é–`].join();");
      write("accents/app.ts", 'import { accents } from "accents";\nconsole.log(accents);');
      await expectOutput("accents/app.ts", "true,é–");
      await expectOutput("accents/app.ts", "true,é–");
    });

    it("bundles them again when the app imports another", async () => {
      write("node_modules/more/index.js", 'exports.more = "more";');
      write("edited/app.ts", 'import { word } from "words";\nconsole.log(word);');
      await expectOutput("edited/app.ts", "hello");
      write("edited/app.ts", 'import { word } from "words";\nimport { more } from "more";\nconsole.log(word, more);');
      await expectOutput("edited/app.ts", "hello more");
      write("edited/app.ts", 'import { word } from "words";\nimport { less } from "less";\nconsole.log(word, less);');
      expect(await project.ask("edited/app.ts")).toEqual({ failed: expect.stringContaining("'less'") });
    });

    it("bundles a package that is a link to a folder of sources in each run", async () => {
      write("linked/sources/index.ts", 'export const linked = "one";');
      write("linked/sources/package.json", '{ "main": "index.ts" }');
      symlinkSync(join(folder, "linked/sources"), join(folder, "node_modules/linked"));
      write("linked/app.ts", 'import { linked } from "linked"; console.log(linked);');
      await expectOutput("linked/app.ts", "one");
      write("linked/sources/index.ts", 'export { linked } from "./other";');
      write("linked/sources/other.ts", 'export const linked = "two";');
      await expectOutput("linked/app.ts", "two");
    });

    it("runs a module of a package once, and only when the app imports it", async () => {
      write("node_modules/counted/index.js", 'console.log("runs"); exports.counted = {};');
      const imports =
        'import { counted } from "counted";\nimport("counted").then((one) => console.log(one.counted === counted));';
      write("counted/app.ts", imports);
      await expectOutput("counted/app.ts", "runs");
      write("counted/app.ts", 'console.log("without");');
      await expectOutput("counted/app.ts", "without");
    });

    it("leaves packages that cannot be bundled to Node", async () => {
      write("node_modules/native/native.node", "machine code");
      write(
        "node_modules/native/index.js",
        'exports.native = () => require("./native.node"); exports.word = "native";',
      );
      write("native/app.ts", 'import { word } from "native"; console.log(word);');
      await expectOutput("native/app.ts", "native");
      expect(readdirSync(kept)).not.toContain("native-app.ts.js");
    });

    it("shows a problem of the bundling script itself", async () => {
      const broken = new SynthProject();
      try {
        appendFileSync(
          join(broken.folder, "scripts/synth/bundle.js"),
          'module.exports.bundlePackages = async () => { throw new Error("a bug"); };',
        );
        broken.write("app.ts", 'import { word } from "words";\nconsole.log(word);');
        const { status, stderr } = await broken.run("app.ts");
        expect([status, stderr]).toEqual([1, expect.stringMatching(/^Error: a bug\n/)]);
      } finally {
        broken.remove();
      }
    });

    it("runs where the bundle cannot be written", async () => {
      const unwritable = new SynthProject();
      try {
        writeFileSync(join(unwritable.folder, "node_modules/.cache"), "a file in place of the folder");
        unwritable.write("app.ts", 'import { word } from "words";\nconsole.log(word);');
        expect(await unwritable.run("app.ts")).toEqual({ status: 0, stdout: "hello\n", stderr: "" });
      } finally {
        unwritable.remove();
      }
    });

    it("can run twice at the same time", async () => {
      write("twice/app.ts", 'import { word } from "words";\nconsole.log(word);');
      const runs = await Promise.all([1, 2].map(() => project.run("twice/app.ts")));
      expect(runs.map(({ stdout }) => stdout)).toEqual(["hello\n", "hello\n"]);
      expect(readdirSync(kept).filter((name) => name.startsWith("twice"))).toEqual(["twice-app.ts.js"]);
    });
  });

  it("gives each file its own place, in packages too", async () => {
    const place = (name: string) =>
      `export const ${name} = [require.main === module, require.resolve("./data.json"), __filename, import.meta.url].map((one) => String(one).split("/").slice(-2).join("/"));`;
    for (const below of ["places", "places/below"]) write(`${below}/data.json`, "{}");
    write("places/below/lib.ts", `#!/usr/bin/env node\n${place("lib")}`);
    write(
      "node_modules/placed/index.mjs",
      'import { fileURLToPath } from "node:url"; export const placed = fileURLToPath(import.meta.url).slice(-16);',
    );
    write("node_modules/placed/package.json", '{ "exports": "./index.mjs" }');
    write("node_modules/resolving/index.js", 'exports.resolving = require.resolve("./index.js").slice(-18);');
    write(
      "places/app.ts",
      `import { placed } from "placed";\nimport { resolving } from "resolving";\nimport { lib } from "./below/lib";\n${place("app")}
       console.log([...app, ...lib, placed, resolving].join());`,
    );
    const app = "true,places/data.json,places/app.ts,places/app.ts";
    const lib = "false,below/data.json,below/lib.ts,below/lib.ts";
    await expectOutput("places/app.ts", `${app},${lib},placed/index.mjs,resolving/index.js`);
  });

  it("does not rename classes", async () => {
    write("names/one.ts", "export class Named {}");
    write("names/two.ts", "export class Named {}");
    write(
      "names/app.ts",
      `import * as one from "./one";
import * as two from "./two";
class Own {
  static readonly only = new Own();
}
console.log(one.Named.name, two.Named.name, Own.only.constructor.name);`,
    );
    await expectOutput("names/app.ts", "Named Named Own");
  });

  it("shows the lines of the TypeScript in the stack of an error, and its cause", async () => {
    write(
      "errors/thrower.ts",
      'interface Longer {\n  than: string;\n}\n\nexport const fail = (value: Longer): never => {\n  throw new TypeError(value.than, { cause: new Error("inner") });\n};\n',
    );
    write(
      "errors/app.ts",
      'import { fail } from "./thrower";\ntype Nothing = never;\nsetInterval(() => console.log("not reached"), 10_000);\nif (process.env.LATER) setTimeout(() => fail({ than: "later" }));\nelse fail({ than: "sorry" });\n',
    );
    const [now, later] = await Promise.all([
      project.run("errors/app.ts"),
      project.run("errors/app.ts", { LATER: "1" }),
    ]);
    expect(now).toMatchObject({ status: 1, stdout: "" });
    expect(now.stderr).toMatch(
      /^TypeError: sorry\n {4}at fail \(.+errors\/thrower\.ts:6:9\)\n {4}at .+errors\/app\.ts:5:6/,
    );
    expect(now.stderr).toMatch(/\[cause\]: Error: inner\n +at fail \(.+errors\/thrower\.ts:6:/);
    expect(later).toMatchObject({ status: 1, stdout: "" });
    expect(later.stderr).toMatch(/^TypeError: later\n {4}at fail \(.+thrower\.ts:6:9\)\n {4}at .+ \(.+app\.ts:4:/);
  });

  it("shows where a token was created that CDKTF cannot resolve", async () => {
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
    const { stderr } = await project.run("tokens/app.ts");
    expect(stderr).toMatch(
      /^Error: Resolution error: no value\.\nObject creation stack:\n(?: {2}at .+\n)+ {2}at .+app\.ts:4:20/,
    );
  });

  it("shows where the sources have a syntax error", async () => {
    write("broken/app.ts", "const x: number = ;\n");
    const { status, stderr } = await project.run("broken/app.ts");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Build failed with 1 error:\nbroken\/app\.ts:1:18: ERROR: Unexpected ";"\n$/);
  });

  it("says what to do about a top-level await", async () => {
    write("awaiting/app.ts", "export const one = await Promise.resolve(1);\n");
    const { status, stderr } = await project.run("awaiting/app.ts");
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^Build failed with 1 error:\nawaiting\/app\.ts:1:19: .+\nMove the code that awaits into an async function, and call the function\.\n$/,
    );
  });

  it("prints the message of a SettingsError once, without a stack, for an app in another folder", async () => {
    write(
      "settings.ts",
      `import { App } from "cdktf";
import { PortRange } from ${JSON.stringify(join(ROOT, "src"))};
new PortRange({ from: new App().node.children.length + 9, to: 1 });`,
    );
    const cwd = mkdtempSync(join(tmpdir(), "elsewhere-"));
    renameSync(join(folder, "settings.ts"), join(cwd, "settings.ts"));
    const run = promisify(execFile)(process.execPath, [join(ROOT, "scripts/synth/app.js"), "settings.ts"], { cwd });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^PortRange has \d problems?:\n( {2}- .+\n)+$/),
    });
    rmSync(cwd, { recursive: true });
  });

  it("names a file that does not exist", async () => {
    expect(await project.run("none.ts")).toEqual({ status: 1, stdout: "", stderr: "There is no file none.ts.\n" });
  });
});
