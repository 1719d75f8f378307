import { spawn } from "node:child_process";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { documentedActions } from "../../support/doctor-policy";
import { CREDENTIALS, describeMoto } from "../../support/moto";
import { REGION } from "../../support/moto-access";
import { CLUSTER, plant } from "../../support/moto-cluster";

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a person runs it, with no credentials but those given. */
function doctor(args: readonly string[], env: NodeJS.ProcessEnv = CREDENTIALS): Promise<Run> {
  return new Promise((done, fail) => {
    const nothing = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    const child = spawn(process.execPath, ["--import", "tsx", "tools/doctor/cli.ts", ...args], {
      // Nothing of this process's own: no profile, no proxy, and no metadata service to ask.
      env: { PATH: process.env.PATH, ...nothing, AWS_EC2_METADATA_DISABLED: "true", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.once("error", fail);
    child.once("close", (status) => done({ status, stdout, stderr }));
  });
}

const NOWHERE = "http://127.0.0.1:9";
const of = (cluster: string, endpoint: string, ...more: string[]) => [
  ...["--cluster", cluster, "--region", REGION, "--endpoint", endpoint],
  ...more,
];

describeMoto("npm run doctor", (moto) => {
  beforeEach(() => moto().reset());

  it("ends with 0 and few words where nothing is wrong", async () => {
    await plant(moto().url);
    const { status, stdout, stderr } = await doctor(of(CLUSTER, moto().url));
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^ECS cluster "ecs" in eu-west-1, account 123456789012\n/);
    expect(stdout).toMatch(/\nNothing is wrong\.\n$/);
    expect(stdout).not.toMatch(/WRONG|undefined/);
    expect(status).toBe(0);
  });

  it("ends with 1 and the same findings as JSON", async () => {
    await plant(moto().url, { withProfile: false });
    const { status, stdout } = await doctor(of(CLUSTER, moto().url, "--json"));
    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual(["version", "cluster", "region", "account", "checks", "exitCode"]);
    expect(report).toMatchObject({ version: 1, cluster: "ecs", region: "eu-west-1", account: "123456789012" });
    expect(report.checks.map(({ id, status }: { id: string; status: string }) => `${id} ${status}`)).toEqual([
      ...["cluster ok", "instances ok", "registered ok", "agents ok", "role wrong", "ports ok", "zones ok"],
      ...["targets ok", "services ok", "images ok"],
    ]);
    expect(Object.keys(report.checks[4].findings[0])).toEqual(["problem", "evidence", "fix", "commands"]);
    expect([report.exitCode, status]).toEqual([1, 1]);
  });

  it("ends with 2 and says so where there are no credentials", async () => {
    const { status, stdout, stderr } = await doctor(of(CLUSTER, moto().url), {});
    expect(stdout).toBe("");
    expect(stderr).toContain("There are no AWS credentials");
    expect(status).toBe(2);
  });

  it("ends with 2 and says so where nothing answers, as JSON too", async () => {
    const { status, stdout, stderr } = await doctor(of(CLUSTER, NOWHERE, "--json"));
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      error: expect.stringContaining("AWS in eu-west-1 can't be reached (ECONNREFUSED"),
      checks: [],
      exitCode: 2,
    });
    expect(status).toBe(2);
  });

  it.each([
    [[], "--cluster must name the cluster"],
    [["--cluster", "ecs"], "--region must name the cluster's region"],
    [
      ["--cluster", "ecs", "--region", "eu-west-1a"],
      '--region must be the code of an AWS region; received "eu-west-1a"',
    ],
    [["--cluster", "ecs", "--region", "eu-west-1", "--endpoint", "x"], '--endpoint must be a URL; received "x"'],
    [["--clutser", "ecs"], "--clutser"],
  ])("ends with 2 and a usage for %j", async (args, words) => {
    const { status, stdout, stderr } = await doctor(args);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain("    at ");
    expect([status, stdout]).toEqual([2, ""]);
  });

  it("shows how it is used", async () => {
    const { status, stdout } = await doctor(["--help"]);
    expect(stdout).toContain("npm run doctor -- --cluster NAME --region REGION");
    expect(status).toBe(0);
  });

  it("makes exactly the calls of the policy in docs/doctor.md", async () => {
    const { clients } = await plant(moto().url);
    // So that there is an inline policy to be read.
    const Statement = [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }];
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await clients.iam.send(
      new PutRolePolicyCommand({ RoleName: `ecs-instance-${REGION}`, PolicyName: "own", PolicyDocument }),
    );
    moto().calls.clear();
    await doctor(of(CLUSTER, moto().url));
    // The clusters are listed only where the one that is asked for isn't there.
    await doctor(of("other", moto().url));
    expect([...moto().calls].sort()).toEqual(documentedActions());
  });
});
