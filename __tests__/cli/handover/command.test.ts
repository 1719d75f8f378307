import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import type { CommandResult } from "../../../cli/command-line";
import { readme as readmeFrom } from "../../../cli/handover/readme";
import { readStack } from "../../../cli/handover/stack";
import type { Json } from "../../../cli/handover/terraform-json/configuration";
import { main } from "../../../cli/main";
import { writeApp } from "../../support/examples";
import { folderOf, removeFolders, stackJson, temporaryFolder } from "../../support/handover";

const ROOT = resolve(__dirname, "../../..");

/** Runs the command in this process, in the folder of a project. */
const run = (args: string[], root = ROOT): Promise<CommandResult> => main(["handover", ...args], root);

/** Returns the folder of a project with a synthesized stack, which other tests synthesized too, and with the app of cdktf.json. */
function projectWith(stack: string, app = "exit 3"): string {
  const root = temporaryFolder();
  mkdirSync(join(root, "cdktf.out/stacks", stack), { recursive: true });
  writeFileSync(join(root, "cdktf.out/stacks", stack, "cdk.tf.json"), JSON.stringify(stackJson(stack)));
  writeFileSync(join(root, "cdktf.json"), JSON.stringify({ language: "typescript", app }));
  return root;
}

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

/** Returns an app that copies synthesized stacks. */
const appWith = (folder: string): string => `cp -R ${folder}/. "$CDKTF_OUTDIR"`;

