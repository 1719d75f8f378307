import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(__dirname, "../..");
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const run = promisify(execFile);
const APP = `import { App } from "cdktf";
import { EcsClusterStack } from "ecs-default-vpc";
const app = new App();
new EcsClusterStack(app, "five", { values: { name: "five" } });
app.synth();
`;

/** A mistake that only the package's types can find: were they not found, nothing would be wrong here. */
const MISTAKE = `import { EcsClusterStack } from "ecs-default-vpc";
// @ts-expect-error
new EcsClusterStack(undefined as never, "x", { spto: true });
`;

/** How a project may compile: each folder's own package.json says whether its files are ES modules. */
const PROJECTS = {
  commonjs: { type: "commonjs", module: "commonjs", moduleResolution: "bundler", skipLibCheck: true },
  nodenext: { type: "commonjs", module: "nodenext", moduleResolution: "nodenext", skipLibCheck: false },
  "nodenext-esm": { type: "module", module: "nodenext", moduleResolution: "nodenext", skipLibCheck: true },
} as const;

describe("the packed package", () => {
  let folder: string;
  let packed: string[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "package-"));
    await run("npm", ["run", "build"], { cwd: ROOT });
    // What it depends on is packed from here as well, so that its installation asks no registry.
    const names = ["ecs-default-vpc", ...Object.keys(manifest.dependencies)];
    const sources = names.map((name) => (name === "ecs-default-vpc" ? "." : `./node_modules/${name}`));
    const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, ...sources];
    const answers = JSON.parse((await run("npm", pack, { cwd: ROOT, maxBuffer: 1e8 })).stdout);
    const answerOf = (name: string) =>
      (Object.values(answers) as { name: string; filename: string; files: { path: string }[] }[]).find(
        (answer) => answer.name === name,
      );
    packed = (answerOf("ecs-default-vpc")?.files ?? []).map(({ path }) => path).sort();
    const dependencies = names.map((name) => [name, `file:./${answerOf(name)?.filename}`]);
    write("package.json", { private: true, dependencies: Object.fromEntries(dependencies) });
    await run("npm", ["install", "--offline", "--legacy-peer-deps", "--no-audit", "--no-fund"], { cwd: folder });
    for (const peer of Object.keys(manifest.peerDependencies)) {
      mkdirSync(dirname(join(folder, "node_modules", peer)), { recursive: true });
      symlinkSync(join(ROOT, "node_modules", peer), join(folder, "node_modules", peer));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function write(name: string, content: string | object): void {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }

  it("holds the library, its types and source maps, and nothing else", () => {
    const others = packed.filter((path) => !/^dist\/[a-z0-9-]+(\.js|\.js\.map|\.d\.ts)$/.test(path));
    expect(others).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
    expect(packed).toEqual(expect.arrayContaining(["dist/index.js", "dist/index.js.map", "dist/index.d.ts"]));
    const map = JSON.parse(readFileSync(join(folder, "node_modules/ecs-default-vpc/dist/index.js.map"), "utf8"));
    // The sources stay out of the package, so the map brings their text.
    expect(map.sourcesContent[0]).toContain("EcsClusterStack");
  });

  it("runs no script when it is installed", () => {
    const scripts = ["preinstall", "install", "postinstall", "prepare", "prepublish"];
    expect(Object.keys(manifest.scripts).filter((name) => scripts.includes(name))).toEqual([]);
  });

  it("asks for what it imports, and for a Node that all of it runs on", () => {
    const imports = packed
      .filter((path) => path.endsWith(".js"))
      .flatMap((path) => [
        ...readFileSync(join(ROOT, path), "utf8").matchAll(/require\("((?:@[^/"]+\/)?[^./"][^/"]*)/g),
      ])
      .map(([, name]) => name as string)
      .filter((name) => !name.startsWith("node:"));
    const imported = [...new Set(imports)].sort();
    expect(imported).toEqual(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).sort());
    const own = lowest(manifest.engines.node);
    for (const name of imported) {
      const { engines } = JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"));
      expect([name, own >= lowest(engines?.node ?? ">=0")]).toEqual([name, true]);
    }
  });

  it.each(Object.entries(PROJECTS))(
    "compiles strictly and synthesizes in a fresh project: %s",
    async (name, options) => {
      const { type, ...compilerOptions } = options;
      write(`${name}/package.json`, { type });
      write(`${name}/main.ts`, APP);
      write(`${name}/mistake.ts`, MISTAKE);
      write(`${name}/tsconfig.json`, {
        compilerOptions: { ...compilerOptions, strict: true, target: "es2022", types: [] },
      });
      const cwd = join(folder, name);
      await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc")], { cwd });
      await run(process.execPath, ["main.js"], { cwd });
      const json = JSON.parse(readFileSync(join(cwd, "cdktf.out/stacks/five/cdk.tf.json"), "utf8"));
      expect(json.variable.name.default).toBe("five");
      expect(Object.keys(json.resource.aws_ecs_cluster)).toEqual(["cluster"]);
    },
  );

  it("offers nothing but its entry", async () => {
    const deep = `try { require("ecs-default-vpc/dist/values"); } catch (error) { console.log(error.code); }`;
    const { stdout } = await run(process.execPath, ["-e", deep], { cwd: folder });
    expect(stdout.trim()).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});

/** The first version that a range such as ">= 20.9.0" admits, as a number. */
function lowest(range: string): number {
  const [, major, minor = "0"] = /^>= ?(\d+)(?:\.(\d+))?(?:\.\d+)?$/.exec(range) ?? [];
  if (major === undefined) throw new Error(`The test can't read the range ${range}.`);
  return Number(major) * 1000 + Number(minor);
}
