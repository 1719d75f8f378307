import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../cli/main";

const FILES = [".gitignore", "cdktf.json", "main.ts", "package.json", "stack.test.ts", "stack.ts", "tsconfig.json"];

// package.test.ts installs and runs a project.
describe("ecs-default-vpc init", () => {
  let folder: string;
  const before = process.env.INIT_CWD;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "init-"));
    delete process.env.INIT_CWD;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    if (before !== undefined) process.env.INIT_CWD = before;
  });
  const init = (...args: string[]) => main(["init", ...args], folder);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");

  it("writes a project into the folder, and says how to go on", async () => {
    expect(await init()).toEqual({
      status: 0,
      stdout: `Wrote ${FILES.join(", ")}. Next:\n\n  npm install\n  npm test\n  npm run plan:offline\n`,
      stderr: "",
    });
    expect(readdirSync(folder).sort()).toEqual(FILES);
    expect(read("stack.ts")).toContain(
      'new EcsClusterStack(app, "shop", { values: { name: "shop", region: "eu-west-1" } })',
    );
    expect(JSON.parse(read("cdktf.json"))).toEqual({ language: "typescript", app: "npx tsx main.ts" });
  });

  it("writes into another folder, with another name and region, and prints JSON", async () => {
    const { stdout } = await init("apps/blog", "--name", "blog", "--region", "sa-east-1", "--json");
    expect(JSON.parse(stdout)).toEqual({ version: 1, folder: "apps/blog", files: FILES });
    expect(read("apps/blog/stack.ts")).toContain('"blog", { values: { name: "blog", region: "sa-east-1" } }');
    expect((await init("apps/other")).stdout).toContain("\n  cd apps/other\n  npm install\n");
  });

  it("uses cdktn with --cdktn", async () => {
    await init("--cdktn");
    for (const name of ["main.ts", "stack.ts", "stack.test.ts"]) expect(read(name)).not.toMatch(/cdktf/);
    expect(read("stack.ts")).toContain('from "ecs-default-vpc/cdktn"');
    const { dependencies, devDependencies, scripts } = JSON.parse(read("package.json"));
    expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => name.includes("cdktf"))).toEqual([]);
    expect(scripts.deploy).toBe("cdktn deploy");
  });

  it("adds to a package.json what is missing, and changes nothing in it", async () => {
    const existing = {
      name: "mine",
      version: "3.0.0",
      scripts: { test: "echo mine" },
      dependencies: { cdktf: "0.21.0" },
    };
    writeFileSync(join(folder, "package.json"), JSON.stringify(existing));
    await init();
    const manifest = JSON.parse(read("package.json"));
    expect(manifest).toMatchObject(existing);
    expect(manifest.scripts.synth).toBe("cdktf synth");
    expect(Object.keys(manifest.dependencies)).toContain("ecs-default-vpc");
  });

  it("writes nothing when a file exists, and names it", async () => {
    mkdirSync(join(folder, "app"));
    writeFileSync(join(folder, "app/main.ts"), "mine");
    expect(await init("app")).toEqual({
      status: 2,
      stdout: "",
      stderr: "main.ts already exists in app. Use an empty folder, or move the files.\n",
    });
    expect(readdirSync(join(folder, "app"))).toEqual(["main.ts"]);
  });

  it.each([
    [["--name", "internal-x"], "--name must "],
    [["--region", "eu-west-1a"], '--region must be the code of an AWS region; received "eu-west-1a".'],
  ])("rejects %j", async (args, message) => {
    const { status, stderr } = await init(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("rejects a folder that is a file", async () => {
    writeFileSync(join(folder, "file"), "");
    const { status, stderr } = await init("file");
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^The project cannot be written: .* Give another folder\.\n$/),
    ]);
  });

  it("rejects a package.json that is not JSON, and writes nothing", async () => {
    for (const text of ["{", "null", "[]"]) {
      writeFileSync(join(folder, "package.json"), text);
      const { status, stderr } = await init();
      expect([status, stderr]).toEqual([2, expect.stringMatching(/^package\.json is not valid JSON: /)]);
    }
    expect(readdirSync(folder)).toEqual(["package.json"]);
  });
});
