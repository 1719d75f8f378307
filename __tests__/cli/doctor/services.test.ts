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

describe("the check of services", () => {
  it("accepts a service with all its tasks, and notes the last event", () => {
    expect(decide(service({ events: ["(service web) has reached a steady state.", "older"] }))).toEqual({
      findings: [],
      notes: ["web: 2 of 2 tasks running; last event: (service web) has reached a steady state."],
    });
  });

  it("reports the number of pending tasks, which may wait for an instance", () => {
    const [finding] = decide(
      service({ running: 0, pending: 1, events: ["(service web) has started 1 tasks."] }),
    ).findings;
    expect(finding?.problem).toBe("The service web runs 0 of 2 tasks.");
    expect(finding?.evidence).toEqual([
      "(service web) has started 1 tasks.",
      "1 task pending: starting, or waiting for an instance",
    ]);
    expect(finding?.fix).toMatch(/max_size/);
    expect(decide(service({ running: 2, pending: 1 })).findings).toEqual([]);
  });

  it("accepts missing tasks of a deployment that has just begun, unless tasks failed or ECS says why", () => {
    const deployment = { id: "d1", rolloutState: "IN_PROGRESS", reason: "", failedTasks: 0, minutesOld: 2 };
    const ids = (change: Partial<typeof deployment>, events: readonly string[] = [], ...tasks: TaskFacts[]) =>
      decide(service({ running: 1, events, deployments: [{ ...deployment, ...change }] }), ...tasks).findings.map(
        ({ cause }) => cause.id,
      );
    expect(ids({})).toEqual([]);
    expect(ids({ minutesOld: 5 })).toEqual(["tasks-fail"]);
    expect(ids({ rolloutState: "COMPLETED" })).toEqual(["tasks-fail"]);
    expect(ids({ failedTasks: 1 })).toEqual(["tasks-fail"]);
    expect(ids({}, ["unable to place a task because no container instance met all of its requirements."])).toEqual([
      "no-room",
    ]);
    expect(ids({}, [], stopped("EssentialContainerExited", "exited", "", 1))).toEqual(["container-exits"]);
  });

  it("notes the tasks that failed in the last day, by the archive of events", () => {
    const facts = { region: "eu-west-1", clusterName: "ecs", services: [service()], stopped: [] };
    const archived = [
      stopped("EssentialContainerExited", "Essential container in task exited", "", 1),
      { ...stopped("TaskFailedToStart", "no"), id: "t0" },
      { ...stopped("TaskFailedToStart", "no"), service: "other" },
    ];
    expect(servicesCheck.decide({ ...facts, archived })).toEqual({
      findings: [],
      notes: [
        "web: 2 of 2 tasks running; 2 tasks failed in the last day, the last one: task t1: Essential container in task exited; app exit code: 1",
      ],
    });
  });

  it("explains missing tasks with those that failed before the last hour", () => {
    const facts = { region: "eu-west-1", clusterName: "ecs", services: [service({ running: 0 })] };
    const old = stopped("TaskFailedToStart", "CannotPullContainerError: manifest unknown");
    const [finding] = servicesCheck.decide({ ...facts, stopped: [], archived: [old] }).findings;
    expect(finding?.evidence).toEqual(["task t1: CannotPullContainerError: manifest unknown"]);
    expect(finding?.fix).toMatch(/^The tag does not exist/);
    const recent = { ...stopped("EssentialContainerExited", "exited", "", 1), id: "t2" };
    const [other] = servicesCheck.decide({ ...facts, stopped: [recent], archived: [recent, old] }).findings;
    expect(other?.evidence).toEqual(["task t2: exited; app exit code: 1"]);
  });

  it.each([
    ["a deployment", stopped("ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/1)")],
    ["a user", stopped("UserInitiated", "Task stopped by user")],
    ["a failure in another service", { ...stopped("TaskFailedToStart", "no"), service: "other" }],
  ])("ignores a task stopped by %s", (_, task) => {
    expect(decide(service(), task).findings).toEqual([]);
  });

  it.each([
    [
      stopped("TaskFailedToStart", "CannotPullContainerError: pull image manifest has been retried", ""),
      /^Docker cannot pull the image\./,
    ],
    [stopped("TaskFailedToStart", "CannotPullContainerError: pull access denied for shop"), /repositoryCredentials/],
    [
      stopped("TaskFailedToStart", "ResourceInitializationError: failed to download env files: file download command"),
      /environmentFiles/,
    ],
    [
      stopped("TaskFailedToStart", "ResourceInitializationError: unable to generate firelens config file"),
      /logRouter\.configFileValue/,
    ],
    [
      stopped("TaskFailedToStart", "ResourceInitializationError: failed to attach the EBS volume"),
      /EBS volume of the task/,
    ],
    [
      stopped("TaskFailedToStart", "ResourceInitializationError: not authorized to perform acm-pca:IssueCertificate"),
      /certificates of Service Connect/,
    ],
    [
      stopped("TaskFailedToStart", "ResourceInitializationError: failed to invoke EFS utils commands"),
      /mount the EFS file system/,
    ],
    [
      stopped("TaskFailedToStart", "ResourceInitializationError: unable to pull secrets"),
      /Allow what it names in the execution role/,
    ],
    [
      stopped("EssentialContainerExited", "Essential container in task exited", "OutOfMemoryError: killed", 137),
      /memoryLimitMiB/,
    ],
    [stopped("EssentialContainerExited", "Essential container in task exited", "", 137), /memoryLimitMiB/],
    [
      stopped("EssentialContainerExited", "Essential container in task exited", "", 1),
      /^The program ended\. Read its log\.$/,
    ],
    [
      stopped("ServiceSchedulerInitiated", "Task failed ELB health checks in (target-group x)"),
      /stops the tasks and starts new ones/,
    ],
    [
      stopped("ServiceSchedulerInitiated", "Task failed container health checks"),
      /^The command of containerHealthCheck fails\./,
    ],
  ])("gives the fix for a failed task: %j", (task, fix) => {
    const [finding, ...others] = decide(service(), task).findings;
    expect(others).toEqual([]);
    expect(finding?.problem).toBe("The service web runs, but 1 task failed in the last hour.");
    expect(finding?.evidence[0]).toContain(`task t1: ${task.stoppedReason}`);
    expect(finding?.fix).toMatch(fix);
    expect(finding?.commands.at(-1)).toContain(
      "aws ecs describe-services --region eu-west-1 --cluster ecs --services web",
    );
  });

  it.each([
    ["was unable to place a task because no container instance met all of its requirements", /max_size/],
    ["insufficient memory available", /max_size/],
    ["is already using a port required by your task", /Raise max_size, so that each task has an instance/],
    ['was unable to place a task. The closest instance encountered error "RESOURCE:PORTS"', /remove hostPort/],
    ['was unable to place a task. The closest instance encountered error "RESOURCE:ENI"', /awsvpcTrunking/],
    [
      "was unable to place a task because no container instance met all of its requirements. The closest matching container-instance i-1 is missing an attribute required by your task",
      /agent\.logDrivers/,
    ],
    ["something new", /^Read the events of the service\./],
  ])("gives the fix for missing tasks: %j", (event, fix) => {
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
  ])(
    "reports a deployment only if it failed or fails: %s with %d failed tasks",
    (rolloutState, failedTasks, findings) => {
      const deployments = [{ id: "d1", rolloutState, reason: "", failedTasks }];
      expect(decide(service({ deployments })).findings).toHaveLength(findings);
    },
  );

  describe("after a rollback", () => {
    const steady = "(service web) has reached a steady state.";
    const events = [
      steady,
      "(service web) (deployment ecs-svc/1) deployment completed.",
      "(service web) rolling back to deployment ecs-svc/1.",
      "(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.",
      "(service web) has started 1 tasks: (task a).",
    ];
    const running = [{ id: "ecs-svc/1", rolloutState: "COMPLETED", reason: "", failedTasks: 0 }];

    it("reports that the previous version runs, and why", () => {
      const [finding] = decide(service({ events, deployments: running })).findings;
      expect(finding?.problem).toBe(
        "ECS rolled back the last deployment of the service web, which runs the previous version.",
      );
      expect(finding?.evidence).toEqual([events[2], events[3], events[0], events[1]]);
      expect(finding?.fix).toBe(
        "The new tasks did not become healthy, so ECS rolled back. Find out why they stopped: killed and restarted (docs/troubleshooting.md#containers-are-killed-and-restarted). The apply can succeed although ECS rolls back, because the service is steady again. Until you name the previous image or deploy a fix, the next apply deploys the failed version again.",
      );
    });

    it("has the fix for the tasks that failed, if ECS still knows them", () => {
      const task = stopped("TaskFailedToStart", "CannotPullContainerError: not found");
      const [finding] = decide(service({ events, deployments: running }), task).findings;
      expect(finding?.problem).toMatch(/^ECS rolled back/);
      expect(finding?.fix).toMatch(/^The tag does not exist, .* the failed version again\.$/);
    });

    it("names the alarm that caused it, unless a task failed", () => {
      const byAlarm = events.map((event) => event.replace("tasks failed to start", "alarm detected"));
      const one = service({ events: byAlarm, deployments: running });
      const [finding] = decide(one).findings;
      expect(finding?.cause.id).toBe("rolled-back-by-alarm");
      expect(finding?.commands[0]).toMatch(/^aws cloudwatch describe-alarm-history --region eu-west-1 /);
      const task = stopped("TaskFailedToStart", "CannotPullContainerError: not found");
      expect(decide(one, task).findings[0]?.cause.id).toBe("image-not-found");
    });

    it("reports nothing once another deployment has completed", () => {
      const later = [steady, "(service web) (deployment ecs-svc/3) deployment completed.", ...events];
      expect(decide(service({ events: later, deployments: running })).findings).toEqual([]);
    });
  });

  it("reports a failed deployment even if the old version runs", () => {
    const deployments = [{ id: "d1", rolloutState: "FAILED", reason: "rolled back", failedTasks: 0 }];
    const [finding] = decide(service({ deployments })).findings;
    expect(finding?.problem).toBe("A deployment of the service web failed.");
    expect(finding?.fix).toMatch(/did not become healthy, so ECS rolled back/);
  });
});