describe("npm run handover", () => {
  afterAll(removeFolders);

  /** Checks that the files contain neither a path of this machine nor a time. */
  function expectNoMachine(folder: string): void {
    const text = Object.values(contents(folder)).join("\n");
    expect(text).not.toMatch(/\/(home|root|Users|tmp|work|builds)\//);
    expect(text).not.toContain(ROOT);
    expect(text).not.toMatch(/\b20\d\d-\d\d-\d\dT/);
  }

  it("writes handover/<stack>, and --check finds changed files in it", async () => {
    const root = projectWith("ecs");
    const here = ["--skip-synth"];
    const written = await run(here, root);
    expect(written).toMatchObject({ status: 0, stderr: "" });
    expect(written.stdout).toBe("Wrote 14 files to handover/ecs. Start with its README.md.\n");
    expect(readdirSync(root).sort()).toEqual(["cdktf.json", "cdktf.out", "handover"]);
    expect(readdirSync(join(root, "handover"))).toEqual(["ecs"]);
    const out = join(root, "handover/ecs");
    expectNoMachine(out);
    expect(Object.keys(contents(out))).toEqual([
      ...[
        "/.gitignore",
        "/.handover.json",
        "/CHANGES.md",
        "/README.md",
        "/backend.tf.example",
        "/deploy-policy-2.json",
        "/deploy-policy.json",
      ],
      ...["/diagram.svg", "/main.tf.json", "/outputs.tf.json", "/plan-policy.json", "/terraform.tfvars.example"],
      ...["/tests/plan.tftest.hcl", "/variables.tf.json", "/versions.tf.json"],
    ]);
    // All files in the README exist.
    const readme = readFileSync(join(out, "README.md"), "utf8");
    expect(readme).toBe(readmeFrom(readStack(stackJson("ecs") as Json, { name: "ecs" })));
    const named =
      readme.match(/\b(backend\.tf\.example|terraform\.tfvars\.example|tests\/[\w.]+|[\w./]+\.svg)\b/g) ?? [];
    expect([...new Set(named)].sort()).toEqual([
      ...["backend.tf.example", "diagram.svg", "terraform.tfvars.example", "tests/plan.tftest.hcl"],
    ]);
    expect(Object.keys(contents(out))).toEqual(expect.arrayContaining(named.map((file) => `/${file}`)));
    expect(await run(["--out", out, "--check", ...here], root)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("is up to date."),
    });
    appendFileSync(join(out, "backend.tf.example"), "# mine\n");
    const before = contents(out);
    const checked = await run(["--out", out, "--check", ...here], root);
    expect(checked.status).toBe(1);
    expect(checked.stdout).toContain("--- backend.tf.example\ton disk\n+++ backend.tf.example\tfrom the code\n");
    expect(checked.stdout).toContain("\n-# mine\n");
    expect(checked.stdout).toContain(`is out of date. To update it, run the same command without --check.\n`);
    expect(contents(out)).toEqual(before);
  });

  it("synthesizes the app of cdktf.json into a temporary folder", async () => {
    // A temporary folder that no other process uses.
    const { TMPDIR } = process.env;
    const temporary = temporaryFolder();
    process.env.TMPDIR = temporary;
    try {
      expect(await run(["--check"])).toEqual({ status: 0, stdout: "handover/ecs is up to date.\n", stderr: "" });
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("writes the same bytes in another folder, time zone and locale, with --out relative to the user's folder", async () => {
    const [user, synthesized, temporary] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    // determinism.test.ts tests the synthesis in another folder.
    writeApp("examples/existing-vpc.ts", synthesized);
    const root = join(temporaryFolder(), "another place", "checkout");
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, "cdktf.json"), JSON.stringify({ app: appWith(synthesized) }));
    const command = join(root, "main.js");
    const entryPoints = [join(ROOT, "cli/main.ts")];
    buildSync({ entryPoints, outfile: command, bundle: true, platform: "node", packages: "external" });
    symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
    // CI compares the committed hand-overs in Terraform JSON.
    const { status, stdout, stderr } = asProcess([command, "handover", "--hcl", "--module", "--out", "mine"], {
      cwd: root,
      env: {
        ...{ TZ: "Asia/Kolkata", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" },
        ...{ HOME: temporaryFolder(), TMPDIR: temporary, INIT_CWD: user, npm_package_json: join(root, "package.json") },
      },
    });
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toMatch(/^Wrote \d+ files to \S+mine\. /);
    expect(readdirSync(user)).toEqual(["mine"]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(root).sort()).toEqual(["cdktf.json", "main.js", "node_modules"]);
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
      // The app of this project fails.
      const { status, stderr, stdout } = await run(["--out", out, ...flags], projectWith("ecs"));
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).toBe(
        '--out must be a new folder, an empty folder or an earlier hand-over with a .handover.json; received "precious", which `handover` did not write. Give another folder, or move this one.\n',
      );
      expect(contents(out)).toEqual({ "/main.tf": "# mine\n" });
    },
  );

  it("lists in CHANGES.md what changed since the last version, however often it runs", async () => {
    const root = projectWith("ecs");
    const stack = join(root, "cdktf.out/stacks/ecs/cdk.tf.json");
    const out = join(root, "handover/ecs");
    const change = (idle: number) => {
      const json = JSON.parse(readFileSync(stack, "utf8"));
      json.resource.aws_lb.load_balancer.idle_timeout = idle;
      writeFileSync(stack, JSON.stringify(json));
    };
    const write = async (...args: string[]) => {
      const { status, stdout } = await run(["--skip-synth", ...args], root);
      expect(status).toBe(0);
      return { stdout, files: contents(out) };
    };
    expect((await write()).files["/CHANGES.md"]).toContain("The first version of this folder.");
    change(30);
    const once = await write();
    expect(once.files["/CHANGES.md"]).toContain("## Since the first hand-over\n\nChanged resources");
    expect((await write()).files).toEqual(once.files);
    expect((await write("--check")).stdout).toBe("handover/ecs is up to date.\n");
    const released = await write("--release", "1.4.0");
    expect(released.files["/CHANGES.md"]).toContain("## 1.4.0\n\nChanged resources");
    expect(released.files["/README.md"]).toContain("Version: `1.4.0`. [CHANGES.md](CHANGES.md)");
    expect((await write("--check")).stdout).toBe("handover/ecs is up to date.\n");
    change(60);
    const checked = await run(["--skip-synth", "--check"], root);
    expect([checked.status, checked.stdout]).toEqual([1, expect.stringContaining("+## Since 1.4.0\n")]);
    const other = await write("--hcl");
    expect(other.files["/CHANGES.md"]).toContain("## Since 1.4.0\n\nChanged resources");
    expect(other.files["/CHANGES.md"]).not.toMatch(/deletes:|New resources/);
  });

  it("compares with the JSON of a folder that an earlier version of the command wrote", async () => {
    const root = projectWith("ecs");
    const out = join(root, "handover/ecs");
    await run(["--skip-synth"], root);
    const marker = join(out, ".handover.json");
    const { files } = JSON.parse(readFileSync(marker, "utf8"));
    const forget = () => writeFileSync(marker, JSON.stringify({ handover: 1, files }));
    forget();
    await run(["--skip-synth"], root);
    expect(readFileSync(join(out, "CHANGES.md"), "utf8")).toContain("The first version of this folder.");
    forget();
    const variables = JSON.parse(readFileSync(join(out, "variables.tf.json"), "utf8"));
    variables.variable.max_size.default = 9;
    writeFileSync(join(out, "variables.tf.json"), JSON.stringify(variables));
    await run(["--skip-synth"], root);
    expect(readFileSync(join(out, "CHANGES.md"), "utf8")).toContain("- `max_size`: default `9` before, now `2`\n");
    // A file that someone broke is no reason to fail.
    forget();
    writeFileSync(join(out, "main.tf.json"), "{");
    expect(await run(["--skip-synth"], root)).toMatchObject({ status: 0, stderr: "" });
  });

  it.each([
    [
      ["--release", "1 4"],
      '--release must be 1 to 40 letters, digits, dots, plus signs and hyphens; received "1 4". For example --release 1.4.0.\n',
    ],
    [["--release", "1.4.0", "--check"], "--check writes nothing. Remove --release.\n"],
  ])("rejects %j", async (args, message) => {
    expect(await run(args)).toEqual({ status: 2, stdout: "", stderr: message });
  });

  it("says why it cannot write to a folder", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "mine");
    const { status, stdout, stderr } = await run(["--out", join(file, "below"), "--skip-synth"], projectWith("ecs"));
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^--out must be a folder that you can write to; received ".+below": ENOTDIR: .+\. Give another folder, or fix its permissions\.\n$/,
    );
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  it("prints the result as JSON", async () => {
    const root = projectWith("ecs");
    const { status, stdout } = await run(["--skip-synth", "--json"], root);
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ version: 1, stack: "ecs", folder: "handover/ecs", upToDate: true });
    expect(report.files).toContain("main.tf.json");
    writeFileSync(join(root, "handover/ecs/README.md"), "mine");
    const checked = await run(["--skip-synth", "--json", "--check"], root);
    expect([checked.status, JSON.parse(checked.stdout).upToDate]).toEqual([1, false]);
  });

  it("rejects an empty --out", async () => {
    expect(await run(["--out", " "])).toEqual({
      status: 2,
      stdout: "",
      stderr: '--out must be a folder; received " ". Give a folder, or omit --out to write to handover/STACK.\n',
    });
  });
});
