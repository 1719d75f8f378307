import { doctor } from "../../support/doctor-command";

// What it does with an account is in findings.test.ts, and each mistake in the options in options.test.ts.
describe("npm run doctor, where there is nothing to look at", () => {
  it("ends with 2 and says so where there are no credentials", async () => {
    const { status, stdout, stderr } = await doctor(["--cluster", "ecs", "--region", "eu-west-1"], {});
    expect(stdout).toBe("");
    expect(stderr).toContain("There are no AWS credentials");
    expect(status).toBe(2);
  });

  it("ends with 2 and a usage for a mistake in its options", async () => {
    const { status, stdout, stderr } = await doctor(["--clutser", "ecs"]);
    expect(stderr).toContain("--clutser");
    expect(stderr).toContain("npm run doctor -- --cluster NAME --region REGION");
    expect(stderr).not.toContain("    at ");
    expect([status, stdout]).toEqual([2, ""]);
  });

  it("shows how it is used", async () => {
    const { status, stdout } = await doctor(["--help"]);
    expect(stdout).toContain("npm run doctor -- --cluster NAME --region REGION");
    expect(status).toBe(0);
  });
});