describe("the check of the AMI", () => {
  const running = ["i-1", "i-2"].map((id) => ({
    ...{ id, state: "running", zone: "a", minutesOld: 9, imageId: "ami-1", securityGroupIds: [], template: "" },
  }));
  const decide = (daysOld: number) =>
    imagesCheck.decide({ running, images: [{ id: "ami-1", name: "al2023", daysOld }] });

  it("reports an AMI that is older than the limit", () => {
    expect(decide(AMI_DAYS).findings).toEqual([]);
    expect(decide(AMI_DAYS + 1).findings.map(({ problem, evidence }) => [problem, ...evidence])).toEqual([
      ["The AMI ami-1 is 91 days old. It should be at most 90 days old.", "al2023", "instances: i-1, i-2"],
    ]);
  });
});

describe("the check of the cluster", () => {
  const facts = { name: "ecs", region: "eu-west-1", accountId: "123456789012" };
  const cluster = (status: string) => ({ arn: "arn", name: "ecs", status, capacityProviders: ["cp-ecs"] });

  it.each(["PROVISIONING", "DEPROVISIONING", "FAILED", "INACTIVE"])("reports a cluster that is %s", (status) => {
    expect(clusterCheck.decide({ ...facts, cluster: cluster(status), others: ["ecs", "b"] }).findings).toMatchObject([
      {
        problem: `The cluster "ecs" is ${status}. Only an ACTIVE cluster runs tasks.`,
        evidence: [expect.anything(), "other clusters in eu-west-1: b"],
      },
    ]);
  });

  it("accepts a cluster that is ACTIVE", () => {
    expect(clusterCheck.decide({ ...facts, cluster: cluster("ACTIVE"), others: [] }).findings).toEqual([]);
  });

  it("reports a deployment that moves requests for longer than its settings take", () => {
    const strategy = { name: "BLUE_GREEN", minutes: 10 };
    const running = (minutesOld: number) => [
      { id: "d1", rolloutState: "IN_PROGRESS", reason: "ECS deployment d1 in progress.", failedTasks: 0, minutesOld },
    ];
    expect(decide(service({ strategy, deployments: running(30) })).findings).toEqual([]);
    expect(decide(service({ deployments: running(31) })).findings).toEqual([]);
    const [finding] = decide(service({ strategy, deployments: running(31) })).findings;
    expect(finding?.problem).toBe(
      "A BLUE_GREEN deployment of the service web runs for 31 minutes. Its bake time and pauses take 10.",
    );
    expect(finding?.evidence).toEqual(["deployment d1: IN_PROGRESS, ECS deployment d1 in progress."]);
    expect(finding?.fix).toMatch(/lifecycle hook/);
    expect(finding?.commands[0]).toBe(
      "aws ecs list-service-deployments --region eu-west-1 --cluster ecs --service web --status IN_PROGRESS --query 'serviceDeployments[0].serviceDeploymentArn'",
    );
  });
});
