import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "smol-toml";
import { AgentConfig, hcl, type TomlValue, UserData } from "../../src";
import { USER_DATA_LIMIT_BYTES } from "../../src/instances/user-data";
import { problemsOf } from "../support/problems";
import { fc, SEED } from "../support/seeded";

const shell = new AgentConfig({ clusterName: "prod" });
const bottlerocket = new AgentConfig({ clusterName: "prod", family: "bottlerocket" });
const template = (extraLines: readonly string[]) => new UserData({ agentConfig: shell, extraLines }).template;

describe("UserData", () => {
  it("appends the agent's variables to its file, in quotes", () => {
    expect(new UserData({ agentConfig: shell }).template).toBe(
      [
        "#!/bin/bash",
        "# The cluster that the ECS agent joins, and the host ports that the security groups admit.",
        "# The lines are appended, because some ECS-optimized AMIs already have lines in this file.",
        "cat >> /etc/ecs/ecs.config <<'ECS_CONFIG'",
        ...shell.environment(),
        "ECS_CONFIG",
        "",
      ].join("\n"),
    );
  });

  it("runs the extra lines in their order after it writes the agent's file", () => {
    expect(template(["yum install -y htop", "echo done"])).toMatch(/\nECS_CONFIG\nyum install -y htop\necho done\n$/);
  });

  it("keeps ${ and %{ of extra lines as text", () => {
    expect(template(['echo "${HOME}" %{x} \\n'])).toContain('\necho "$${HOME}" %%{x} \\n\n');
  });

  it("writes every character of a variable into the agent's file, and a real shell runs none of them", () => {
    const folder = mkdtempSync(join(tmpdir(), "user-data-"));
    const pieces = fc.constantFrom(
      "$(touch pwned)",
      "`touch pwned`",
      "ECS_CONFIG",
      "'",
      '"',
      "\\",
      "$HOME",
      ";",
      " ",
      "\t",
      "é",
      "&",
    );
    const line = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(""));
    const all = fc.sample(fc.array(line, { minLength: 1, maxLength: 3 }), { numRuns: 40, seed: SEED });
    const configs = all.map((lines) => {
      const variables = Object.fromEntries(lines.map((text, index) => [`ECS_V${index}`, text]));
      return new AgentConfig({ clusterName: "prod", options: { variables } });
    });
    try {
      for (const [index, agentConfig] of configs.entries()) {
        const script = new UserData({ agentConfig, extraLines: ["exit 7"] }).template;
        // As Terraform renders it.
        const rendered = script.replace(/([$%])\1\{/g, "$1{").replace("/etc/ecs/ecs.config", `${index}.config`);
        writeFileSync(join(folder, `${index}.sh`), rendered);
      }
      // One shell for all, because a shell takes longer to start than a script. Each runs in a subshell, which its `exit` ends.
      const loop = `for n in {0..${configs.length - 1}}; do (. ./$n.sh); echo $?; rm $n.sh; done`;
      const exits = execFileSync("bash", ["-c", loop], { cwd: folder, encoding: "utf8" });
      expect(exits).toBe("7\n".repeat(configs.length));
      const files = Object.fromEntries(
        readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
      );
      expect(files).toEqual(
        Object.fromEntries(configs.map((config, index) => [`${index}.config`, `${config.environment().join("\n")}\n`])),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("keeps any text inside Bottlerocket's settings, as a name and as a value", () => {
    const text = fc.string({
      unit: fc.constantFrom('"', "'", "\\", "\n", "\r", "[", "]", "=", "#", ".", "a", "\u0001", "é"),
    });
    const value = fc.letrec<{ value: TomlValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 2 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.dictionary(text, tie("value"), { maxKeys: 3 }),
      ),
    })).value;
    const reserved = ["ecs", "host-containers", "autoscaling"];
    fc.assert(
      fc.property(fc.dictionary(text, value, { maxKeys: 4 }), (given) => {
        const settings = Object.fromEntries(Object.entries(given).filter(([name]) => !reserved.includes(name)));
        const toml = new AgentConfig({
          clusterName: "prod",
          family: "bottlerocket",
          bottlerocket: { settings },
        }).toml();
        expect(JSON.parse(JSON.stringify(parse(toml).settings))).toEqual({
          ...settings,
          ecs: { cluster: "prod", "awsvpc-block-imds": true },
          "host-containers": { admin: { enabled: true } },
        });
      }),
    );
  });

  it("is only the agent's TOML on Bottlerocket", () => {
    expect(new UserData({ agentConfig: bottlerocket }).template).toBe(bottlerocket.toml());
  });

  it("rejects shell lines on Bottlerocket, which has no shell", () => {
    expect(problemsOf(() => new UserData({ agentConfig: bottlerocket, extraLines: ["a", "b"] }))).toEqual([
      'extraLines must be empty with bottlerocket, which has no shell; received ["a", "b"]. Use amazon-linux-2023, or a bootstrap container of Bottlerocket.',
    ]);
  });

  it("rejects more than EC2's 16384 bytes, counted in bytes and not in characters", () => {
    const without = Buffer.byteLength(new UserData({ agentConfig: shell }).template);
    const room = USER_DATA_LIMIT_BYTES - without - 1;
    expect(problemsOf(() => template(["x".repeat(room)]))).toEqual([]);
    expect(problemsOf(() => template([`${"x".repeat(room - 1)}é`]))).toEqual([
      "extraLines must leave the user data within 16384 bytes; received 16385. Download long content from S3 instead.",
    ]);
  });

  it("rejects Bottlerocket's settings that are too long for EC2", () => {
    const settings = { motd: "x".repeat(17_000) };
    const agentConfig = new AgentConfig({ clusterName: "prod", family: "bottlerocket", bottlerocket: { settings } });
    expect(problemsOf(() => new UserData({ agentConfig }))).toEqual([
      expect.stringMatching(/^agentConfig must leave the user data within 16384 bytes; received 17\d{3}[.] /),
    ]);
  });

  it("accepts tokens in lines, but no token in place of all lines", () => {
    expect(template([`echo ${hcl`var.x`}`])).toMatch(/\necho \$\{TfToken\[[^\]]+\]\}\n$/);
    expect(problemsOf(() => template(hcl`var.lines`.list))).toEqual([
      "extraLines must be known when the code runs; received a token. Write the value itself instead of a token.",
    ]);
  });

  it("accepts only an AgentConfig", () => {
    expect(problemsOf(() => new UserData({ agentConfig: { clusterName: "prod" } as never }))).toEqual([
      'agentConfig must be an AgentConfig; received {"clusterName": "prod"}. Use new AgentConfig({ clusterName }).',
    ]);
  });
});
