import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import type { CommandResult } from "../../../cli/command-line";
import { handover, parseOptions } from "../../../cli/handover/command";
import { readme as readmeFrom } from "../../../cli/handover/readme";
import { readStack } from "../../../cli/handover/stack";
import { readStackJson, synthesize } from "../../../cli/handover/synthesize";
import type { Json } from "../../../cli/handover/terraform-json/configuration";
import { writeApp } from "../../support/examples";
import { folderOf, removeFolders, stackJson, temporaryFolder } from "../../support/handover";

const ROOT = resolve(__dirname, "../../..");

/** Runs the command in this process, in a repository. */
const run = (
  args: string[],
  { root = ROOT, ...place }: Partial<Parameters<typeof handover>[1]> = {},
): Promise<CommandResult> => handover(args, { root, cwd: root, from: root, ...place });

/** Returns the JSON that other tests synthesized too. */
const known = (_root: string, stack: string): Json => stackJson(stack) as Json;

const unexpected = (): never => {
  throw new Error("The command must not synthesize.");
};

/** Runs a script in a new process. */
const asProcess = (
  args: string[],
  { cwd = ROOT, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): CommandResult => {
  const { INIT_CWD: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: { ...inherited, ...env },
    encoding: "utf8",
  });
  return { status: status ?? -1, stdout, stderr };
};

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry): [string, string] => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length), readFileSync(path, "utf8")];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Creates a repository in another folder, with the scripts of this one and the given examples. */
function repositoryElsewhere(examples: Readonly<Record<string, string>>): string {
  const root = join(temporaryFolder(), "another place", "checkout");
  for (const folder of ["examples", "scripts"]) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of ["scripts/synth", "node_modules"]) symlinkSync(join(ROOT, folder), join(root, folder));
  for (const [name, text] of Object.entries(examples)) writeFileSync(join(root, "examples", `${name}.ts`), text);
  return root;
}

/** Returns an app that copies synthesized stacks. */
const appWith = (folder: string): string =>
  `import { cpSync } from "node:fs";\ncpSync(${JSON.stringify(folder)}, String(process.env.CDKTF_OUTDIR), { recursive: true });\n`;

