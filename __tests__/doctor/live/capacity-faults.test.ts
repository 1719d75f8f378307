import { DeregisterImageCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { CreateClusterCommand, DeleteClusterCommand } from "@aws-sdk/client-ecs";
import {
  DeleteInstanceProfileCommand,
  DetachRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CHECKS } from "../../../tools/doctor/checks";
import { describeMoto } from "../../support/moto";
import { POLICY_ARN, REGION } from "../../support/moto-access";
import { denied, disconnected, failedLaunch, replaced } from "../../support/moto-answers";
import { CLUSTER, HOST_PORTS } from "../../support/moto-cluster";
import { examined, itFinds } from "../../support/moto-doctor";

const NAME = `ecs-instance-${REGION}`;
const ROLE = { RoleName: NAME };
type Plant = NonNullable<Parameters<typeof examined>[2]>;
const daysAgo = (days: number) => `<creationDate>${new Date(Date.now() - days * 24 * 3_600_000).toISOString()}`;
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

/** The policy of `instancePolicy: "least-privilege"` in place of AWS's. */
const ownPolicy =
  (cluster: string, instances: string): Plant =>
  async ({ clients: { iam } }) => {
    const allow = (Action: string[], of: string) => ({ Effect: "Allow", Action, Resource: of });
    const here = (resource: string) => `arn:aws:ecs:${REGION}:123456789012:${resource}`;
    const PolicyDocument = document(
      allow(["ecs:RegisterContainerInstance", "ecs:DeregisterContainerInstance"], here(cluster)),
      allow(["ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange"], here(cluster)),
      allow(["ecs:Poll", "ecs:StartTelemetrySession", "ecs:TagResource"], here(instances)),
      allow(["ecs:DiscoverPollEndpoint", "ec2:DescribeTags"], "*"),
    );
    await iam.send(new DetachRolePolicyCommand({ ...ROLE, PolicyArn: POLICY_ARN }));
    await iam.send(new PutRolePolicyCommand({ ...ROLE, PolicyName: "join-cluster", PolicyDocument }));
  };

describeMoto("the doctor, asked about a cluster's capacity", (moto) => {
  it("finds nothing in a healthy cluster, and tells each task's host port", async () => {
    const { planted, report, problemsFound } = await examined(moto());
    expect(problemsFound).toEqual([]);
    expect(report.checks.map(({ status }) => status)).toEqual(CHECKS.map(() => "ok"));
    expect(report.exitCode).toBe(0);
    const { tasks, instances } = planted;
    const told = report.checks.find(({ id }) => id === "targets")?.notes ?? [];
    expect([...told].sort()).toEqual(
      tasks.map((task, index) => `web ${task}: web 80/tcp is ${instances[index]}:${HOST_PORTS[index]}`).sort(),
    );
  });

  it("says which clusters there are where the name is wrong, and asks nothing else", async () => {
    const { report } = await examined(moto(), {}, undefined, "esc");
    const [cluster, ...others] = report.checks;
    expect(cluster?.findings[0]?.problem).toBe('There is no cluster "esc" in eu-west-1.');
    expect(cluster?.findings[0]?.evidence).toEqual(["account 123456789012", "clusters in eu-west-1: ecs"]);
    expect(others.map(({ status }) => status)).toEqual(CHECKS.slice(1).map(() => "skipped"));
    expect(report.exitCode).toBe(1);
  });

  it("finds a cluster without capacity", async () => {
    const plain: Parameters<typeof examined>[2] = ({ clients }) =>
      clients.ecs.send(new CreateClusterCommand({ clusterName: "plain" }));
    const { problemsFound } = await examined(moto(), {}, plain, "plain");
    expect(problemsFound).toEqual(['instances: The cluster "plain" has no EC2 capacity.']);
  });

  it("expects nothing of an instance that its group is about to end", async () => {
    const { problemsFound } = await examined(moto(), { joining: [0] }, ({ instances: [, id] }, { overlays }) => {
      const leaving = replaced(new RegExp(`(${id}</InstanceId>[^]*?<LifecycleState>)InService`), "$1Terminating:Wait");
      const wanted = replaced(/<DesiredCapacity>2/, "<DesiredCapacity>1");
      overlays.set("DescribeAutoScalingGroups", (answer) => wanted(leaving(answer)));
    });
    expect(problemsFound).toEqual([]);
  });

  it("goes on where one call is refused, and says which", async () => {
    const { report } = await examined(moto(), {}, (_, { overlays }) =>
      overlays.set("GetInstanceProfile", denied("iam:GetInstanceProfile")),
    );
    const statuses = Object.fromEntries(report.checks.map(({ id, status }) => [id, status]));
    expect(statuses).toEqual({ ...Object.fromEntries(CHECKS.map(({ id }) => [id, "ok"])), role: "unknown" });
    expect(report.checks.find(({ id }) => id === "role")?.reason).toBe(
      "The credentials may not look (User: moto is not authorized to perform: iam:GetInstanceProfile). Give them the policy in docs/doctor.md.",
    );
    expect(report.exitCode).toBe(2);
  });

  it("finds nothing in a healthy cluster whose role has a policy of its own, for this cluster alone", async () => {
    const { problemsFound } = await examined(moto(), {}, ownPolicy("cluster/ecs", "container-instance/ecs/*"));
    expect(problemsFound).toEqual([]);
  });

  itFinds(moto, [
    [
      "a cluster that was deleted",
      ['cluster: The cluster "ecs" is INACTIVE, which runs no tasks.'],
      {},
      ({ clients }) => clients.ecs.send(new DeleteClusterCommand({ cluster: CLUSTER })),
    ],
    [
      "launches that fail",
      ["instances: The auto scaling group ecs-instances has 2 of 3 instances in service."],
      {},
      (_, { overlays }) => {
        overlays.set("DescribeAutoScalingGroups", replaced(/<DesiredCapacity>2/, "<DesiredCapacity>3"));
        overlays.set(
          "DescribeScalingActivities",
          failedLaunch("We currently do not have sufficient t3.small capacity"),
        );
      },
    ],
    [
      "an instance that never joined",
      ['registered: 1 of 2 running instances never joined the cluster "ecs".'],
      { joining: [0] },
    ],
    [
      "an agent without a connection",
      ["agents: The ECS agent on INSTANCE-1 is not connected."],
      {},
      ({ instances }, { overlays }) => overlays.set("DescribeContainerInstances", disconnected(instances[1] as string)),
    ],
    [
      "an instance that was stopped, with its agent and its target",
      [
        "agents: The ECS agent on INSTANCE-0 is not connected.",
        "targets: 1 of 2 targets of the service web are unused: Target.InvalidState.",
      ],
      {},
      async ({ clients, instances: [first = ""] }, { overlays }) => {
        await clients.ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
        overlays.set("DescribeContainerInstances", disconnected(first));
      },
    ],
    [
      "instances without a profile",
      ["role: 2 running instances have no instance profile, so that they may do nothing."],
      { withProfile: false },
    ],
    [
      "a profile without a role",
      ["role: The instances' profile holds no role."],
      {},
      ({ clients }) =>
        clients.iam.send(new RemoveRoleFromInstanceProfileCommand({ ...ROLE, InstanceProfileName: NAME })),
    ],
    [
      "a profile that is gone",
      ["role: The instances' profile is gone."],
      {},
      async ({ clients: { iam } }) => {
        await iam.send(new RemoveRoleFromInstanceProfileCommand({ ...ROLE, InstanceProfileName: NAME }));
        await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: NAME }));
      },
    ],
    [
      "a role that may register, and not with the instance's tags",
      [`role: The role ${NAME} lacks ecs:TagResource.`],
      {},
      ({ clients }) => {
        const PolicyDocument = document({ Effect: "Deny", Action: "ecs:TagResource", Resource: "*" });
        return clients.iam.send(new PutRolePolicyCommand({ ...ROLE, PolicyName: "no", PolicyDocument }));
      },
    ],
    [
      "a role that trusts another service",
      ["role: EC2 may not take on the role ecs-instance-eu-west-1."],
      {},
      ({ clients }) => {
        const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: ["ecs.amazonaws.com"] } };
        return clients.iam.send(new UpdateAssumeRolePolicyCommand({ ...ROLE, PolicyDocument: document(trust) }));
      },
    ],
    [
      "a role that may not register",
      [
        `role: The role ${NAME} lacks ecs:RegisterContainerInstance, ecs:DeregisterContainerInstance, ecs:DiscoverPollEndpoint, ecs:Poll, ecs:StartTelemetrySession, ecs:SubmitContainerStateChange, ecs:SubmitTaskStateChange, ecs:TagResource.`,
      ],
      {},
      ({ clients }) => clients.iam.send(new DetachRolePolicyCommand({ ...ROLE, PolicyArn: POLICY_ARN })),
    ],
    [
      "a role whose own policy is for another cluster",
      [
        `role: The role ${NAME} lacks ecs:RegisterContainerInstance, ecs:DeregisterContainerInstance, ecs:Poll, ecs:StartTelemetrySession, ecs:SubmitContainerStateChange, ecs:SubmitTaskStateChange, ecs:TagResource.`,
      ],
      {},
      ownPolicy("cluster/other", "container-instance/other/*"),
    ],
    [
      "a denial in an inline policy",
      [`role: The role ${NAME} lacks ecs:RegisterContainerInstance.`],
      {},
      ({ clients }) => {
        const PolicyDocument = document({ Effect: "Deny", Action: "ecs:RegisterC*", Resource: "*" });
        return clients.iam.send(new PutRolePolicyCommand({ ...ROLE, PolicyName: "no", PolicyDocument }));
      },
    ],
    [
      "a permissions boundary that holds less",
      [`role: The role ${NAME} lacks ecs:StartTelemetrySession.`],
      {},
      async ({ clients, policy }) => {
        const but = { Effect: "Allow", NotAction: "ecs:StartTelemetrySession", Resource: "*" };
        const PermissionsBoundary = await policy("fence", document(but));
        await clients.iam.send(new PutRolePermissionsBoundaryCommand({ ...ROLE, PermissionsBoundary }));
      },
    ],
    [
      "an old AMI",
      ["images: The AMI IMAGE is 91 days old; 90 are the most."],
      {},
      (_, { overlays }) => overlays.set("DescribeImages", replaced(/<creationDate>[^<]*/, daysAgo(91))),
    ],
    [
      "an AMI that is no longer published",
      ["images: The AMI IMAGE is no longer published: a new instance can't start from it."],
      {},
      ({ clients, imageId }) => clients.ec2.send(new DeregisterImageCommand({ ImageId: imageId })),
    ],
  ]);
});
