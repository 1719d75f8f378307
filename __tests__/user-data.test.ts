import { AgentConfig, UserData } from "../src";
import { USER_DATA_LIMIT_BYTES } from "../src/user-data";
import { mistakesOf } from "./support/synthesized";

const shell = new AgentConfig({ clusterName: "prod" });
const bottlerocket = new AgentConfig({ clusterName: "prod", family: "bottlerocket" });
const template = (extraLines: readonly string[]) => new UserData({ agentConfig: shell, extraLines }).template;

describe("user data", () => {
  it("appends the agent's lines to its file, quoted from the shell", () => {
    expect(new UserData({ agentConfig: shell }).template).toBe(
      [
        "#!/bin/bash",
        "# The cluster that the ECS agent joins, and the host ports that the security groups admit.",
        "# Appended, because some ECS-optimized AMIs bring lines of their own.",
        "cat >> /etc/ecs/ecs.config <<'ECS_CONFIG'",
        ...shell.environment(),
        "ECS_CONFIG",
        "",
      ].join("\n"),
    );
  });

  it("runs the caller's lines after the agent's file is written, in their order", () => {
    expect(template(["yum install -y htop", "echo done"])).toMatch(/\nECS_CONFIG\nyum install -y htop\necho done\n$/);
  });

  it("keeps the caller's text from Terraform's templates", () => {
    expect(template(['echo "${HOME}" %{x} \\n'])).toContain('\necho "$${HOME}" %%{x} \\n\n');
  });

  it("is the agent's TOML alone on Bottlerocket", () => {
    expect(new UserData({ agentConfig: bottlerocket }).template).toBe(bottlerocket.toml());
  });

  it("refuses shell lines on Bottlerocket, which runs no shell", () => {
    expect(mistakesOf(() => new UserData({ agentConfig: bottlerocket, extraLines: ["a", "b"] }))).toEqual([
      "extraLines must be empty with bottlerocket, which runs no shell; received 2 lines. Choose amazon-linux-2023, or a Bottlerocket bootstrap container.",
    ]);
  });

  it("refuses what is over EC2's 16384 bytes, counted in bytes and not in characters", () => {
    const without = Buffer.byteLength(new UserData({ agentConfig: shell }).template);
    const room = USER_DATA_LIMIT_BYTES - without - 1;
    expect(mistakesOf(() => template(["x".repeat(room)]))).toEqual([]);
    expect(mistakesOf(() => template([`${"x".repeat(room - 1)}é`]))).toEqual([
      "extraLines must leave the user data within 16384 bytes; received 16385 bytes in all. Fetch what is long from S3 instead.",
    ]);
  });
});
