import { targetPortsCheck } from "../../../cli/doctor/checks/targetports";
import type { ServiceFacts, TargetGroupFacts, TaskFacts } from "../../../cli/doctor/facts";

type Facts = Parameters<typeof targetPortsCheck.decide>[0];
type Target = TargetGroupFacts["targets"][number];

const SERVICE: ServiceFacts = {
  ...{ name: "web", desired: 1, running: 1, pending: 0, targetGroupArns: ["arn:tg"], events: [], deployments: [] },
  loadBalancers: [{ targetGroupArn: "arn:tg", container: "web", port: 80 }],
};
const task = (host: number, change: Partial<TaskFacts> = {}): TaskFacts => ({
  ...{ id: `t${host}`, service: "web", instanceId: "i-1", status: "RUNNING", minutesOld: 10, stopCode: "" },
  stoppedReason: "",
  containers: [{ name: "web", reason: "", ports: [{ container: 80, host, protocol: "tcp" }] }],
  ...change,
});
const target = (port: number, change: Partial<Target> = {}): Target => ({
  ...{ id: "i-1", port, state: "healthy", reason: "", description: "" },
  ...change,
});
const group = (targets: readonly Target[], change: Partial<TargetGroupFacts> = {}): TargetGroupFacts => ({
  ...{ arn: "arn:tg", name: "tg", balancerArns: ["arn:lb"], healthCheck: "HTTP /", targets, ...change },
});
const decide = (targets: readonly Target[], change: Partial<Facts> = {}) =>
  targetPortsCheck.decide({
    ...{
      region: "eu-west-1",
      clusterName: "ecs",
      services: [SERVICE],
      tasks: [task(31001)],
      instances: [{ id: "i-1" }],
      stopped: [],
    },
    targetGroups: [group(targets)],
    ...change,
  }).findings;

const IP = { id: "10.0.0.7" };
const OWN_ADDRESS = task(0, { address: "10.0.0.7", containers: [{ name: "web", reason: "", ports: [] }] });

describe("the targets of a service", () => {
  it.each<[string, Target[], Partial<Facts>]>([
    ["host ports of tasks", [target(31001)], {}],
    ["addresses of tasks", [target(80, IP)], { tasks: [OWN_ADDRESS] }],
    [
      "tasks that start and stop",
      [target(31001), target(31009, { state: "draining" }), target(31008, { state: "initial" })],
      {},
    ],
    [
      "tasks that stop behind a Network Load Balancer",
      [target(31001), target(31009, { state: "unhealthy.draining" })],
      {},
    ],
    ["tasks that stopped in the last hour", [target(31001), target(31007)], { stopped: [task(31007)] }],
    [
      "tasks of an instance that was deregistered",
      [target(31001)],
      { tasks: [task(31001, { instanceId: undefined })] },
    ],
    ["healthy instances of another cluster", [target(31001), target(31001, { id: "i-9" })], {}],
    [
      "ports of tasks in host mode, which ECS does not list",
      [target(80)],
      { tasks: [task(0, { containers: [{ name: "web", reason: "", ports: [] }] })] },
    ],
  ])("can be %s", (_, targets, change) => {
    expect(decide(targets, change)).toEqual([]);
  });

  it.each<[string, Target]>([
    ["another port of an instance", target(31002)],
    ["an unhealthy instance of no task", target(31001, { id: "i-9", state: "unhealthy", reason: "Target.Timeout" })],
  ])("are stale if they are %s", (_, stale) => {
    expect(decide([target(31001), stale])).toMatchObject([
      {
        cause: { id: "target-stale" },
        problem: `The target group tg of the service web has targets that are no running task: ${stale.id}:${stale.port}.`,
        evidence: [
          [`${stale.id}:${stale.port}`, stale.state, stale.reason].join(" ").trim(),
          "running tasks: i-1:31001",
        ],
        commands: [
          `aws elbv2 deregister-targets --region eu-west-1 --target-group-arn arn:tg --targets Id=${stale.id},Port=${stale.port}`,
        ],
      },
    ]);
  });

  it("lack a running task", () => {
    expect(decide([target(31001)], { tasks: [task(31001), task(31002)] })).toMatchObject([
      {
        cause: { id: "task-not-registered" },
        problem:
          "The load balancer sends no requests to task t31002 of the service web, because no target has the port.",
        evidence: ["task t31002: i-1:31002 is not in tg"],
      },
    ]);
    expect(decide([target(80, { id: "10.0.0.8", state: "draining" })], { tasks: [OWN_ADDRESS] })).toMatchObject([
      { cause: { id: "task-not-registered" }, evidence: ["task t0: 10.0.0.7:80 is not in tg"] },
    ]);
  });

  it.each<[string, Partial<Facts>]>([
    ["it has just started", { tasks: [task(31001), task(31002, { minutesOld: 4 })] }],
    ["it starts", { tasks: [task(31001), task(31002, { status: "ACTIVATING" })] }],
    ["it belongs to no service", { tasks: [task(31001), task(31002, { service: undefined })] }],
    [
      "the other target group of a deployment has it",
      {
        services: [
          { ...SERVICE, targetGroupArns: ["arn:tg", "arn:b"], alternates: { "arn:tg": "arn:b", "arn:b": "arn:tg" } },
        ],
        targetGroups: [group([]), group([target(31001)], { arn: "arn:b" })],
      },
    ],
    ["the target group has no target, which another check reports", { targetGroups: [group([])] }],
  ])("need no running task if %s", (_, change) => {
    expect(decide([target(31001)], change)).toEqual([]);
  });
});
