import { CreateClusterCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AwsAccount } from "../../../../cli/doctor/aws/aws-account";
import { clientsOf } from "../../../../cli/doctor/aws/clients";
import { CHECKS } from "../../../../cli/doctor/checks";
import { examine } from "../../../../cli/doctor/report";
import { inJson } from "../../../../cli/doctor/report-text";
import { doctorSays, type Run } from "../../../support/doctor-command";
import { documentedActions } from "../../../support/doctor-policy";
import { describeMoto } from "../../../support/moto";
import { REGION } from "../../../support/moto-access";
import { denied, replaced } from "../../../support/moto-answers";
import { CAPACITY_FAULTS, outside } from "../../../support/moto-capacity-faults";
import { CLUSTER, HOST_PORTS } from "../../../support/moto-cluster";
import { examined, itFinds } from "../../../support/moto-doctor";
import { ownPolicy, ROLE_FAULTS } from "../../../support/moto-role-faults";
import { TRAFFIC_FAULTS } from "../../../support/moto-traffic-faults";

// One file, so that there is one server and one cluster.
describeMoto("the doctor, asked about a cluster", (moto) => {
  it("finds nothing in a healthy cluster, and tells each task's host port", async () => {
    const { planted, report, problemsFound } = await examined(moto());
    expect(problemsFound).toEqual([]);
    expect(report.checks.map(({ status }) => status)).toEqual(CHECKS.map(() => "ok"));
    expect(report.exitCode).toBe(0);
    const { tasks, instances } = planted;
    const told = report.checks.find(({ id }) => id === "targets")?.notes ?? [];
    expect([...told].sort()).toEqual(
      tasks.map((task, index) => `web ${task}: web 80/tcp is ${instances[index]}:${HOST_PORTS[index]}`).sort(),
    );
  });

  it("says which clusters there are where the name is wrong, and asks nothing else", async () => {
    const { report } = await examined(moto(), undefined, "esc");
    const [cluster, ...others] = report.checks;
    expect(cluster?.findings[0]?.problem).toBe('There is no cluster "esc" in eu-west-1.');
    expect(cluster?.findings[0]?.evidence).toEqual(["account 123456789012", "clusters in eu-west-1: ecs"]);
    expect(others.map(({ status }) => status)).toEqual(CHECKS.slice(1).map(() => "skipped"));
    expect(report.exitCode).toBe(1);
  });

  it("finds a cluster without capacity", async () => {
    const { problemsFound } = await examined(
      moto(),
      ({ clients }) => clients.ecs.send(new CreateClusterCommand({ clusterName: "plain" })),
      "plain",
    );
    expect(problemsFound).toEqual(['instances: The cluster "plain" has no EC2 capacity.']);
  });

  it("expects nothing of an instance that its group is about to end", async () => {
    const { problemsFound } = await examined(moto(), async (planted, proxy) => {
      await outside(1)(planted, proxy);
      const [, id] = planted.instances;
      const leaving = replaced(new RegExp(`(${id}</InstanceId>[^]*?<LifecycleState>)InService`), "$1Terminating:Wait");
      const wanted = replaced(/<DesiredCapacity>2/, "<DesiredCapacity>1");
      proxy.overlays.set("DescribeAutoScalingGroups", (answer) => wanted(leaving(answer)));
    });
    expect(problemsFound).toEqual([]);
  });

  it("goes on where one call is refused, and says which", async () => {
    const { report } = await examined(moto(), (_, { overlays }) =>
      overlays.set("GetInstanceProfile", denied("iam:GetInstanceProfile")),
    );
    const statuses = Object.fromEntries(report.checks.map(({ id, status }) => [id, status]));
    expect(statuses).toEqual({ ...Object.fromEntries(CHECKS.map(({ id }) => [id, "ok"])), role: "unknown" });
    expect(report.checks.find(({ id }) => id === "role")?.reason).toBe(
      "The credentials may not look (User: moto is not authorized to perform: iam:GetInstanceProfile). Give them the policy in docs/doctor.md.",
    );
    expect(report.exitCode).toBe(2);
  });

  it("looks at nothing where nothing answers, and says so in JSON too", async () => {
    const account = new AwsAccount({
      clusterName: CLUSTER,
      region: REGION,
      clients: clientsOf(REGION, "http://127.0.0.1:9"),
      now: new Date(),
    });
    expect(JSON.parse(inJson(await examine(account, CHECKS)))).toMatchObject({
      error: expect.stringContaining("AWS in eu-west-1 can't be reached (ECONNREFUSED"),
      checks: [],
      exitCode: 2,
    });
  });

  it("finds nothing in a healthy cluster whose role has a policy of its own, for this cluster alone", async () => {
    const { problemsFound } = await examined(moto(), ownPolicy("cluster/ecs", "container-instance/ecs/*"));
    expect(problemsFound).toEqual([]);
  });

  it("takes tasks that were stopped on purpose for what they are", async () => {
    const reason = "Scaling activity initiated by (deployment ecs-svc/1)";
    const { problemsFound } = await examined(moto(), ({ clients, tasks: [task] }) =>
      clients.ecs.send(new StopTaskCommand({ cluster: CLUSTER, task, reason })),
    );
    expect(problemsFound).toEqual([]);
  });

  itFinds(moto, [...CAPACITY_FAULTS, ...ROLE_FAULTS, ...TRAFFIC_FAULTS]);

  describe("by npm run doctor", () => {
    let healthy: Run;
    let missing: Run;
    let calls: string[];
    beforeAll(async () => {
      const { proxy, planted } = moto();
      await proxy.restore();
      // So that there is an inline policy to be read.
      const Statement = [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }];
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
      const own = { RoleName: `ecs-instance-${REGION}`, PolicyName: "own", PolicyDocument };
      await planted.clients.iam.send(new PutRolePolicyCommand(own));
      proxy.calls.clear();
      const about = ["--region", REGION, "--endpoint", await proxy.listen()];
      healthy = await doctorSays(["--cluster", CLUSTER, ...about]);
      // The clusters are listed only where the one that is asked for isn't there.
      missing = await doctorSays(["--cluster", "other", ...about, "--json"]);
      calls = [...proxy.calls].sort();
    });

    it("ends with 0 and few words where nothing is wrong", () => {
      expect(healthy.stderr).toBe("");
      expect(healthy.stdout).toMatch(/^ECS cluster "ecs" in eu-west-1, account 123456789012\n/);
      expect(healthy.stdout).toMatch(/\nNothing is wrong\.\n$/);
      expect(healthy.stdout).not.toMatch(/WRONG|undefined/);
      expect(healthy.status).toBe(0);
    });

    it("ends with 1 and the same findings as JSON", () => {
      const report = JSON.parse(missing.stdout);
      expect(Object.keys(report)).toEqual(["version", "cluster", "region", "account", "checks", "exitCode"]);
      expect(report).toMatchObject({ version: 1, cluster: "other", region: "eu-west-1", account: "123456789012" });
      expect(report.checks.map(({ id, status }: { id: string; status: string }) => `${id} ${status}`)).toEqual([
        ...["cluster wrong", "instances skipped", "registered skipped", "agents skipped", "role skipped"],
        ...["ports skipped", "zones skipped", "targets skipped", "services skipped", "images skipped"],
      ]);
      expect(Object.keys(report.checks[0].findings[0])).toEqual(["problem", "evidence", "fix", "commands"]);
      expect([report.exitCode, missing.status]).toEqual([1, 1]);
    });

    it("makes exactly the calls of the policy in docs/doctor.md", () => {
      expect(calls).toEqual(documentedActions());
    });
  });
});
