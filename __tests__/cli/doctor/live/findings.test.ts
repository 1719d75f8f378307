import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  CreateClusterCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import type { CommandResult } from "../../../../cli/command-line";
import { AwsAccount } from "../../../../cli/doctor/aws/aws-account";
import { clientsOf } from "../../../../cli/doctor/aws/clients";
import { CHECKS } from "../../../../cli/doctor/checks";
import { doctor } from "../../../../cli/doctor/command";
import { runChecks } from "../../../../cli/doctor/report";
import { reportJson } from "../../../../cli/doctor/report-text";
import { run } from "../../../../cli/run/command";
import { status } from "../../../../cli/status/command";
import { bundleCommands } from "../../../../scripts/build/build";
import { documentedActions } from "../../../support/doctor-policy";
import { describeMoto } from "../../../support/moto";
import { REGION } from "../../../support/moto-access";
import { denied, replaced } from "../../../support/moto-answers";
import { CAPACITY_FAULTS, outside } from "../../../support/moto-capacity-faults";
import { CLUSTER, HOST_PORTS } from "../../../support/moto-cluster";
import { examine, FOUND, itFinds } from "../../../support/moto-doctor";
import { HEALTH_FAULTS } from "../../../support/moto-health-faults";
import { LISTENER_FAULTS, withAllCalls } from "../../../support/moto-listener-faults";
import { NEED_FAULTS } from "../../../support/moto-need-faults";
import { NETWORK_FAULTS } from "../../../support/moto-network-faults";
import { ownPolicy, ROLE_FAULTS } from "../../../support/moto-role-faults";
import { SCALING_FAULTS } from "../../../support/moto-scaling-faults";
import { SCHEDULE_FAULTS } from "../../../support/moto-schedule-faults";
import { SERVICE_FAULTS } from "../../../support/moto-service-faults";
import { TASK_FAULTS } from "../../../support/moto-task-faults";
import { TEMPLATE_FAULTS } from "../../../support/moto-template-faults";
import { TRAFFIC_FAULTS } from "../../../support/moto-traffic-faults";

/** An inline policy of the instance role, which makes the doctor call GetRolePolicy. */
const OWN_POLICY = {
  ...{ RoleName: `ecs-instance-${REGION}`, PolicyName: "own" },
  PolicyDocument: JSON.stringify({
    ...{ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] },
  }),
};

