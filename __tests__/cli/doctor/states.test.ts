import { statesCheck } from "../../../cli/doctor/checks/states";
import type { ScalingFacts, ServiceFacts } from "../../../cli/doctor/facts";

const service = (change: Partial<ServiceFacts> = {}): ServiceFacts => ({
  ...{ name: "web", desired: 2, running: 2, pending: 0, targetGroupArns: [], events: [], deployments: [] },
  ...change,
});
const scaling = (min: number, name = "web"): ScalingFacts => ({ service: name, min, max: 4, suspended: [] });
const decide = (services: readonly ServiceFacts[], of: readonly ScalingFacts[] | undefined) =>
  statesCheck.decide({ ...{ region: "eu-west-1", clusterName: "ecs" }, services, tasks: [], scaling: of });
const causes = (...args: Parameters<typeof decide>) => decide(...args).findings.map(({ cause }) => cause.id);

describe("the check of the states of services", () => {
  it("accepts a service with tasks, and notes the state", () => {
    expect(decide([service()], [])).toEqual({ findings: [], notes: ["web: ACTIVE, desired count 2"] });
  });

  it("accepts a service at 0 only if its scaling can set 0, or if it is a daemon", () => {
    const zero = service({ desired: 0, running: 0 });
    expect(causes([zero], [])).toEqual(["service-at-zero"]);
    expect(causes([zero], [scaling(1)])).toEqual(["service-at-zero"]);
    expect(decide([zero], [scaling(2)]).findings[0]?.commands).toEqual([
      "aws ecs update-service --region eu-west-1 --cluster ecs --service web --desired-count 2",
    ]);
    expect(causes([zero], [scaling(0)])).toEqual([]);
    expect(causes([{ ...zero, isDaemon: true }], [])).toEqual([]);
    // AWS denied the call.
    expect(causes([zero], undefined)).toEqual([]);
  });

  it("reports a service that only its scaling remembers", () => {
    const [finding] = decide([service()], [scaling(1), scaling(1, "old")]).findings;
    expect([finding?.problem, finding?.evidence]).toEqual([
      "The service old was deleted.",
      ["Application Auto Scaling still has it, with 1 to 4 tasks"],
    ]);
  });

  it("reports a service that is being deleted only once", () => {
    for (const status of ["DRAINING", "INACTIVE"]) {
      expect(causes([service({ status, desired: 0 })], [scaling(1)])).toEqual(["service-deleted"]);
    }
  });
});
