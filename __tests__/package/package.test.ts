import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { manifest, type Packed, packed as pack } from "../support/packed";
import { pageApps } from "../support/pages";

const ROOT = join(__dirname, "../..");
/** The compiler options of this project, which are the strictest. */
const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8"));
const run = promisify(execFile);
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
/** Without garbage collection, the compiler takes a third less time. */
const COMPILER_ENV = { ...process.env, GOGC: "off" };

const APP = `import { App } from "cdktf";
import { EcsClusterStack } from "ecs-default-vpc";
import { planOffline } from "ecs-default-vpc/testing";
if (typeof planOffline !== "function") throw new Error("ecs-default-vpc/testing has no planOffline.");
const app = new App();
new EcsClusterStack(app, "five", { values: { name: "five" } });
app.synth();
`;

/** An error that only the types of the package can find. */
const WRONG_SETTING = `import { EcsClusterStack } from "ecs-default-vpc";
// @ts-expect-error
new EcsClusterStack(undefined as never, "x", { spto: true });
`;

/** Compiler options of projects that use the package. The package.json of each folder decides whether its files are ES modules. */
const PROJECTS = {
  commonjs: { type: "commonjs", module: "commonjs", moduleResolution: "bundler", skipLibCheck: true },
  // Checking TypeScript's own types would take twice as long as checking all others.
  nodenext: {
    ...{ type: "commonjs", module: "nodenext", moduleResolution: "nodenext" },
    ...{ skipLibCheck: false, skipDefaultLibCheck: true },
  },
  "nodenext-esm": { type: "module", module: "nodenext", moduleResolution: "nodenext", skipLibCheck: true },
} as const;

