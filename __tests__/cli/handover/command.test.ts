import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { handover, type Told } from "../../../cli/handover/command";
import { parseOptions } from "../../../cli/handover/options";
import { readme as readmeFrom } from "../../../cli/handover/readme";
import { readStack } from "../../../cli/handover/stack";
import { readStackFile } from "../../../cli/handover/stack-file";
import { synthesize } from "../../../cli/handover/synthesize";
import type { Json } from "../../../cli/handover/terraform-json/configuration";
import { writeApp } from "../../support/examples";
import { folderOf, removeFolders, stackJson, temporaryFolder } from "../../support/handover";

const ROOT = resolve(__dirname, "../../..");

/** The command in this process, in a repository. */
const run = (args: string[], { root = ROOT, ...place }: Partial<Parameters<typeof handover>[1]> = {}): Promise<Told> =>
  handover(args, { root, cwd: root, from: root, ...place });

/** What the tests have synthesized already. */
const known = (_root: string, stack: string): Json => stackJson(stack) as Json;

const unexpected = (): never => {
  throw new Error("Nobody should have to wait for a synth.");
};

/** A script in a process of its own. */
const asProcess = (args: string[], { cwd = ROOT, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Told => {
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

/** A repository at another place, with the tools of this one, whose examples are no more than these texts. */
function repositoryElsewhere(examples: Readonly<Record<string, string>>): string {
  const root = join(temporaryFolder(), "another place", "checkout");
  for (const folder of ["examples", "scripts"]) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of ["scripts/synth", "node_modules"]) symlinkSync(join(ROOT, folder), join(root, folder));
  for (const [name, text] of Object.entries(examples)) writeFileSync(join(root, "examples", `${name}.ts`), text);
  return root;
}

/** An app that gives what others have synthesized. */
const giving = (folder: string): string =>
  `import { cpSync } from "node:fs";\ncpSync(${JSON.stringify(folder)}, String(process.env.CDKTF_OUTDIR), { recursive: true });\n`;

describe("npm run handover", () => {
  const before = process.env.ECS_SYNTH_CACHE;
  /** Builds of apps that are gone a moment later should take nobody's place in the repository's cache. */
  const withOwnCache = () => {
    process.env.ECS_SYNTH_CACHE = temporaryFolder();
  };
  afterEach(() => {
    if (before === undefined) delete process.env.ECS_SYNTH_CACHE;
    else process.env.ECS_SYNTH_CACHE = before;
  });
  afterAll(removeFolders);

  /** Neither a path of a machine nor a time is in what was written. */
  function namesNoMachine(folder: string): void {
    const text = Object.values(contents(folder)).join("\n");
    expect(text).not.toMatch(/\/(home|root|Users|tmp|work|builds)\//);
    expect(text).not.toContain(ROOT);
    expect(text).not.toMatch(/\b20\d\d-\d\d-\d\dT/);
  }

  it("writes to handover/<stack> and says so; --check agrees until somebody changes something", async () => {
    const root = temporaryFolder();
    const here = { root, synthesize: known };
    const written = await run([], here);
    expect(written).toMatchObject({ status: 0, stderr: "" });
    expect(written.stdout).toBe("Wrote handover/ecs: 12 files. Its README.md says how to plan and apply it.\n");
    expect(readdirSync(root)).toEqual(["handover"]);
    expect(readdirSync(join(root, "handover"))).toEqual(["ecs"]);
    const out = join(root, "handover/ecs");
    namesNoMachine(out);
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
    // The README sends nobody to a file that isn't there.
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
      stdout: expect.stringContaining("is what the code gives"),
    });
    appendFileSync(join(out, "backend.tf.example"), "# mine\n");
    const before = contents(out);
    const checked = await run(["--out", out, "--check"], here);
    expect(checked.status).toBe(1);
    expect(checked.stdout).toContain("--- backend.tf.example\ton disk\n+++ backend.tf.example\tfrom the code\n");
    expect(checked.stdout).toContain("\n-# mine\n");
    expect(checked.stdout).toContain(
      `differs from what the code gives. Write it anew: npm run handover -- --out ${out}\n`,
    );
    expect(contents(out)).toEqual(before);
  });

  it("synthesizes the default app as it is", () => {
    expect(synthesize(ROOT, "ecs")).toEqual(stackJson("ecs"));
  });

  it("gives the same bytes in another folder, time zone and locale, in --out from where the person is", async () => {
    withOwnCache();
    const [person, synthesized, temporary] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    // What is synthesized elsewhere is looked at in determinism.test.ts.
    writeApp("examples/existing-vpc.ts", synthesized);
    const root = repositoryElsewhere({ "existing-vpc": giving(synthesized) });
    const command = "cli/handover/cli.js";
    const entryPoints = [join(ROOT, "cli/handover/cli.ts")];
    buildSync({ entryPoints, outfile: join(root, command), bundle: true, platform: "node", packages: "external" });
    // Terraform JSON is held by the hand-overs in the repository, which CI compares wherever it runs.
    const { status, stdout, stderr } = asProcess(
      [command, "--stack", "existing-vpc", "--hcl", "--module", "--out", "mine"],
      {
        cwd: root,
        env: {
          ...{ TZ: "Asia/Kolkata", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" },
          ...{ HOME: temporaryFolder(), TMPDIR: temporary, INIT_CWD: person },
        },
      },
    );
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toMatch(/^Wrote \S+mine: \d+ files\. /);
    expect(readdirSync(person)).toEqual(["mine"]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(root).sort()).toEqual(["cli", "examples", "node_modules", "scripts"]);
    const mine = join(person, "mine");
    expect(contents(mine)).toEqual(contents(await folderOf("existing-vpc", { hcl: true, module: true })));
    namesNoMachine(mine);
    expect(Object.values(contents(mine)).join("\n")).not.toContain(root);
  });

  it.each([[[]], [["--check"]]])(
    "refuses a folder that it didn't write before it synthesizes, and leaves it alone: %j",
    async (flags: readonly string[]) => {
      const out = join(temporaryFolder(), "precious");
      mkdirSync(out);
      writeFileSync(join(out, "main.tf"), "# mine\n");
      const { status, stderr, stdout } = await run(["--out", out, ...flags], { synthesize: unexpected });
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toBe(
        '--out must be a new folder, an empty one or an earlier hand-over, which has a .handover.json; received "precious", which was not written by npm run handover. Give another folder, or move that one away.\n',
      );
      expect(contents(out)).toEqual({ "/main.tf": "# mine\n" });
    },
  );

  it("says of a place that can't be written what is wrong with it", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "mine");
    const { status, stdout, stderr } = await run(["--out", join(file, "below")], { synthesize: known });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^--out must be a place that can be written; received ".+below": ENOTDIR: .+\. Give another folder, or mend that one\.\n$/,
    );
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  it("names the stacks that there are", async () => {
    const unknown = await run(["--stack", "nope"]);
    expect(unknown).toMatchObject({ status: 1, stdout: "" });
    expect(unknown.stderr).toMatch(
      /^--stack must be "ecs" or the name of a file in examples\/; received "nope"\. There are bottlerocket, .*microservices, .*\.\n$/,
    );
  });

  it("passes on what an app says that fails", async () => {
    withOwnCache();
    const mistake = "portRange must begin below its end.";
    const broken = `throw Object.assign(new Error("${mistake}"), { name: "SettingsError" });\n`;
    const root = repositoryElsewhere({ broken });
    expect(await run(["--stack", "broken"], { root })).toEqual({ status: 1, stdout: "", stderr: `${mistake}\n` });
  });

  it("takes an app whose stack has its name only", async () => {
    const synthesized = temporaryFolder();
    writeApp("examples/regions.ts", synthesized);
    const place = {
      root: temporaryFolder(),
      synthesize: (_: string, name: string) => readStackFile(synthesized, name),
    };
    const { status, stderr } = await run(["--stack", "regions"], place);
    expect(status).toBe(1);
    expect(stderr).toContain(
      '--stack must name an app with a stack of the same name; received "regions", whose app has regions-',
    );
  });
});

describe("the command's options", () => {
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
      '--stack must be a stack\'s name: letters, digits and hyphens; received "../x". For example --stack ecs.',
    ],
    [["--out", " "], '--out must name a folder; received " ". Give one, or leave --out away for handover/NAME.'],
    [["--hlc"], "Unknown option '--hlc'"],
    [["here"], "Unexpected argument 'here'"],
  ])("refuse %j", (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });

  it("are told by --help", async () => {
    const { status, stdout } = await run(["--help"]);
    expect(status).toBe(0);
    for (const option of ["--stack", "--out", "--hcl", "--module", "--check"]) expect(stdout).toContain(`  ${option}`);
  });
});
