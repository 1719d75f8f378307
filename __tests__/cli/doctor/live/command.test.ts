import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { doctor } from "../../../../cli/doctor/command";

// findings.test.ts tests the findings, and options.test.ts the options.
describe("npm run doctor", () => {
  it("exits with 2 without AWS credentials, and prints only that", () => {
    // The command in a new process, without a profile, a proxy and a metadata service.
    const nothing = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    const env = { PATH: process.env.PATH, ...nothing, AWS_EC2_METADATA_DISABLED: "true" };
    const [, script = ""] = /^tsx (.+)$/.exec(JSON.parse(readFileSync("package.json", "utf8")).scripts.doctor) ?? [];
    const args = ["--import", "tsx", script, "--cluster", "ecs", "--region", "eu-west-1"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^Cannot check the cluster "ecs" in eu-west-1\.\nNo AWS credentials found [\s\S]+ aws sts\s+get-caller-identity\.\n$/,
    );
    expect(status).toBe(2);
  });

  it("exits with 2 and its help for an unknown option", async () => {
    const { status, stdout, stderr } = await doctor(["--clutser", "ecs"]);
    expect(stderr).toContain("--clutser");
    expect(stderr).toContain("npm run doctor -- --cluster NAME --region REGION");
    expect(stderr).not.toContain("    at ");
    expect([status, stdout]).toEqual([2, ""]);
  });

  it("prints its help", async () => {
    const { status, stdout } = await doctor(["--help"]);
    expect(stdout).toContain("npm run doctor -- --cluster NAME --region REGION");
    expect(status).toBe(0);
  });
});
