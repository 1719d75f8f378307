import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";
import { version } from "../../package.json";
import { CREDENTIALS } from "../support/moto";

const COMMANDS = ["plan", "handover", "doctor", "status", "run", "init"];
/** The options of each command, which users' scripts have. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  plan: ["--stack", "--app", "--skip-synth", "--output", "--fixtures", "--json", "--dir", "--copy"],
  handover: [
    "--stack",
    "--app",
    "--skip-synth",
    "--output",
    "--out",
    "--hcl",
    "--module",
    "--check",
    "--release",
    "--json",
  ],
  doctor: ["--cluster", "--region", "--json"],
  status: ["--cluster", "--region", "--json", "--watch"],
  run: [
    ...["--cluster", "--region", "--json", "--container", "--env", "--capacity-provider", "--subnets"],
    ...["--security-groups", "--group"],
  ],
  init: ["--name", "--region", "--cdktn", "--json"],
};

describe("ecs-default-vpc", () => {
  const folder = mkdtempSync(join(tmpdir(), "command-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (...args: string[]) => main(args, folder);

  it("lists its commands", async () => {
    const { status, stdout } = await run("--help");
    expect(stdout.match(/^ {2}(\w+) .*/gm)?.map((line) => line.trim().split(" ")[0])).toEqual([...COMMANDS, "help"]);
    expect(status).toBe(0);
  });

  it("has the version of the package", async () => {
    expect(await run("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  it.each(COMMANDS)("lists the options of %s", async (command) => {
    const { status, stdout } = await run(command, "--help");
    expect(stdout.match(/^ {2}(-h, )?--[a-z-]+/gm)?.map((option) => option.trim())).toEqual([
      ...(OPTIONS[command] ?? []),
      "-h, --help",
    ]);
    expect(status).toBe(0);
  });

  it.each(COMMANDS)("is described in docs/command.md, with the help of %s", async (command) => {
    const { stdout } = await run(command, "--help");
    const page = readFileSync("docs/command.md", "utf8");
    expect(page).toContain(`\n## ${command}\n`);
    expect(page).toContain(`\`\`\`text\n${stdout.trimEnd()}\n\`\`\`\n`);
  });

  it.each([
    [
      "an unknown command",
      ["dcotor"],
      "error: unknown command 'dcotor'\n(Did you mean doctor?)\nRun ecs-default-vpc --help for the options.",
    ],
    [
      "an unknown option",
      ["plan", "--stac", "x"],
      "error: unknown option '--stac'\n(Did you mean --stack?)\nRun ecs-default-vpc plan --help for the options.",
    ],
    ["an argument", ["handover", "here"], "error: too many arguments for 'handover'. Expected 0 arguments but got 1."],
    ["a missing cluster", ["doctor"], "error: required option '--cluster <name>' not specified"],
    ["a missing region", ["status", "--cluster", "x"], "error: required option '--region <region>' not specified"],
    [
      "a zone in place of a region",
      ["doctor", "--cluster", "x", "--region", "eu-west-1a"],
      '--region must be the code of an AWS region; received "eu-west-1a". Use a code such as ap-northeast-2.',
    ],
    [
      "an endpoint that is no URL",
      ["doctor", "--cluster", "x", "--region", "eu-west-1", "--endpoint", "y"],
      "error: option '--endpoint <url>' argument 'y' is invalid. It must be a URL. Omit it to use AWS.",
    ],
    [
      "arguments after -- of another command",
      ["handover", "--", "-var", "x=y"],
      'Arguments after "--" are only for plan and run; received -var x=y. Remove "--".',
    ],
    [
      "an app with synthesized stacks",
      ["plan", "--skip-synth", "--app", "x"],
      "--skip-synth does not run an app. Remove --app or --skip-synth.",
    ],
    [
      "a folder that is no project",
      ["plan"],
      'There is no app in cdktf.json of this folder. Run the command in the folder of a CDKTF project. Or set --app to the command that synthesizes, such as "npx tsx main.ts". Or use --skip-synth for stacks that are synthesized.',
    ],
    [
      "an output without a stack",
      ["handover", "--skip-synth"],
      "cdktf.out has no synthesized stack. Synthesize the app: npx cdktf synth",
    ],
    [
      "a command that fails",
      ["handover", "--app", "echo broken; exit 3"],
      "broken\nThe app could not be synthesized: echo broken; exit 3",
    ],
  ])("rejects %s, and exits with 2", async (_, args, message) => {
    const { status, stdout, stderr } = await run(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect([status, stdout]).toEqual([2, ""]);
  });

  it.each([
    ["plan", [], "There is no app in cdktf.json of this folder."],
    ["plan", ["--copy"], "--copy requires --dir. Set --dir to the folder to copy."],
    ["handover", ["--out", " "], '--out must be a folder; received " ".'],
    ["doctor", ["--cluster", "x", "--region", "y"], "--region must be the code of an AWS region;"],
    ["doctor", ["--cluster", "x"], "error: required option '--region <region>' not specified"],
    ["status", ["--cluster", "x", "--region", "y"], "--region must be the code of an AWS region;"],
    ["run", ["job", "--cluster", "x", "--region", "y"], "--region must be the code of an AWS region;"],
    ["init", ["--name", "internal-x"], "--name must "],
    ["init", ["--nmae", "x"], "error: unknown option '--nmae'"],
  ])("prints an error of %s %j as JSON with --json", async (command, args, message) => {
    const { status, stdout, stderr } = await run(command, ...args, "--json");
    expect([status, stderr]).toEqual([2, ""]);
    expect(JSON.parse(stdout)).toEqual({ version: 1, error: expect.stringContaining(message) });
  });

  // Nothing listens on the port.
  it.each([
    ["doctor", ["--cluster", "x"], 2],
    ["status", ["--cluster", "x"], 2],
    ["run", ["job", "--cluster", "x"], 125],
  ])("prints as JSON that %s cannot reach AWS", async (command, args, code) => {
    Object.assign(process.env, CREDENTIALS);
    try {
      const where = ["--region", "eu-west-1", "--endpoint", "http://127.0.0.1:9"];
      const { status, stdout, stderr } = await run(command, ...args, ...where, "--json");
      expect([status, stderr]).toEqual([code, ""]);
      expect(JSON.parse(stdout)).toMatchObject({
        version: 1,
        error: expect.stringContaining("AWS in eu-west-1 cannot be reached (ECONNREFUSED"),
      });
    } finally {
      for (const name of Object.keys(CREDENTIALS)) delete process.env[name];
    }
  });
});
