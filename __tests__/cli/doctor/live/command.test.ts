import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { doctorSays } from "../../../support/doctor-command";

// What it does with an account is in findings.test.ts, and each mistake in the options in options.test.ts.
describe("npm run doctor, where there is nothing to look at", () => {
  it("ends with 2 and says so, and nothing else, where there are no credentials", () => {
    // The command as a person runs it. Nothing of this process's own: no profile, no proxy, and no metadata service to ask.
    const nothing = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    const env = { PATH: process.env.PATH, ...nothing, AWS_EC2_METADATA_DISABLED: "true" };
    const [, script = ""] = /^tsx (.+)$/.exec(JSON.parse(readFileSync("package.json", "utf8")).scripts.doctor) ?? [];
    const args = ["--import", "tsx", script, "--cluster", "ecs", "--region", "eu-west-1"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^Could not look at the cluster "ecs" in eu-west-1\.\nThere are no AWS credentials [\s\S]+\nanswer\.\n$/,
    );
    expect(status).toBe(2);
  });

  it("ends with 2 and a usage for a mistake in its options", async () => {
    const { status, stdout, stderr } = await doctorSays(["--clutser", "ecs"]);
    expect(stderr).toContain("--clutser");
    expect(stderr).toContain("npm run doctor -- --cluster NAME --region REGION");
    expect(stderr).not.toContain("    at ");
    expect([status, stdout]).toEqual([2, ""]);
  });

  it("shows how it is used", async () => {
    const { status, stdout } = await doctorSays(["--help"]);
    expect(stdout).toContain("npm run doctor -- --cluster NAME --region REGION");
    expect(status).toBe(0);
  });
});
