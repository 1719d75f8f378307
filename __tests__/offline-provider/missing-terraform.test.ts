import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

/** Runs a suite of the real Terraform's on a machine that has none. */
function withoutTerraform(ci: string): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const args = ["node_modules/jest/bin/jest.js", "--selectProjects", "terraform", "--", "offline-provider-matchers"];
    const env = { ...process.env, TERRAFORM_BINARY_NAME: "no-such-terraform", CI: ci };
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "ignore", "pipe"] });
    let output = "";
    child.stderr.on("data", (data) => {
      output += data;
    });
    child.on("close", (status) => resolve({ status, output }));
  });
}

describe("a suite that needs terraform, where there is none", () => {
  it("is skipped with a line that says so", async () => {
    const { status, output } = await withoutTerraform("");
    expect(output).toContain(
      'skipped: "cdktf\'s jest matchers, with the offline provider", because terraform is not installed',
    );
    expect(output).toMatch(/Tests: +(\d+) skipped, \1 total/);
    expect(status).toBe(0);
  });

  it("fails in CI", async () => {
    const { status, output } = await withoutTerraform("true");
    expect(output).toContain("needs terraform, which CI must have");
    expect(status).toBe(1);
  });
});
