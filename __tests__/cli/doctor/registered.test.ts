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

describe("an instance that is not registered", () => {
  const causes = (text: string, name: string, ...registered: ContainerInstanceFacts[]) => {
    const running = [instance("i-1"), instance("i-2")];
    const userData = new Map([["lt-1 1", text]]);
    const { findings } = registeredCheck.decide({
      ...{ ...where, running, registered, userData, images: [{ id: "ami-1", name, daysOld: 1 }] },
    });
    return findings.map(({ cause }) => cause.id);
  };
  const ECS = "al2023-ami-ecs-hvm-2023.0.20261104-kernel-6.1-x86_64";
  const OWN = "golden-42";

  it.each([
    ["a file of the agent", "cat <<'EOF' >> /etc/ecs/ecs.config\nECS_CLUSTER=ecs\nEOF"],
    ["a quoted name", 'ECS_CLUSTER="ecs"'],
    ["the last of several lines", "ECS_CLUSTER=old\nECS_CLUSTER=ecs"],
    [
      "the settings of Bottlerocket",
      '[settings.host-containers.admin]\nenabled = true\n[settings.ecs]\ncluster = "ecs"\n',
    ],
    ["a variable of the shell", "echo ECS_CLUSTER=$NAME >> /etc/ecs/ecs.config"],
  ])("can have the cluster in %s", (_, text) => {
    expect(causes(text, ECS)).toEqual(["instance-not-registered"]);
  });

  it.each([
    ["a file of the agent", "ECS_CLUSTER=ecs\nECS_CLUSTER=staging"],
    ["the settings of Bottlerocket", '[settings.ecs]\nloglevel = "info"\ncluster = "staging"\n'],
    ["no file, which means default", "#!/bin/bash\nyum update\n"],
  ])("can have another cluster in %s", (_, text) => {
    expect(causes(text, ECS)).toEqual(["instance-of-other-cluster", "instance-not-registered"]);
  });

  it("can have its cluster in an AMI of your own", () => {
    expect(causes("", OWN)).toEqual(["ami-without-agent", "instance-not-registered"]);
  });

  it("has an AMI with an agent if another instance with the AMI is registered", () => {
    expect(causes("ECS_CLUSTER=ecs", OWN)).toEqual(["ami-without-agent", "instance-not-registered"]);
    expect(causes("ECS_CLUSTER=ecs", OWN, joined("i-1"))).toEqual(["instance-not-registered"]);
  });

  it.each([ECS, "amzn2-ami-ecs-kernel-5.10-hvm-2.0.20261104-arm64-ebs", "bottlerocket-aws-ecs-2-aarch64-v1.50.0-1"])(
    "has an AMI with an agent: %s",
    (name) => {
      expect(causes("ECS_CLUSTER=ecs", name)).toEqual(["instance-not-registered"]);
    },
  );
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

  it("accepts that an instance drains which Auto Scaling or EC2 Spot terminates", () => {
    const drains = joined("i-1", { status: "DRAINING" });
    const findings = (change: Partial<InstanceFacts>) => decide([drains], [instance("i-1", change)]).findings;
    expect(findings({ state: "leaving" })).toEqual([]);
    expect(findings({ isSpot: true })).toEqual([]);
    expect(findings({}).map(({ cause }) => cause.id)).toEqual(["instance-draining"]);
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
