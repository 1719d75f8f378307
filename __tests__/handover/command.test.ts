import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { handover, type Told } from "../../tools/handover/command";
import { parseOptions } from "../../tools/handover/options";
import { removeFolders, temporaryFolder } from "../support/handover";

const ROOT = resolve(__dirname, "../..");

/** The command in this process, from `cwd` in a repository. */
const run = (args: string[], { root = ROOT, from = ROOT }: { root?: string; from?: string } = {}): Promise<Told> =>
  handover(args, { root, cwd: root, from });

/** How a person runs the command. */
const AS_PERSON = ["--import", "tsx", "tools/handover/cli.ts"];
/** The same, bundled first: tsx would transpile each source of a copy of the repository for the first time. */
const BUNDLED = [
  "--eval",
  'require("./tools/synth/load").runApp("tools/handover/cli.ts", undefined, { ownPackages: true })',
  "tools/handover/cli.ts",
];

/** The command in a process of its own. */
const asProcess = (
  command: string[],
  { cwd = ROOT, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Told => {
  const { INIT_CWD: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
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

/** Does something with the system's temporary folder elsewhere. */
async function withTemporary<Result>(folder: string, act: (folder: string) => Promise<Result>): Promise<Result> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    return await act(folder);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

/** The repository at another place, under another name. */
function repositoryElsewhere(from = ROOT, place = "another place"): string {
  const root = join(temporaryFolder(), place, "checkout");
  mkdirSync(root, { recursive: true });
  for (const part of ["src", "tools", "examples", "main.ts", "package.json", "tsconfig.json", "cdktf.json"]) {
    cpSync(join(from, part), join(root, part), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  return root;
}

describe("npm run handover", () => {
  let elsewhere: string;
  beforeAll(() => {
    elsewhere = repositoryElsewhere();
  });
  afterAll(removeFolders);

  /** Neither a path of a machine nor a time is in what was written. */
  function namesNoMachine(folder: string): void {
    const text = Object.values(contents(folder)).join("\n");
    expect(text).not.toMatch(/\/(home|root|Users|tmp|work|builds)\//);
    for (const path of [ROOT, elsewhere]) expect(text).not.toContain(path);
    expect(text).not.toMatch(/\b20\d\d-\d\d-\d\dT/);
  }

  it("writes to handover/<stack> and says so; --check agrees until somebody changes something", async () => {
    const root = elsewhere;
    const written = await withTemporary(temporaryFolder(), async (temporary) => {
      const told = await run([], { root });
      expect(readdirSync(temporary)).toEqual([]);
      return told;
    });
    expect(written).toMatchObject({ status: 0, stderr: "" });
    expect(written.stdout).toBe("Wrote handover/ecs: 12 files. Its README.md says how to plan and apply it.\n");
    expect(existsSync(join(root, "cdktf.out"))).toBe(false);
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
    expect(await run(["--out", out, "--check"], { root })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("is what the code gives"),
    });
    appendFileSync(join(out, "backend.tf.example"), "# mine\n");
    const before = contents(out);
    const checked = await run(["--out", out, "--check"], { root });
    expect(checked.status).toBe(1);
    expect(checked.stdout).toContain("--- backend.tf.example\ton disk\n+++ backend.tf.example\tfrom the code\n");
    expect(checked.stdout).toContain("\n-# mine\n");
    expect(checked.stdout).toContain(
      `differs from what the code gives. Write it anew: npm run handover -- --out ${out}\n`,
    );
    expect(contents(out)).toEqual(before);
  });

  it("gives the same bytes in another folder, time zone and locale, in --out from where the person is", async () => {
    const [person, here] = [temporaryFolder(), join(temporaryFolder(), "two")];
    // Two copies of one: somebody may be at work in this one.
    const second = repositoryElsewhere(elsewhere, "a third");
    // Terraform JSON is held by the hand-overs in the repository, which CI compares wherever it runs.
    const flags = ["--stack", "microservices", "--hcl", "--module"];
    const { status, stdout, stderr } = asProcess([...BUNDLED, ...flags, "--out", "mine"], {
      cwd: second,
      env: {
        ...{ TZ: "Asia/Kolkata", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" },
        ...{ HOME: temporaryFolder(), INIT_CWD: person },
      },
    });
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toMatch(/^Wrote \S+mine: \d+ files\. /);
    expect(readdirSync(person)).toEqual(["mine"]);
    expect(await run([...flags, "--out", here], { root: elsewhere })).toMatchObject({ status: 0, stderr: "" });
    expect(contents(join(person, "mine"))).toEqual(contents(here));
    namesNoMachine(here);
  });

  it("refuses a folder that it didn't write, and leaves it alone", async () => {
    const out = join(temporaryFolder(), "precious");
    mkdirSync(out);
    writeFileSync(join(out, "main.tf"), "# mine\n");
    const { status, stderr, stdout } = await run(["--out", out]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      '--out must be a new folder, an empty one or an earlier hand-over, which has a .handover.json; received "precious", which was not written by npm run handover. Give another folder, or move that one away.\n',
    );
    expect(contents(out)).toEqual({ "/main.tf": "# mine\n" });
  });

  it("names the stacks that there are, and passes on what an app says that fails", async () => {
    const unknown = asProcess([...AS_PERSON, "--stack", "nope"]);
    expect(unknown).toMatchObject({ status: 1, stdout: "" });
    expect(unknown.stderr).toMatch(
      /^--stack must be "ecs" or the name of a file in examples\/; received "nope"\. There are bottlerocket, .*microservices, .*\.\n$/,
    );
    const root = elsewhere;
    writeFileSync(
      join(root, "examples/broken.ts"),
      'import { App } from "cdktf";\nimport { EcsClusterStack } from "../src";\nnew EcsClusterStack(new App(), "broken", { portRange: { from: 2, to: 1 } }).toString();\n',
    );
    const { status, stderr } = await run(["--stack", "broken"], { root });
    expect(status).toBe(1);
    expect(stderr).toContain("portRange");
    expect(stderr).not.toContain("at Object");
  });

  it("takes an app whose stack has its name only", async () => {
    const { status, stderr } = await run(["--stack", "regions"]);
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