// All in one file, because they share one server and one cluster.
describeMoto("the doctor", (moto) => {
  it("finds no problem in a healthy cluster, and lists the host port of each task", async () => {
    const { resources, report, problemsFound } = await examine(moto());
    expect(problemsFound).toEqual([]);
    expect(report.checks.map(({ status }) => status)).toEqual(CHECKS.map(() => "ok"));
    expect(report.exitCode).toBe(0);
    const { tasks, instances } = resources;
    const notes = report.checks.find(({ id }) => id === "targets")?.notes ?? [];
    expect([...notes].sort()).toEqual(
      tasks.map((task, index) => `web ${task}: web 80/tcp on ${instances[index]}:${HOST_PORTS[index]}`).sort(),
    );
  });

  it("lists the clusters of the region if the name is wrong, and skips all other checks", async () => {
    const { report } = await examine(moto(), undefined, "esc");
    const [cluster, ...others] = report.checks;
    expect(cluster?.findings[0]?.problem).toBe('The cluster "esc" does not exist in eu-west-1.');
    expect(cluster?.findings[0]?.evidence).toEqual(["account 123456789012", "other clusters in eu-west-1: ecs"]);
    expect(others.map(({ status }) => status)).toEqual(CHECKS.slice(1).map(() => "skipped"));
    expect(report.exitCode).toBe(1);
  });

  it("finds a cluster without instances", async () => {
    const { problemsFound } = await examine(
      moto(),
      ({ clients }) => clients.ecs.send(new CreateClusterCommand({ clusterName: "plain" })),
      "plain",
    );
    expect(problemsFound).toEqual(['instances: The cluster "plain" has no EC2 capacity.']);
  });

  it("ignores an instance that its Auto Scaling group terminates", async () => {
    const { problemsFound } = await examine(moto(), async (resources, proxy) => {
      await outside(1)(resources, proxy);
      const [, id] = resources.instances;
      const terminating = replaced(
        new RegExp(`(${id}</InstanceId>[^]*?<LifecycleState>)InService`),
        "$1Terminating:Wait",
      );
      const smaller = replaced(/<DesiredCapacity>2/, "<DesiredCapacity>1");
      proxy.overlays.set("DescribeAutoScalingGroups", (answer) => smaller(terminating(answer)));
    });
    expect(problemsFound).toEqual([]);
  });

  it("continues if AWS denies a call, and names the call", async () => {
    const { report } = await examine(moto(), (_, { overlays }) =>
      overlays.set("GetInstanceProfile", denied("iam:GetInstanceProfile")),
    );
    const statuses = Object.fromEntries(report.checks.map(({ id, status }) => [id, status]));
    expect(statuses).toEqual({
      ...Object.fromEntries(CHECKS.map(({ id }) => [id, "ok"])),
      role: "unknown",
      templates: "unknown",
    });
    expect(report.checks.find(({ id }) => id === "role")?.reason).toBe(
      "The credentials lack iam:GetInstanceProfile (User: moto is not authorized to perform: iam:GetInstanceProfile). Attach the policy in docs/doctor.md.",
    );
    expect(report.exitCode).toBe(2);
  });

  it("runs no check if AWS cannot be reached, and says so in JSON", async () => {
    const account = new AwsAccount({
      clusterName: CLUSTER,
      region: REGION,
      clients: clientsOf(REGION, "http://127.0.0.1:9"),
      now: new Date(),
    });
    expect(JSON.parse(reportJson(await runChecks(account, CHECKS)))).toMatchObject({
      error: expect.stringContaining("AWS in eu-west-1 cannot be reached (ECONNREFUSED"),
      checks: [],
      exitCode: 2,
    });
  });

  it("finds no problem if the role's only policy is for this cluster", async () => {
    const { problemsFound } = await examine(moto(), ownPolicy("cluster/ecs", "container-instance/ecs/*"));
    expect(problemsFound).toEqual([]);
  });

  it("ignores tasks that a deployment stopped", async () => {
    const reason = "Scaling activity initiated by (deployment ecs-svc/1)";
    const { problemsFound } = await examine(moto(), ({ clients, tasks: [task] }) =>
      clients.ecs.send(new StopTaskCommand({ cluster: CLUSTER, task, reason })),
    );
    expect(problemsFound).toEqual([]);
  });

  itFinds(moto, [
    ...[
      ...CAPACITY_FAULTS,
      ...NETWORK_FAULTS,
      ...LISTENER_FAULTS,
      ...HEALTH_FAULTS,
      ...ROLE_FAULTS,
      ...SCALING_FAULTS,
      ...SCHEDULE_FAULTS,
      ...SERVICE_FAULTS,
      ...TASK_FAULTS,
      ...TRAFFIC_FAULTS,
    ],
    ...[...NEED_FAULTS, ...TEMPLATE_FAULTS],
  ]);

  it("finds each cause of each check in one of these faults", () => {
    const declared = CHECKS.flatMap(({ id, causes }) => causes.map((cause) => `${id}: ${cause.id}`));
    expect([...FOUND].sort()).toEqual([...new Set(declared)].sort());
  });

  describe("npm run doctor", () => {
    let healthy: CommandResult;
    let missing: CommandResult;
    let calls: string[];
    let options: { readonly region: string; readonly endpoint: string };
    beforeAll(async () => {
      const { proxy, resources } = moto();
      await proxy.restore();
      await resources.clients.iam.send(new PutRolePolicyCommand(OWN_POLICY));
      await withAllCalls(resources, proxy);
      proxy.calls.clear();
      options = { region: REGION, endpoint: await proxy.listen() };
      healthy = await doctor({ cluster: CLUSTER, ...options });
      // The doctor lists the clusters only if the given one does not exist.
      missing = await doctor({ cluster: "other", ...options, json: true });
      calls = [...proxy.calls].sort();
    });

    it("exits with 0 if nothing is wrong", () => {
      expect(healthy.stderr).toBe("");
      expect(healthy.stdout).toMatch(/^ECS cluster "ecs" in eu-west-1, account 123456789012\n/);
      expect(healthy.stdout).toMatch(/\nNothing is wrong\.\n$/);
      expect(healthy.stdout).not.toMatch(/WRONG|undefined/);
      expect(healthy.status).toBe(0);
    });

    it("exits with 1 if something is wrong, and prints the report as JSON", () => {
      const report = JSON.parse(missing.stdout);
      expect(Object.keys(report)).toEqual(["version", "cluster", "region", "account", "causes", "checks", "exitCode"]);
      expect(report).toMatchObject({ version: 1, cluster: "other", region: "eu-west-1", account: "123456789012" });
      expect(report.checks.map(({ id, status }: { id: string; status: string }) => `${id} ${status}`)).toEqual(
        CHECKS.map(({ id }, index) => `${id} ${index === 0 ? "wrong" : "skipped"}`),
      );
      expect(Object.keys(report.checks[0].findings[0])).toEqual(["problem", "evidence", "fix", "commands", "cause"]);
      expect([report.exitCode, missing.status]).toEqual([1, 1]);
    });

    it("makes exactly the calls of the policy in docs/doctor.md", () => {
      expect(calls).toEqual(documentedActions());
    });

    it("is examined by the command of the package", async () => {
      const folder = mkdtempSync(join(tmpdir(), "bundles-"));
      await bundleCommands(folder);
      const { region, endpoint } = options;
      const args = ["doctor", "--cluster", CLUSTER, "--region", region, "--endpoint", endpoint];
      const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "main.js"), ...args]);
      rmSync(folder, { recursive: true });
      expect(stdout).toBe(healthy.stdout);
    });

    it("has a status, which the command status shows at a glance", async () => {
      const shown = await status({ cluster: CLUSTER, ...options });
      expect(shown.stderr).toBe("");
      const [title, ...lines] = shown.stdout.replaceAll(/ {2,}/g, "  ").split("\n");
      expect(title).toBe('ECS cluster "ecs" in eu-west-1, account 123456789012: ACTIVE');
      expect(lines).toEqual(expect.arrayContaining(["SERVICE  DESIRED  RUNNING  PENDING  DEPLOYMENT"]));
      const json = JSON.parse((await status({ cluster: CLUSTER, ...options, json: true })).stdout);
      expect(Object.keys(json)).toEqual([
        ...["version", "cluster", "region", "account", "state", "services", "groups", "instances"],
      ]);
      expect(json.instances).toHaveLength(2);
      expect(json.instances).toEqual([
        ...[0, 1].map(() => expect.objectContaining({ state: "running", agent: "connected", tasks: 1 })),
      ]);
      expect(json.services).toEqual([
        expect.objectContaining({ name: "web", desired: 1, running: 1, deployment: "COMPLETED" }),
      ]);
    });

    it("has one line of JSON for each status with --watch, also for an error after the first", async () => {
      const { proxy } = moto();
      const lines: string[] = [];
      const screen = { isTTY: true, write: (text: string) => lines.push(text) };
      const denied = {
        status: 400,
        body: JSON.stringify({ __type: "AccessDeniedException", message: "not authorized" }),
      };
      const result = await status({ cluster: CLUSTER, ...options, json: true, watch: true }, screen, async () => {
        if (lines.length === 2) return "stop";
        return proxy.overlays.set("DescribeClusters", () => denied);
      });
      proxy.overlays.clear();
      expect(lines.map((line) => line.match(/\n/g))).toEqual([["\n"], ["\n"]]);
      const [first, second] = lines.map((line) => JSON.parse(line));
      expect(first).toMatchObject({ version: 1, cluster: CLUSTER });
      expect(second).toEqual({ version: 1, error: expect.stringContaining("lack ecs:DescribeClusters") });
      expect([result.status, result.stdout]).toEqual([2, ""]);
    });

    it("has no status if its name is wrong", async () => {
      expect(await status({ cluster: "esc", ...options })).toEqual({
        status: 2,
        stdout: "",
        stderr: 'Cannot read the cluster "esc" in eu-west-1.\nThere is no such cluster. The clusters are: ecs.\n',
      });
    });

    it("runs a task once, which the command run follows until it stops", async () => {
      const { proxy, resources } = moto();
      const { ecs } = resources.clients;
      await ecs.send(
        new RegisterTaskDefinitionCommand({
          family: "ecs-migrate",
          networkMode: "bridge",
          containerDefinitions: [{ name: "migrate", image: "web:1", memory: 64 }],
        }),
      );
      const progress: string[] = [];
      const logs = { send: () => Promise.reject(new Error("There is no log.")) } as never;
      const stop = async () => {
        const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: CLUSTER, family: "ecs-migrate" }));
        for (const task of taskArns) await ecs.send(new StopTaskCommand({ cluster: CLUSTER, task, reason: "by hand" }));
      };
      // moto runs no containers. A stopped one has the exit code 0.
      const result = await run("ecs-migrate", { cluster: CLUSTER, region: REGION }, ["node", "migrate.js"], {
        ...{ ecs, logs, wait: stop, out: () => {}, progress: (text: string) => progress.push(text) },
      });
      expect(progress[0]).toMatch(/^Started task \S+ of ecs-migrate:1 on cluster ecs\.\n$/);
      expect(progress).toContain("STOPPED\n");
      expect(result).toEqual({ status: 0, stdout: "", stderr: "" });
      await proxy.restore();
    });
  });

  describe("the rights of a check", () => {
    beforeAll(async () => {
      const { proxy, resources } = moto();
      await proxy.restore();
      await resources.clients.iam.send(new PutRolePolicyCommand(OWN_POLICY));
      await withAllCalls(resources, proxy);
      // Without a stopped task, the doctor describes none.
      await resources.clients.ecs.send(new StopTaskCommand({ cluster: CLUSTER, task: resources.tasks[0] }));
      // If all instances are registered, it does not ask why one is not.
      await outside(1)(resources, proxy);
    });

    it.each(CHECKS.map((check) => [check.id, check] as const))("are those of its calls: %s", async (id, check) => {
      const { proxy, resources } = moto();
      proxy.calls.clear();
      // Without the cluster, only its own check runs.
      for (const clusterName of id === "cluster" ? [CLUSTER, "other"] : [CLUSTER]) {
        const account = new AwsAccount({ clusterName, region: REGION, clients: resources.clients, now: new Date() });
        await check.read(account, (part) => part);
      }
      expect([...proxy.calls].sort()).toEqual(check.actions);
    });
  });
});
