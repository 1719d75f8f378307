import { targetsCheck } from "../../../cli/doctor/checks/targets";
import { zonesCheck } from "../../../cli/doctor/checks/zones";
import type { ServiceFacts, TargetGroupFacts, TaskFacts } from "../../../cli/doctor/facts";

const service: ServiceFacts = {
  ...{ name: "web", desired: 1, running: 1, pending: 0, targetGroupArns: ["arn:tg"], events: [], deployments: [] },
};
const task: TaskFacts = {
  ...{ id: "t1", service: "web", instanceId: "i-1", stopCode: "", stoppedReason: "" },
  containers: [{ name: "web", reason: "", ports: [{ container: 80, host: 31001, protocol: "tcp" }] }],
};
type Target = TargetGroupFacts["targets"][number];
const target = (change: Partial<Target> = {}): Target => ({
  ...{ id: "i-1", port: 31001, state: "healthy", reason: "", description: "" },
  ...change,
});
const group = (...targets: Target[]): TargetGroupFacts => ({
  ...{ arn: "arn:tg", name: "tg", balancerArns: ["arn:lb"], healthCheck: "HTTP /, expects 200 within 5 s" },
  targets,
});
const decide = (targetGroup: TargetGroupFacts, running = 1) =>
  targetsCheck.decide({
    region: "eu-west-1",
    clusterName: "ecs",
    services: [{ ...service, running }],
    tasks: [task],
    targetGroups: [targetGroup],
  });

describe("the check of targets", () => {
  it("lists the host ports and finds nothing if all targets are healthy", () => {
    expect(decide(group(target()))).toEqual({ findings: [], notes: ["web t1: web 80/tcp on i-1:31001"] });
  });

  it("names the task in awsvpc mode by its address", () => {
    const own = { ...task, address: "10.0.0.7", containers: [{ name: "web", reason: "", ports: [] }] };
    const targets = target({ id: "10.0.0.7", port: 80, state: "unhealthy", reason: "Target.Timeout" });
    const { findings, notes } = targetsCheck.decide({
      ...{ region: "eu-west-1", clusterName: "ecs", services: [service], tasks: [own] },
      targetGroups: [group(targets)],
    });
    expect(notes).toEqual(["web t1: 10.0.0.7, on i-1"]);
    expect(findings[0]?.evidence[0]).toBe("10.0.0.7:80 (task t1)");
  });

  it("accepts that one of the two target groups of a deployment strategy is empty", () => {
    const two = {
      ...service,
      targetGroupArns: ["arn:tg", "arn:other"],
      alternates: { "arn:tg": "arn:other", "arn:other": "arn:tg" },
    };
    const findings = (...targets: Target[]) =>
      targetsCheck.decide({
        ...{ region: "eu-west-1", clusterName: "ecs", services: [two], tasks: [task] },
        targetGroups: [group(...targets), { ...group(), arn: "arn:other", name: "other" }],
      }).findings;
    expect(findings(target())).toEqual([]);
    expect(findings().map(({ problem }) => problem)).toEqual([
      "The service web runs tasks, but the target group tg has no target.",
      "The service web runs tasks, but the target group other has no target.",
    ]);
  });

  it.each(["initial", "draining", "healthy"])("accepts a target that is %s", (state) => {
    expect(decide(group(target({ state, reason: "Elb.InitialHealthChecking" }))).findings).toEqual([]);
  });

  it.each([
    ["unhealthy", "Target.ResponseCodeMismatch", /Set healthCheck\.path, or healthyHttpCodes\./],
    ["unhealthy", "Target.Timeout", /on 0\.0\.0\.0, not on 127\.0\.0\.1/],
    ["unhealthy", "Target.FailedHealthChecks", /healthCheckGracePeriodSeconds/],
    ["unused", "Target.NotInUse", /No listener rule/],
    ["unused", "Target.InvalidState", /stopped or terminated/],
    ["unavailable", "Elb.InternalError", /^Run the doctor again in a minute\.$/],
  ])("gives the fix for a target that is %s because of %s", (state, reason, fix) => {
    const [finding, ...others] = decide(group(target({ state, reason, description: "Why." }))).findings;
    expect(others).toEqual([]);
    expect(finding?.problem).toBe(`1 of 1 target of the service web is ${state}: ${reason}.`);
    expect(finding?.evidence).toEqual(["i-1:31001 Why. (task t1)", "health check: HTTP /, expects 200 within 5 s"]);
    expect(finding?.fix).toMatch(fix);
    expect(finding?.commands).toEqual([
      "aws elbv2 describe-target-health --region eu-west-1 --target-group-arn arn:tg",
    ]);
  });

  it("reports one finding for each reason, and says if no task has the port", () => {
    const bad = { state: "unhealthy", reason: "Target.Timeout" };
    const { findings } = decide(group(target(bad), target({ ...bad, port: 31009 }), target()));
    expect(findings.map(({ problem }) => problem)).toEqual([
      "2 of 3 targets of the service web are unhealthy: Target.Timeout.",
    ]);
    expect(findings[0]?.evidence[1]).toBe("i-1:31009 (no running task has this port)");
    // The same port on another instance belongs to another task.
    const elsewhere = decide(group(target({ ...bad, id: "i-2" }))).findings[0]?.evidence[0];
    expect(elsewhere).toBe("i-2:31001 (no running task has this port)");
  });

  it("requires a target only if tasks run", () => {
    expect(decide(group()).findings[0]?.problem).toBe(
      "The service web runs tasks, but the target group tg has no target.",
    );
    expect(decide(group(), 0).findings).toEqual([]);
  });
});

describe("the check of Availability Zones", () => {
  const running = (zone: string) => ({
    ...{ id: "i-1", state: "running", zone, minutesOld: 9, imageId: "ami-1", securityGroupIds: [], template: "" },
  });
  const region = "eu-west-1";
  const balancers = [{ arn: "arn:lb", name: "alb", zones: ["a", "b"], securityGroupIds: [], subnetCidrs: [] }];

  it("finds instances in a zone that the load balancer does not serve", () => {
    expect(zonesCheck.decide({ region, running: [running("a")], balancers }).findings).toEqual([]);
    const [finding] = zonesCheck.decide({ region, running: [running("c")], balancers }).findings;
    expect(finding?.evidence).toEqual(["alb serves a, b", "i-1 is in c"]);
  });
});
