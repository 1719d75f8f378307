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

  it.each([
    ...["systemctl restart ecs", "sudo systemctl start ecs.service", "systemctl enable --now ecs", "service ecs start"],
    ...[
      "/bin/systemctl restart docker && echo done",
      "systemctl start \\\n  ecs",
      "yum update -y; systemctl restart 'docker'",
    ],
    ...[
      "(systemctl restart ecs)",
      "echo $(systemctl restart ecs)",
      "`systemctl restart ecs`",
      'x="$(systemctl start ecs)"',
    ],
    ...["systemctl restart ecs>/dev/null", "systemctl restart ecs|cat", "systemctl enable ecs --now"],
    ...["systemctl reload-or-try-restart ecs", "systemctl condrestart ecs", "if true; then systemctl restart ecs; fi"],
    ...[
      "bash -c 'systemctl restart ecs'",
      "echo '#' # x\nsystemctl restart ecs",
      "cat <<E\nx\nE\nsystemctl restart ecs",
    ],
  ])("rejects a line that waits until the agent or Docker starts, because both wait for user data: %j", (line) => {
    expect(problemsOf(() => template(["echo first", line]))).toEqual([
      `extraLines[1] must not wait until ecs or docker starts, because systemd starts both after user data; received ${JSON.stringify(line)}. Remove it, or use systemctl --no-block. The agent reads its variables when it starts: set them in agent.variables.`,
    ]);
  });

  it.each([
    ...["echo ECS_POLL_METRICS=true > /etc/ecs/ecs.config", "cat <<EOF >/etc/ecs/ecs.config\nECS_A=1\nEOF"],
    ...["echo x | tee '/etc/ecs/ecs.config'", "aws s3 cp s3://bucket/ecs.config /etc/ecs/ecs.config"],
    ...["mv /tmp/ecs.config /etc/ecs/ecs.config", "curl -o /etc/ecs/ecs.config https://example.com"],
    ...["curl -so /etc/ecs/ecs.config http://x", "curl --output=/etc/ecs/ecs.config http://x"],
    ...["cp x /etc/ecs/ecs.config 2>/dev/null", "cp /tmp/ecs.config /etc/ecs/", "rm -f /etc/ecs/ecs.config"],
    ...["truncate -s 0 /etc/ecs/ecs.config", "dd if=/tmp/x of=/etc/ecs/ecs.config", "(echo a > /etc/ecs/ecs.config)"],
    ...["cp $(ls /tmp/*.config) /etc/ecs/ecs.config", "> /etc/ecs/ecs.config", "echo a &> '/etc/ecs/ecs.config'"],
  ])("rejects a line that overwrites the agent's file, which has the cluster's name: %j", (line) => {
    expect(problemsOf(() => template([line]))).toEqual([
      `extraLines[0] must not overwrite /etc/ecs/ecs.config, which has the name of the cluster; received ${JSON.stringify(line)}. Set variables in agent.variables, or append to the file with >>.`,
    ]);
  });

  it.each([
    ...["echo ECS_CLUSTER=other >> /etc/ecs/ecs.config", "echo ECS_CLUSTER=other | tee -a /etc/ecs/ecs.config"],
    ...["sed -i 's/ECS_CLUSTER=.*/ECS_CLUSTER=x/' /etc/ecs/ecs.config"],
    "cat >> /etc/ecs/ecs.config <<'EOF'\nECS_CLUSTER=other\nEOF",
    "cat <<'EOF' | tee -a /etc/ecs/ecs.config\nECS_CLUSTER=other\nEOF",
  ])("rejects a line that changes the cluster's name in the agent's file: %j", (line) => {
    expect(problemsOf(() => template([line]))).toEqual([
      `extraLines[0] must not change ECS_CLUSTER in /etc/ecs/ecs.config, which the library sets; received ${JSON.stringify(line)}. Remove it. An instance joins the cluster of its stack.`,
    ]);
  });

  it("reads commands and here-documents across the lines of the list", () => {
    expect(problemsOf(() => template(["echo a", "systemctl \\", "restart ecs", "true"]))).toEqual([
      expect.stringContaining("extraLines[1] must not wait until ecs or docker starts"),
    ]);
    expect(problemsOf(() => template(["cat > /tmp/x <<EOF", "systemctl restart ecs", "EOF", "true"]))).toEqual([]);
    expect(problemsOf(() => template(["cat > /tmp/x <<EOF", "EOF", "systemctl restart ecs"]))).toEqual([
      expect.stringContaining("extraLines[2] must not wait until ecs or docker starts"),
    ]);
  });

  it("rejects such a line with a token in it", () => {
    const line = `echo ECS_CLUSTER=${hcl`var.cluster`} > /etc/ecs/ecs.config`;
    expect(problemsOf(() => template([line]))).toEqual([
      'extraLines[0] must not overwrite /etc/ecs/ecs.config, which has the name of the cluster; received "echo ECS_CLUSTER=<token> > /etc/ecs/ecs.config". Set variables in agent.variables, or append to the file with >>.',
    ]);
  });

  it.each([
    ...["systemctl restart --no-block ecs", "systemctl --no-block enable --now docker", "systemctl restart ecs &"],
    ...["systemctl stop ecs", "systemctl status ecs.service", "systemctl enable ecs", "service ecs status"],
    ...["# systemctl restart ecs", "systemctl restart docker-cleanup", "systemctl start amazon-cloudwatch-agent"],
    ...["echo ECS_POLL_METRICS=true >> /etc/ecs/ecs.config", "echo x | tee -a /etc/ecs/ecs.config"],
    ...["systemd-run --on-active=60 systemctl restart ecs", "yum update -y # then systemctl restart ecs"],
    ...["cat > /tmp/x <<EOF\nsystemctl restart ecs\nEOF", "cat <<-'E' > /tmp/x\n\tsystemctl restart ecs\n\tE\ntrue"],
    ...["echo 'systemctl restart ecs' > /etc/cron.d/x", "echo $((1 << 2)); grep ECS_CLUSTER /etc/ecs/ecs.config"],
    ...["aws s3 cp /etc/ecs/ecs.config s3://bucket/", "case $1 in start) echo a;; esac", "echo a 2>&1"],
    ...["cp /etc/ecs/ecs.config /tmp/copy", "cat /etc/ecs/ecs.config > /tmp/copy", "sed -i s/a/b/ /etc/ecs/ecs.config"],
  ])("accepts %j", (line) => {
    expect(problemsOf(() => template([line]))).toEqual([]);
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