describe("the packed package", () => {
  let folder: string;
  let made: Packed;
  let packed: readonly string[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "package-"));
    made = await pack();
    packed = made.files;
    // What it depends on is linked from here, so that its installation asks no registry.
    const linked = Object.keys(manifest.dependencies).map((name) => [name, `file:${join(ROOT, "node_modules", name)}`]);
    const dependencies = {
      "ecs-default-vpc": `file:${join(made.folder, made.tarball)}`,
      ...Object.fromEntries(linked),
    };
    write("package.json", { private: true, dependencies });
    // A linked package would run the scripts that make it from its sources.
    const flags = ["--offline", "--legacy-peer-deps", "--no-audit", "--no-fund", "--ignore-scripts"];
    await run("npm", ["install", ...flags], { cwd: folder });
    const peers = Object.keys(manifest.peerDependencies).filter((name) => !name.includes("cdktn"));
    for (const name of [...peers, "@types/node", "tsx"]) {
      mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
      symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
    }
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    made.remove();
  });

  function write(name: string, content: string | object): void {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }

  it("has only the library for cdktf and for cdktn, its types and source maps, and the command", () => {
    const library = /^dist\/(cdktn\/)?([a-z-]+\/)?[a-z0-9-]+(\.js|\.js\.map|\.d\.ts)$/;
    const folders = /^(dist\/(cli|types)|docs|examples|handover)\//;
    const others = packed.filter((path) => !library.test(path) && !folders.test(path));
    const pages = ["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md", "bench/results.md"];
    expect(others).toEqual([...pages, "package.json"]);
    expect(packed).toEqual(expect.arrayContaining(["dist/index.js", "dist/index.js.map", "dist/index.d.ts"]));
    const commands = ["doctor", "handover", "init", "offline-provider", "run", "status"];
    expect(packed.filter((path) => path.startsWith("dist/cli/"))).toEqual(
      [
        "dist/cli/main.js",
        ...commands.map((name) => `dist/cli/${name}/command.js`),
        ...["provider.proto", "run-child.js", "testing.js"].map((name) => `dist/cli/offline-provider/${name}`),
      ].sort(),
    );
    expect(packed.filter((path) => path.startsWith("dist/types/") && !path.endsWith(".d.ts"))).toEqual([]);
    const map = JSON.parse(readFileSync(join(folder, "node_modules/ecs-default-vpc/dist/index.js.map"), "utf8"));
    // The package does not have the sources, so the source map has their text.
    expect(map.sourcesContent[0]).toContain("EcsClusterStack");
  });

  it("has every page and example that its pages link to", () => {
    const pages = packed.filter((path) => path.endsWith(".md") && !path.startsWith("handover/"));
    const links = pages.flatMap((page) =>
      [...readFileSync(join(ROOT, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path = ""]) => ({
        page,
        target: join(dirname(page), path),
      })),
    );
    expect(links.length).toBeGreaterThan(100);
    const lost = links.filter(({ target }) => !packed.some((path) => path === target || path.startsWith(`${target}/`)));
    expect(lost).toEqual([]);
  });

  it("has the same library for cdktn, with other imports", () => {
    const read = (path: string) => readFileSync(join(folder, "node_modules/ecs-default-vpc/dist", path), "utf8");
    const files = packed.filter((path) => /^dist\/cdktn\/.*\.(js|d\.ts)$/.test(path)).map((path) => path.slice(11));
    const library = packed.filter((path) => /^dist\/(?!cdktn\/|cli\/|types\/).*\.(js|d\.ts)$/.test(path));
    expect(files).toEqual(library.map((path) => path.slice("dist/".length)));
    expect(files.filter((path) => /["/]@?cdktf["/]/.test(read(`cdktn/${path}`)))).toEqual([]);
    expect(read("cdktn/cluster/cluster.js")).toContain('require("@cdktn/provider-aws/lib/ecs-cluster")');
  });

  it("runs no script when it is installed", () => {
    const scripts = ["preinstall", "install", "postinstall", "prepare", "prepublish"];
    expect(Object.keys(manifest.scripts).filter((name) => scripts.includes(name))).toEqual([]);
  });

  it("depends on the packages that it imports, and on a Node version that runs them", () => {
    const imports = packed
      .filter((path) => path.endsWith(".js") && !/^dist\/(cli|cdktn)\//.test(path))
      .flatMap((path) => [
        ...readFileSync(join(folder, "node_modules/ecs-default-vpc", path), "utf8").matchAll(
          /require\("((?:@[^/"]+\/)?[^./"][^/"]*)/g,
        ),
      ])
      .map(([, name]) => name as string)
      .filter((name) => !name.startsWith("node:"));
    const imported = [...new Set(imports)].sort();
    const peers = Object.keys(manifest.peerDependencies).filter((name) => !name.includes("cdktn"));
    expect(imported).toEqual([...Object.keys(manifest.dependencies), ...peers].sort());
    const own = lowest(manifest.engines.node);
    for (const name of imported) {
      const { engines } = JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"));
      expect([name, own >= lowest(engines?.node ?? ">=0")]).toEqual([name, true]);
    }
  });

  it(`compiles strictly in fresh projects: ${Object.keys(PROJECTS).join(", ")}, and the pages' apps with it`, async () => {
    for (const [name, { type, ...own }] of Object.entries(PROJECTS)) {
      write(`${name}/package.json`, { type });
      write(`${name}/main.ts`, APP);
      write(`${name}/wrong-setting.ts`, WRONG_SETTING);
      write(`${name}/tsconfig.json`, {
        compilerOptions: { ...own, strict: true, target: "es2022", types: [] },
      });
    }
    for (const [index, [page, code]] of pageApps().entries())
      write(`pages/${page.replace(/\W/g, "-")}-${index}.ts`, code);
    write("pages/tsconfig.json", { compilerOptions: { ...compilerOptions, types: ["node"], noEmit: true } });
    // One compiler reads the files that they share once. It names the project of each error, in what it prints.
    const compiled = run(process.execPath, [TSC, "--build", "--singleThreaded", ...Object.keys(PROJECTS), "pages"], {
      ...{ cwd: folder, env: COMPILER_ENV },
    });
    expect(await compiled.catch(({ stdout }) => ({ stdout, stderr: "" }))).toEqual({ stdout: "", stderr: "" });
  });

  // The template of CDKTF has this resolution, which does not read `exports`.
  it("has types for the module resolution of TypeScript before 4.7", async () => {
    write("node10/main.ts", APP);
    const own = { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0", skipLibCheck: true };
    write("node10/tsconfig.json", {
      compilerOptions: { ...own, strict: true, target: "es2022", types: [], noEmit: true },
      files: ["main.ts"],
    });
    const compiler = join(ROOT, "node_modules/typescript-6/lib/tsc.js");
    const compiled = run(process.execPath, [compiler, "--project", "node10"], { cwd: folder });
    expect(await compiled.catch(({ stdout }) => ({ stdout, stderr: "" }))).toEqual({ stdout: "", stderr: "" });
  });

  it("synthesizes an app of five lines with each compiler setup, and exports only its entry", async () => {
    // One process loads cdktf once.
    const all = `for (const name of ${JSON.stringify(Object.keys(PROJECTS))}) {
      process.env.CDKTF_OUTDIR = name + "/cdktf.out";
      await import("./" + name + "/main.js");
    }
    await import("ecs-default-vpc/dist/values.js").catch((error) => console.log(error.code));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", all], { cwd: folder });
    expect(stdout.trim()).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
    for (const name of Object.keys(PROJECTS)) {
      const json = JSON.parse(readFileSync(join(folder, name, "cdktf.out/stacks/five/cdk.tf.json"), "utf8"));
      expect(json.variable.name.default).toBe("five");
      expect(Object.keys(json.resource.aws_ecs_cluster)).toEqual(["cluster"]);
    }
  });
});

/** The first version that a range such as ">= 20.9.0" admits, as a number. */
function lowest(range: string): number {
  const [, major, minor = "0"] = /^>= ?(\d+)(?:\.(\d+))?(?:\.\d+)?$/.exec(range) ?? [];
  if (major === undefined) throw new Error(`The test cannot read the range ${range}.`);
  return Number(major) * 1000 + Number(minor);
}