describe("npm run handover", () => {
  const before = process.env.ECS_SYNTH_CACHE;
  /** Keeps temporary apps out of the repository's cache. */
  const useTemporaryCache = () => {
    process.env.ECS_SYNTH_CACHE = temporaryFolder();
  };
  afterEach(() => {
    if (before === undefined) delete process.env.ECS_SYNTH_CACHE;
    else process.env.ECS_SYNTH_CACHE = before;
  });
  afterAll(removeFolders);

  /** Checks that the files contain neither a path of this machine nor a time. */
  function expectNoMachine(folder: string): void {
    const text = Object.values(contents(folder)).join("\n");
    expect(text).not.toMatch(/\/(home|root|Users|tmp|work|builds)\//);
    expect(text).not.toContain(ROOT);
    expect(text).not.toMatch(/\b20\d\d-\d\d-\d\dT/);
  }

  it("writes handover/<stack>, and --check finds changed files in it", async () => {
    const root = temporaryFolder();
    const here = { root, synthesize: known };
    const written = await run([], here);
    expect(written).toMatchObject({ status: 0, stderr: "" });
    expect(written.stdout).toBe("Wrote 12 files to handover/ecs. Start with its README.md.\n");
    expect(readdirSync(root)).toEqual(["handover"]);
    expect(readdirSync(join(root, "handover"))).toEqual(["ecs"]);
    const out = join(root, "handover/ecs");
    expectNoMachine(out);
    expect(Object.keys(contents(out))).toEqual([
      ...[
        "/.gitignore",
        "/.handover.json",
        "/README.md",
        "/backend.tf.example",
        "/deploy-policy-2.json",
        "/deploy-policy.json",
      ],
      ...["/diagram.svg", "/main.tf.json", "/outputs.tf.json", "/terraform.tfvars.example", "/tests/plan.tftest.hcl"],
      ...["/variables.tf.json", "/versions.tf.json"],
    ]);
    // All files in the README exist.
    const readme = readFileSync(join(out, "README.md"), "utf8");
    expect(readme).toBe(readmeFrom(readStack(known(root, "ecs"), { name: "ecs" })));
    const named =
      readme.match(/\b(backend\.tf\.example|terraform\.tfvars\.example|tests\/[\w.]+|[\w./]+\.svg)\b/g) ?? [];
    expect([...new Set(named)].sort()).toEqual([
      ...["backend.tf.example", "diagram.svg", "terraform.tfvars.example", "tests/plan.tftest.hcl"],
    ]);
    expect(Object.keys(contents(out))).toEqual(expect.arrayContaining(named.map((file) => `/${file}`)));
    expect(await run(["--out", out, "--check"], here)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("is up to date."),
    });
    appendFileSync(join(out, "backend.tf.example"), "# mine\n");
    const before = contents(out);
    const checked = await run(["--out", out, "--check"], here);
    expect(checked.status).toBe(1);
    expect(checked.stdout).toContain("--- backend.tf.example\ton disk\n+++ backend.tf.example\tfrom the code\n");
    expect(checked.stdout).toContain("\n-# mine\n");
    expect(checked.stdout).toContain(`is out of date. To update it, run: npm run handover -- --out ${out}\n`);
    expect(contents(out)).toEqual(before);
  });

  it("synthesizes the default app", () => {
    expect(synthesize(ROOT, "ecs")).toEqual(stackJson("ecs"));
  });

  it("writes the same bytes in another folder, time zone and locale, with --out relative to the user's folder", async () => {
    useTemporaryCache();
    const [user, synthesized, temporary] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    // determinism.test.ts tests the synthesis in another folder.
    writeApp("examples/existing-vpc.ts", synthesized);
    const root = repositoryElsewhere({ "existing-vpc": appWith(synthesized) });
    const command = "cli/handover/cli.js";
    const entryPoints = [join(ROOT, "cli/handover/cli.ts")];
    buildSync({ entryPoints, outfile: join(root, command), bundle: true, platform: "node", packages: "external" });
    // CI compares the committed hand-overs in Terraform JSON.
    const { status, stdout, stderr } = asProcess(
      [command, "--stack", "existing-vpc", "--hcl", "--module", "--out", "mine"],
      {
        cwd: root,
        env: {
          ...{ TZ: "Asia/Kolkata", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" },
          ...{ HOME: temporaryFolder(), TMPDIR: temporary, INIT_CWD: user },
        },
      },
    );
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toMatch(/^Wrote \d+ files to \S+mine\. /);
    expect(readdirSync(user)).toEqual(["mine"]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(root).sort()).toEqual(["cli", "examples", "node_modules", "scripts"]);
    const mine = join(user, "mine");
    expect(contents(mine)).toEqual(contents(await folderOf("existing-vpc", { hcl: true, module: true })));
    expectNoMachine(mine);
    expect(Object.values(contents(mine)).join("\n")).not.toContain(root);
  });

  it.each([[[]], [["--check"]]])(
    "rejects another program's folder before it synthesizes, and does not change it: %j",
    async (flags: readonly string[]) => {
      const out = join(temporaryFolder(), "precious");
      mkdirSync(out);
      writeFileSync(join(out, "main.tf"), "# mine\n");
      const { status, stderr, stdout } = await run(["--out", out, ...flags], { synthesize: unexpected });
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toBe(
        '--out must be a new folder, an empty folder or an earlier hand-over with a .handover.json; received "precious", which npm run handover did not write. Give another folder, or move this one.\n',
      );
      expect(contents(out)).toEqual({ "/main.tf": "# mine\n" });
    },
  );

  it("says why it cannot write to a folder", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "mine");
    const { status, stdout, stderr } = await run(["--out", join(file, "below")], { synthesize: known });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^--out must be a folder that you can write to; received ".+below": ENOTDIR: .+\. Give another folder, or fix its permissions\.\n$/,
    );
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  it("lists the examples if --stack is unknown", async () => {
    const unknown = await run(["--stack", "nope"]);
    expect(unknown).toMatchObject({ status: 1, stdout: "" });
    expect(unknown.stderr).toMatch(
      /^--stack must be "ecs" or the name of a file in examples\/; received "nope"\. The examples are blue-green, bottlerocket, .*microservices, .*\.\n$/,
    );
  });

  it("prints the error of an app that fails", async () => {
    useTemporaryCache();
    const message = "portRange must begin below its end.";
    const broken = `throw Object.assign(new Error("${message}"), { name: "SettingsError" });\n`;
    const root = repositoryElsewhere({ broken });
    expect(await run(["--stack", "broken"], { root })).toEqual({ status: 1, stdout: "", stderr: `${message}\n` });
  });

  it("requires a stack with the name of its app", async () => {
    const synthesized = temporaryFolder();
    writeApp("examples/regions.ts", synthesized);
    const place = {
      root: temporaryFolder(),
      synthesize: (_: string, name: string) => readStackJson(synthesized, name),
    };
    const { status, stderr } = await run(["--stack", "regions"], place);
    expect(status).toBe(1);
    expect(stderr).toContain(
      '--stack must be the name of an app that has a stack with this name; received "regions", whose app has the stacks regions-',
    );
  });
});

describe("the options of the hand-over", () => {
  it("have defaults", () => {
    expect(parseOptions([])).toEqual({
      stack: "ecs",
      out: undefined,
      hcl: false,
      module: false,
      check: false,
      help: false,
    });
  });

  it.each([
    [
      ["--stack", "../x"],
      '--stack must contain only letters, digits and hyphens; received "../x". For example --stack ecs.',
    ],
    [["--out", " "], '--out must be a folder; received " ". Give a folder, or omit --out to write to handover/ecs.'],
    [["--hlc"], "Unknown option '--hlc'"],
    [["here"], "Unexpected argument 'here'"],
  ])("are rejected: %j", (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });

  it("are in the help", async () => {
    const { status, stdout } = await run(["--help"]);
    expect(status).toBe(0);
    for (const option of ["--stack", "--out", "--hcl", "--module", "--check"]) expect(stdout).toContain(`  ${option}`);
  });
});
