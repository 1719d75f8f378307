import { agentsCheck } from "../../../cli/doctor/checks/agents";
import { JOINING_MINUTES, registeredCheck } from "../../../cli/doctor/checks/registered";
import type { ContainerInstanceFacts, InstanceFacts } from "../../../cli/doctor/facts";

const instance = (id: string, change: Partial<InstanceFacts> = {}): InstanceFacts => ({
  id,
  state: "running",
  zone: "eu-west-1a",
  minutesOld: 60,
  imageId: "ami-1",
  securityGroupIds: ["sg-1"],
  template: "lt-1 1",
  ...change,
});
const joined = (instanceId: string, change: Partial<ContainerInstanceFacts> = {}): ContainerInstanceFacts => ({
  arn: `arn:${instanceId}`,
  instanceId,
  agentConnected: true,
  agentVersion: "1.99.0",
  status: "ACTIVE",
  ...change,
});
const where = { region: "eu-west-1", clusterName: "ecs" };

describe("the check of registered instances", () => {
  const decide = (running: readonly InstanceFacts[], registered: readonly ContainerInstanceFacts[]) =>
    registeredCheck.decide({ ...where, running, registered });

  it("accepts a cluster in which all running instances are registered", () => {
    expect(decide([instance("i-1")], [joined("i-1")])).toEqual({
      findings: [],
      notes: ["1 of 1 running instance registered"],
    });
  });

  it("reports an instance only after the time that it needs to register", () => {
    const young = instance("i-1", { minutesOld: JOINING_MINUTES - 1 });
    expect(decide([young], [])).toEqual({
      findings: [],
      notes: ["0 of 1 running instance registered", "i-1: launched 4 minutes ago, may still register"],
    });
    expect(decide([instance("i-1", { minutesOld: JOINING_MINUTES })], []).findings).toHaveLength(1);
  });

  it("shows the possible causes for each instance that is not registered", () => {
    const bare = instance("i-2", { minutesOld: 9 });
    const reachable = instance("i-3", { publicAddress: "203.0.113.7", profileArn: "arn:p" });
    const [finding, ...others] = decide([instance("i-1"), bare, reachable], [joined("i-1")]).findings;
    expect(others).toEqual([]);
    expect(finding?.problem).toBe('2 of 3 running instances did not register with the cluster "ecs".');
    expect(finding?.evidence).toEqual([
      "i-2: launched 9 minutes ago, no public IP address, without an instance profile",
      "i-3: launched 60 minutes ago, public IP address 203.0.113.7, with an instance profile",
    ]);
    expect(finding?.commands[0]).toBe("aws ssm start-session --region eu-west-1 --target i-2");
  });
});

describe("the check of agents", () => {
  const decide = (registered: readonly ContainerInstanceFacts[], instances: readonly InstanceFacts[]) =>
    agentsCheck.decide({ ...where, registered, instances });

  it("accepts connected agents, and notes instances that get no tasks", () => {
    expect(decide([joined("i-1"), joined("i-2", { status: "DRAINING" })], [])).toEqual({
      findings: [],
      notes: ["i-2 is DRAINING: ECS places no tasks on it"],
    });
  });

  it.each(["leaving", "shutting-down"])("ignores the agent of an instance that is %s", (state) => {
    expect(decide([joined("i-1", { agentConnected: false })], [instance("i-1", { state })]).findings).toEqual([]);
  });

  it("restarts the agent of a running instance, and deregisters any other instance", () => {
    const lost = { agentConnected: false };
    const { findings } = decide([joined("i-1", lost), joined("i-2", lost)], [instance("i-1")]);
    expect(findings.map(({ problem }) => problem)).toEqual([
      "The ECS agent on i-1 is not connected.",
      "The ECS agent on i-2 is not connected.",
    ]);
    expect(findings[0]?.commands).toContain("sudo systemctl restart ecs");
    expect(findings[1]?.evidence).toEqual(["EC2 instance deleted, container instance ACTIVE, agent 1.99.0"]);
    expect(findings[1]?.commands).toEqual([
      "aws ecs deregister-container-instance --region eu-west-1 --cluster ecs --force --container-instance arn:i-2",
    ]);
  });
});
