import { exec, execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { pageApps } from "../support/pages";

const ROOT = join(__dirname, "../..");
/** The compiler options of this project, which are the strictest. */
const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8"));
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const run = promisify(execFile);
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const BIN = join(ROOT, "node_modules/.bin");
/** The compiler is a short-lived Go program: without garbage collection it takes a third less time. */
const COMPILER_ENV = { ...process.env, GOGC: "off" };

const APP = `import { App } from "cdktf";
import { EcsClusterStack } from "ecs-default-vpc";
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
  let sources: string;
  let packed: string[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "package-"));
    await promisify(exec)(manifest.scripts.build, { cwd: ROOT, env: COMPILER_ENV });
    sources = linkedSources();
    const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
    const answers = JSON.parse((await run("npm", pack, { cwd: sources, maxBuffer: 1e8 })).stdout);
    const [answer] = Object.values(answers) as [{ filename: string; files: { path: string }[] }];
    packed = answer.files.map(({ path }) => path).sort();
    // What it depends on is linked from here, so that its installation asks no registry.
    const linked = Object.keys(manifest.dependencies).map((name) => [name, `file:${join(ROOT, "node_modules", name)}`]);
    const dependencies = { "ecs-default-vpc": `file:./${answer.filename}`, ...Object.fromEntries(linked) };
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
    for (const made of [folder, sources]) rmSync(made, { recursive: true, force: true });
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
        ...readFileSync(join(ROOT, path), "utf8").matchAll(/require\("((?:@[^/"]+\/)?[^./"][^/"]*)/g),
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

  it("is installed and used by the commands of its README, in an empty folder", async () => {
    const section = readFileSync(join(ROOT, "README.md"), "utf8").split("## Your own app")[1] ?? "";
    const [, commands = ""] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
    const lines = commands.trim().split("\n");
    const place = mkdtempSync(join(tmpdir(), "newcomer-"));
    try {
      mkdirSync(join(place, "ecs-default-vpc"));
      const tarball = `ecs-default-vpc-${manifest.version}.tgz`;
      copyFileSync(join(folder, tarball), join(place, "ecs-default-vpc", tarball));
      const project = join(place, "shop");
      mkdirSync(project);
      const printed = new Map<string, string>();
      // npm installs from its cache what `npm ci` has downloaded.
      const settings = { npm_config_prefer_offline: "true", npm_config_audit: "false", npm_config_fund: "false" };
      const env = { ...withoutNpm(process.env), ...settings, CHECKPOINT_DISABLE: "1", CI: "true" };
      for (const line of [...lines, "npm run synth"])
        printed.set(line, (await promisify(exec)(line, { cwd: project, env, maxBuffer: 1e8 })).stdout);
      expect(printed.get("npx ecs-default-vpc init")).toContain("Wrote .gitignore, cdktf.json, main.ts, package.json,");
      expect(printed.get("npm test")).toMatch(/# pass 1\n# fail 0/);
      expect(printed.get("npm run plan:offline")).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy\./);
      expect(existsSync(join(project, "cdktf.out/stacks/shop/cdk.tf.json"))).toBe(true);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  it("runs the command in a new project: init, its test, plan, a second stack, hand-over, doctor and status", async () => {
    const project = join(folder, "project");
    mkdirSync(project);
    const bin = join(folder, "node_modules/.bin/ecs-default-vpc");
    symlinkSync(join(BIN, "tsx"), join(folder, "node_modules/.bin/tsx"));
    const env = {
      ...process.env,
      INIT_CWD: project,
      AWS_EC2_METADATA_DISABLED: "true",
      PATH: `${BIN}:${process.env.PATH}`,
    };
    const command = (...args: string[]) => run(bin, args, { cwd: project, env });
    expect((await command("init", "--name", "blog")).stdout).toContain("npm run plan:offline");
    await run(process.execPath, [TSC, "--noEmit"], { cwd: project, env: COMPILER_ENV });
    const tested = await run(join(BIN, "tsx"), ["--test", "stack.test.ts"], { cwd: project, env });
    expect(tested.stdout).toMatch(/# pass 1\n# fail 0/);

    expect((await command("plan")).stdout).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy\./);
    const main = join(project, "main.ts");
    const second = 'new EcsClusterStack(app, "second", { values: { name: "second" } });\napp.synth();';
    const text = `import { EcsClusterStack } from "ecs-default-vpc";\n${readFileSync(main, "utf8")}`;
    writeFileSync(main, text.replace("app.synth();", second));
    await expect(command("plan")).rejects.toMatchObject({
      code: 2,
      stderr: "--stack must be the id of a stack; received nothing. The stacks are blog, second.\n",
    });
    expect((await command("plan", "--stack", "second")).stderr).toContain('Offline plan of stack "second"');
    expect((await command("handover", "--stack", "blog", "--out", "ops")).stdout).toMatch(/^Wrote \d+ files to ops\./);
    const checked = await command("handover", "--stack", "blog", "--out", "ops", "--check");
    expect(checked.stdout).toBe("ops is up to date.\n");
    expect((await command("plan", "--dir", "ops", "--copy", "--", "validate")).stdout).toContain("Success!");

    // There are no credentials and no network.
    const nowhere = ["--cluster", "blog", "--region", "eu-west-1", "--endpoint", "http://127.0.0.1:9"];
    for (const name of ["doctor", "status"])
      await expect(command(name, ...nowhere)).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining('the cluster "blog"'),
      });
    await expect(command("run", "blog-migrate", ...nowhere)).rejects.toMatchObject({ code: 125 });
  });
});

/** Returns the environment without what `npm run` sets for its own script. */
const withoutNpm = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_ENV$)/.test(name)));

/**
 * Returns a folder with links to the files of the project, without node_modules and the output of apps. npm reads every
 * package in node_modules before it packs. Hard links must be on the same disk, so the folder is in the project's cache.
 */
function linkedSources(): string {
  const cache = join(ROOT, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const to = mkdtempSync(join(cache, "package-"));
  const link = (within: string) => {
    for (const entry of readdirSync(join(ROOT, within), { withFileTypes: true })) {
      const path = join(within, entry.name);
      if (["node_modules", ".git", "cdktf.out"].includes(path)) continue;
      if (!entry.isDirectory()) linkSync(join(ROOT, path), join(to, path));
      else {
        mkdirSync(join(to, path));
        link(path);
      }
    }
  };
  link("");
  return to;
}

/** The first version that a range such as ">= 20.9.0" admits, as a number. */
function lowest(range: string): number {
  const [, major, minor = "0"] = /^>= ?(\d+)(?:\.(\d+))?(?:\.\d+)?$/.exec(range) ?? [];
  if (major === undefined) throw new Error(`The test cannot read the range ${range}.`);
  return Number(major) * 1000 + Number(minor);
}
