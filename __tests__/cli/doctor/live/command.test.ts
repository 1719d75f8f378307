import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

// findings.test.ts tests the findings, and main.test.ts the options.
describe("npm run doctor", () => {
  it("exits with 2 without AWS credentials, and prints only that", () => {
    // The command in a new process, without a profile, a proxy and a metadata service.
    const nothing = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    const env = { PATH: process.env.PATH, ...nothing, AWS_EC2_METADATA_DISABLED: "true" };
    const [, script = ""] = /^tsx (.+)$/.exec(JSON.parse(readFileSync("package.json", "utf8")).scripts.doctor) ?? [];
    const args = ["--import", "tsx", ...script.split(" "), "--cluster", "ecs", "--region", "eu-west-1"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^Cannot check the cluster "ecs" in eu-west-1\.\nNo AWS credentials found [\s\S]+ aws sts\s+get-caller-identity\.\n$/,
    );
    expect(status).toBe(2);
  });
});
