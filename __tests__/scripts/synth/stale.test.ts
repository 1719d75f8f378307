import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageInputs, packagesUnchanged, ROOT, sourceInputs } from "../../../scripts/synth/inputs";
import { SynthProject } from "../../support/synth-command";

describe("what the command keeps of a build", () => {
  const project = new SynthProject();
  const { folder } = project;
  const write = project.write.bind(project);
  const run = project.run.bind(project);
  afterAll(() => project.remove());

  /** Runs an app once with nothing kept, and once more. */
  async function says(file: string, text: string): Promise<void> {
    // A build isn't kept of what changed within a tick of the clock before it.
    await new Promise((resolve) => setTimeout(resolve, 25));
    for (const _ of [1, 2]) expect(await project.ask(file)).toEqual({ said: text });
  }
  const linkTo = (target: string, name: string) => {
    rmSync(join(folder, name), { force: true });
    symlinkSync(target, join(folder, name));
  };

  it("is made anew for every change, also when nothing but the content of a file differs", async () => {
    write("changes/part/index.ts", 'export const part = "one";');
    write("changes/data.json", '{ "data": 1 }');
    write(
      "changes/app.ts",
      `import { word } from "words";
       import { part } from "./part";
       import { data } from "./data.json";
       console.log(part, data, word);`,
    );
    const past = new Date("2020-01-01T00:00:00Z");
    const freeze = () => utimesSync(join(folder, "changes/part/index.ts"), past, past);
    freeze();
    await says("changes/app.ts", "one 1 hello");
    write("changes/part/index.ts", 'export const part = "two";');
    freeze();
    await says("changes/app.ts", "two 1 hello");
    write("changes/data.json", '{ "data": 2 }');
    await says("changes/app.ts", "two 2 hello");
    write("node_modules/words/index.js", 'exports.word = "world";');
    await says("changes/app.ts", "two 2 world");
    // A file that an import finds before what it found until now.
    write("changes/part.ts", 'export const part = "new";');
    await says("changes/app.ts", "new 2 world");
    rmSync(join(folder, "changes/part.ts"));
    await says("changes/app.ts", "two 2 world");
    write(
      "changes/app.ts",
      'import { basename } from "node:path"; console.log(basename(__filename), basename(__dirname));',
    );
    await says("changes/app.ts", "app.ts changes");
  });

  it("is made anew where an alias of a tsconfig.json finds another file", async () => {
    write("aliases/tsconfig.json", '{ "compilerOptions": { "paths": { "@/*": ["./a/*", "./b/*"] } } }');
    write("aliases/b/x.ts", 'export const x = "b";');
    write("aliases/app.ts", 'import { x } from "@/x"; console.log(x);');
    await says("aliases/app.ts", "b");
    write("aliases/a/x.ts", 'export const x = "a";');
    await says("aliases/app.ts", "a");
  });

  it("is made anew where a package is a folder of sources that gets another file", async () => {
    write("workspace/lib/package.json", '{ "main": "index.ts" }');
    write("workspace/lib/index.ts", 'export { util } from "./util";');
    write("workspace/lib/util/index.ts", 'export const util = "folder";');
    linkTo(join(folder, "workspace/lib"), "node_modules/lib");
    write("workspace/app.ts", 'import { util } from "lib"; console.log(util);');
    await says("workspace/app.ts", "folder");
    write("workspace/lib/util.ts", 'export const util = "file";');
    await says("workspace/app.ts", "file");
  });

  it("is made anew when what makes it changes, the app's and the packages'", () => {
    const bundler = join(ROOT, "scripts/synth/bundle.js");
    expect(sourceInputs([], [])).toHaveProperty([bundler]);
    const inputs = packageInputs([], [], ROOT);
    expect(packagesUnchanged(inputs)).toBe(true);
    expect(packagesUnchanged({ ...inputs, [bundler]: "another" })).toBe(false);
    expect(inputs).toHaveProperty([bundler]);
  });

  it("is made anew where a link leads elsewhere: of a file, a folder or a package", async () => {
    for (const name of ["one", "two"]) {
      write(`links/${name}/part.ts`, `export const part = "${name}";`);
      write(`links/${name}.ts`, `export const own = "${name}";`);
      write(`links/packages/${name}/index.js`, `exports.word = "${name}";`);
      write(`links/packages/${name}/package.json`, "{}");
    }
    write(
      "links/app.ts",
      'import { part } from "./to/folder/part";\nimport { own } from "./file";\nimport { word } from "linked";\nconsole.log(part, own, word);',
    );
    mkdirSync(join(folder, "links/to"));
    const [file, home, entry] = ["links/file.ts", "links/to/folder", "links/entry.ts"];
    linkTo("one.ts", file);
    linkTo("../one", home);
    linkTo("app.ts", entry);
    linkTo("../links/packages/one", "node_modules/linked");
    await says(entry, "one one one");
    linkTo("two.ts", file);
    await says(entry, "one two one");
    linkTo("../two", home);
    await says(entry, "two two one");
    linkTo("../links/packages/two", "node_modules/linked");
    await says(entry, "two two two");
    write("links/other.ts", 'console.log("another app");');
    linkTo("other.ts", entry);
    await says(entry, "another app");
  });

  it("is made anew where a package names another file, or is found nearer", async () => {
    write("node_modules/words/other.js", 'exports.word = "other";');
    write("node_modules/words/package.json", '{ "main": "index.js" }');
    write("main/app.ts", 'import { word } from "words";\nconsole.log(word);');
    write("node_modules/words/index.js", 'exports.word = "main";');
    await says("main/app.ts", "main");
    write("node_modules/words/package.json", '{ "main": "other.js" }');
    await says("main/app.ts", "other");
    write("main/node_modules/words/index.js", 'exports.word = "near";');
    await says("main/app.ts", "near");
  });

  it("is made anew where settings change that a tsconfig.json extends", async () => {
    const base = (kept: boolean) =>
      write("settings/bases/base.json", JSON.stringify({ compilerOptions: { useDefineForClassFields: kept } }));
    write("settings/tsconfig.json", '{ "extends": ["./bases/base"] }');
    write("settings/app.ts", "class Part {\n  declared: unknown;\n}\nconsole.log(Object.keys(new Part()).join());");
    base(true);
    await says("settings/app.ts", "declared");
    base(false);
    await says("settings/app.ts", "");
  });

  it("is made anew where a file is renamed, and fails where it is gone", async () => {
    write("renamed/part.ts", 'export const part = "here";');
    write("renamed/app.ts", 'import { part } from "./part";\nconsole.log(part);');
    await says("renamed/app.ts", "here");
    renameSync(join(folder, "renamed/part.ts"), join(folder, "renamed/part.mts"));
    expect(await project.ask("renamed/app.ts")).toEqual({
      failed: expect.stringMatching(/ERROR: Could not resolve "\.\/part"/),
    });
    renameSync(join(folder, "renamed/part.mts"), join(folder, "renamed/part.ts"));
    await says("renamed/app.ts", "here");
  });

  it("has the packages of an app apart that asks for it: those beside it need not load them", async () => {
    write("apart/app.ts", 'import { word } from "apart";\nconsole.log(word);');
    write("node_modules/apart/index.js", 'exports.word = "apart";');
    const kept = () => readdirSync(join(folder, "cache")).length;
    const before = kept();
    for (const _ of [1, 2]) {
      expect(await project.ask("apart/app.ts", { ownPackages: true })).toEqual({ said: "apart" });
      expect(kept()).toBe(before + 2);
    }
  });

  it("goes when there are many newer ones, whatever else is in the folder", async () => {
    const ages = { newer: "2022-01-01", folder: "2021-01-01", older: "2020-01-01" };
    const touch = (name: string, day: string) => utimesSync(join(folder, "cache", name), new Date(day), new Date(day));
    mkdirSync(join(folder, "cache/folder"), { recursive: true });
    touch("folder", ages.folder);
    for (const age of ["newer", "older"] as const)
      for (let index = 0; index < 24; index++) {
        write(`cache/${age}${index}.bin`, "");
        touch(`${age}${index}.bin`, ages[age]);
      }
    write("many/app.ts", "console.log(1);");
    await says("many/app.ts", "1");
    const left = readdirSync(join(folder, "cache"));
    expect(left.filter((name) => name.endsWith(".bin"))).toHaveLength(24);
    expect(left.filter((name) => name.startsWith("older"))).toEqual([]);
    expect(left).toContain("folder");
  });

  it("is whole after two runs at once, and nothing where it can't be written", async () => {
    write("once/app.ts", 'import { word } from "words";\nconsole.log(typeof word);');
    const together = await Promise.all([1, 2].map(() => run("once/app.ts")));
    expect(together.map(({ stdout }) => stdout)).toEqual(Array(2).fill("string\n"));
    await says("once/app.ts", "string");
    writeFileSync(join(folder, "no-folder"), "");
    const ECS_SYNTH_CACHE = join(folder, "no-folder/cache");
    // It leaves nothing behind, so that a second run would be the same.
    expect(await run("once/app.ts", { ECS_SYNTH_CACHE })).toEqual({ status: 0, stdout: "string\n", stderr: "" });
  });
});
