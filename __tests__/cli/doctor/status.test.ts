import { statusCheck } from "../../../cli/doctor/checks/status";
import type { StatusFacts } from "../../../cli/doctor/network-facts";

const decide = (change: Partial<StatusFacts>) => {
  const status = { instanceId: "i-1", system: "ok", instance: "ok", volumes: "ok", events: [], ...change };
  return statusCheck.decide({ region: "eu-west-1", statuses: [status] });
};

describe("the status checks of EC2", () => {
  it.each(["ok", "initializing", "insufficient-data", "not-applicable"])("are no problem if they are %s", (state) => {
    expect(decide({ system: state, instance: state, volumes: state })).toEqual({ findings: [], notes: [] });
  });

  it("report the host first, because the system on it cannot answer", () => {
    const { findings } = decide({ system: "impaired", instance: "impaired", volumes: "impaired" });
    expect(findings.map(({ cause }) => cause.id)).toEqual(["instance-host-impaired"]);
    expect(findings[0]).toMatchObject({
      problem: "The system status of i-1 is impaired.",
      evidence: ["i-1: system status impaired, instance status impaired, volumes impaired"],
      commands: [expect.stringMatching(/^aws autoscaling terminate-instance-.* --instance-id i-1$/)],
      about: { instances: ["i-1"] },
    });
  });

  it("report the system and the volumes", () => {
    const { findings } = decide({ instance: "impaired", volumes: "impaired" });
    expect(findings.map(({ cause }) => cause.id)).toEqual(["instance-impaired", "instance-volume-impaired"]);
    expect(findings[0]?.commands[0]).toContain("get-console-output");
  });

  it("list the scheduled events", () => {
    expect(decide({ events: ["instance-retirement from 2026-12-24T00:00:00.000Z"] }).notes).toEqual([
      "i-1: EC2 has scheduled instance-retirement from 2026-12-24T00:00:00.000Z",
    ]);
  });
});
