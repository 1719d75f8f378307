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
  ...{ arn: "arn:tg", name: "tg", balancerArns: ["arn:lb"], healthCheck: "HTTP / wants 200 within 5 s" },
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

describe("which host port did each task get, and is each target healthy?", () => {
  it("tells the host ports and finds nothing where all are healthy", () => {
    expect(decide(group(target()))).toEqual({ findings: [], notes: ["web t1: web 80/tcp is i-1:31001"] });
  });

  it.each(["initial", "draining", "healthy"])("finds nothing wrong with %s", (state) => {
    expect(decide(group(target({ state, reason: "Elb.InitialHealthChecking" }))).findings).toEqual([]);
  });

  it.each([
    ["unhealthy", "Target.ResponseCodeMismatch", /health check path that answers 200/],
    ["unhealthy", "Target.Timeout", /127\.0\.0\.1 instead of 0\.0\.0\.0/],
    ["unhealthy", "Target.FailedHealthChecks", /healthCheckGracePeriodSeconds/],
    ["unused", "Target.NotInUse", /No listener rule/],
    ["unused", "Target.InvalidState", /stopped or gone/],
    ["unavailable", "Elb.InternalError", /^Ask again in a minute\.$/],
  ])("explains %s because of %s", (state, reason, fix) => {
    const [finding, ...others] = decide(group(target({ state, reason, description: "Why." }))).findings;
    expect(others).toEqual([]);
    expect(finding?.problem).toBe(`1 of 1 targets of the service web are ${state}: ${reason}.`);
    expect(finding?.evidence).toEqual(["i-1:31001 Why. (task t1)", "health check HTTP / wants 200 within 5 s"]);
    expect(finding?.fix).toMatch(fix);
    expect(finding?.commands).toEqual([
      "aws elbv2 describe-target-health --region eu-west-1 --target-group-arn arn:tg",
    ]);
  });

  it("makes one finding of a reason, and says where no task has the port", () => {
    const bad = { state: "unhealthy", reason: "Target.Timeout" };
    const { findings } = decide(group(target(bad), target({ ...bad, port: 31009 }), target()));
    expect(findings.map(({ problem }) => problem)).toEqual([
      "2 of 3 targets of the service web are unhealthy: Target.Timeout.",
    ]);
    expect(findings[0]?.evidence[1]).toBe("i-1:31009 (no running task has that port)");
    // The same port of another instance is another task's.
    const elsewhere = decide(group(target({ ...bad, id: "i-2" }))).findings[0]?.evidence[0];
    expect(elsewhere).toBe("i-2:31001 (no running task has that port)");
  });

  it("expects a target only where tasks run", () => {
    expect(decide(group()).findings[0]?.problem).toBe("The service web has tasks that run, and no target in tg.");
    expect(decide(group(), 0).findings).toEqual([]);
  });
});

describe("does the load balancer serve their zones?", () => {
  const running = (zone: string) => ({
    ...{ id: "i-1", state: "running", zone, minutesOld: 9, imageId: "ami-1", securityGroupIds: [], template: "" },
  });
  const region = "eu-west-1";
  const balancers = [{ arn: "arn:lb", name: "alb", zones: ["a", "b"], securityGroupIds: [], subnetCidrs: [] }];

  it("finds the instances outside of them", () => {
    expect(zonesCheck.decide({ region, running: [running("a")], balancers }).findings).toEqual([]);
    const [finding] = zonesCheck.decide({ region, running: [running("c")], balancers }).findings;
    expect(finding?.evidence).toEqual(["alb serves a, b", "i-1 is in c"]);
  });
});
