import { clusterCheck } from "../../../cli/doctor/checks/cluster";
import { AMI_DAYS, imagesCheck } from "../../../cli/doctor/checks/images";
import { servicesCheck } from "../../../cli/doctor/checks/services";
import type { ServiceFacts, TaskFacts } from "../../../cli/doctor/facts";

const service = (change: Partial<ServiceFacts> = {}): ServiceFacts => ({
  ...{ name: "web", desired: 2, running: 2, pending: 0, targetGroupArns: [], events: [], deployments: [] },
  ...change,
});
const stopped = (stopCode: string, stoppedReason: string, reason = "", exitCode?: number): TaskFacts => ({
  ...{ id: "t1", service: "web", instanceId: "i-1", stopCode, stoppedReason },
  containers: [{ name: "app", reason, exitCode, ports: [] }],
});
const decide = (one: ServiceFacts, ...tasks: TaskFacts[]) =>
  servicesCheck.decide({ region: "eu-west-1", clusterName: "ecs", services: [one], stopped: tasks });

describe("does each service run?", () => {
  it("is content where it does, and tells the last event", () => {
    expect(decide(service({ events: ["(service web) has reached a steady state.", "older"] }))).toEqual({
      findings: [],
      notes: ["web: 2 of 2 running; last: (service web) has reached a steady state."],
    });
  });

  it("says how many of those that don't run are pending, which may be for want of an instance", () => {
    const [finding] = decide(
      service({ running: 0, pending: 1, events: ["(service web) has started 1 tasks."] }),
    ).findings;
    expect(finding?.problem).toBe("The service web runs 0 of 2 tasks.");
    expect(finding?.evidence).toEqual([
      "(service web) has started 1 tasks.",
      "1 pending: they start, or wait for an instance",
    ]);
    expect(finding?.fix).toMatch(/max_size/);
    expect(decide(service({ running: 2, pending: 1 })).findings).toEqual([]);
  });

  it.each([
    ["a new version", stopped("ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/1)")],
    ["a person", stopped("UserInitiated", "Task stopped by user")],
    ["another service", { ...stopped("TaskFailedToStart", "no"), service: "other" }],
  ])("finds nothing in a task stopped by %s", (_, task) => {
    expect(decide(service(), task).findings).toEqual([]);
  });

  it.each([
    [
      stopped("TaskFailedToStart", "CannotPullContainerError: pull image manifest has been retried", ""),
      /image can't be pulled/,
    ],
    [
      stopped("TaskFailedToStart", "ResourceInitializationError: unable to pull secrets"),
      /execution role must be allowed/,
    ],
    [
      stopped("EssentialContainerExited", "Essential container in task exited", "OutOfMemoryError: killed", 137),
      /memoryLimitMiB/,
    ],
    [stopped("EssentialContainerExited", "Essential container in task exited", "", 137), /memoryLimitMiB/],
    [stopped("EssentialContainerExited", "Essential container in task exited", "", 1), /ends by itself/],
    [stopped("ServiceSchedulerInitiated", "Task failed ELB health checks in (target-group x)"), /kills and restarts/],
    [stopped("ServiceSchedulerInitiated", "Task failed container health checks"), /kills and restarts/],
  ])("knows why tasks fail: %j", (task, fix) => {
    const [finding, ...others] = decide(service(), task).findings;
    expect(others).toEqual([]);
    expect(finding?.problem).toBe("The service web runs, and 1 of its tasks failed within the last hour.");
    expect(finding?.evidence[0]).toContain(`task t1: ${task.stoppedReason}`);
    expect(finding?.fix).toMatch(fix);
    expect(finding?.commands[0]).toContain("aws ecs describe-services --region eu-west-1 --cluster ecs --services web");
  });

  it.each([
    ["was unable to place a task because no container instance met all of its requirements", /max_size/],
    ["insufficient memory available", /max_size/],
    ["is already using a port required by your task", /host port 0/],
    ["something new", /^Read its events\./],
  ])("knows why too few run: %j", (event, fix) => {
    const [finding] = decide(service({ running: 1, events: [event] })).findings;
    expect(finding?.problem).toBe("The service web runs 1 of 2 tasks.");
    expect(finding?.evidence).toEqual([event]);
    expect(finding?.fix).toMatch(fix);
  });

  it.each([
    ["COMPLETED", 3, 0],
    ["IN_PROGRESS", 0, 0],
    ["IN_PROGRESS", 1, 1],
    ["FAILED", 0, 1],
  ])("takes a deployment that is %s with %d failed tasks for what it is", (rolloutState, failedTasks, findings) => {
    const deployments = [{ id: "d1", rolloutState, reason: "", failedTasks }];
    expect(decide(service({ deployments })).findings).toHaveLength(findings);
  });

  it("finds a deployment that failed though the old version runs", () => {
    const deployments = [{ id: "d1", rolloutState: "FAILED", reason: "rolled back", failedTasks: 0 }];
    const [finding] = decide(service({ deployments })).findings;
    expect(finding?.problem).toBe("A deployment of the service web failed.");
    expect(finding?.fix).toMatch(/never got healthy and was rolled back/);
  });
});

describe("is their AMI recent?", () => {
  const running = ["i-1", "i-2"].map((id) => ({
    ...{ id, state: "running", zone: "a", minutesOld: 9, imageId: "ami-1", securityGroupIds: [], template: "" },
  }));
  const decide = (daysOld: number) =>
    imagesCheck.decide({ running, images: [{ id: "ami-1", name: "al2023", daysOld }] });

  it("is, until its last day", () => {
    expect(decide(AMI_DAYS).findings).toEqual([]);
    expect(decide(AMI_DAYS + 1).findings.map(({ problem, evidence }) => [problem, ...evidence])).toEqual([
      ["The AMI ami-1 is 91 days old; 90 are the most.", "al2023", "runs on i-1, i-2"],
    ]);
  });
});

describe("is the cluster there?", () => {
  const facts = { name: "ecs", region: "eu-west-1", accountId: "123456789012" };
  const cluster = (status: string) => ({ arn: "arn", name: "ecs", status, capacityProviders: ["cp-ecs"] });

  it.each(["PROVISIONING", "DEPROVISIONING", "FAILED", "INACTIVE"])("isn't while it is %s", (status) => {
    expect(clusterCheck.decide({ ...facts, cluster: cluster(status), others: ["ecs", "b"] }).findings).toMatchObject([
      {
        problem: `The cluster "ecs" is ${status}, which runs no tasks.`,
        evidence: [expect.anything(), "clusters in eu-west-1: b"],
      },
    ]);
  });

  it("is while it is ACTIVE", () => {
    expect(clusterCheck.decide({ ...facts, cluster: cluster("ACTIVE"), others: [] }).findings).toEqual([]);
  });
});
