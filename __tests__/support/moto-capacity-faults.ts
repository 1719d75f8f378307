import { SuspendProcessesCommand } from "@aws-sdk/client-auto-scaling";
import { DeregisterImageCommand, ModifyInstanceAttributeCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import {
  DeleteClusterCommand,
  DeregisterContainerInstanceCommand,
  PutClusterCapacityProvidersCommand,
  UpdateContainerInstancesStateCommand,
} from "@aws-sdk/client-ecs";
import { LAUNCH_CAUSES } from "../../cli/doctor/checks/launch-causes";
import { all, disconnected, each, failedLaunch, replaced } from "./moto-answers";
import { CLUSTER } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";
import type { Overlay } from "./moto-proxy";

const daysAgo = (days: number) => `<creationDate>${new Date(Date.now() - days * 24 * 3_600_000).toISOString()}`;

/** Deregisters an instance, as if it had never registered. */
export const outside =
  (index: number): Fault =>
  ({ clients: { ecs }, containerInstances }) => {
    const containerInstance = containerInstances[index];
    return ecs.send(new DeregisterContainerInstanceCommand({ cluster: CLUSTER, containerInstance, force: true }));
  };

/** Sets the user data of all instances. */
export const userData =
  (text: string): Fault =>
  async ({ clients, instances }) => {
    // The SDK encodes the value once. Moto requires a second encoding.
    const Value = Buffer.from(Buffer.from(text).toString("base64"));
    for (const InstanceId of instances) {
      await clients.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, UserData: { Value } }));
    }
  };

/** A message of Auto Scaling for each cause of a failed launch. */
const LAUNCH_MESSAGES: Readonly<Record<string, string>> = {
  "launch-no-aws-capacity": "We currently do not have sufficient t3.small capacity",
  "launch-quota": "You have requested more vCPU capacity than your current vCPU limit of 0 allows",
  "launch-zone": "Your requested instance type (t3.small) is not supported in your requested Availability Zone",
  "launch-kms-key": "Client.InternalError: Client error on launch",
  "launch-key-pair": "The key pair 'ecs' does not exist",
  "launch-image": "The image id '[ami-1]' does not exist",
  "launch-profile":
    "Value (ecs-instance) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
  "launch-permission": "You are not authorized to perform this operation",
};

const failingLaunch =
  (message: string): Fault =>
  (_, { overlays }) => {
    overlays.set("DescribeAutoScalingGroups", replaced(/<DesiredCapacity>2/, "<DesiredCapacity>3"));
    overlays.set("DescribeScalingActivities", failedLaunch(message));
  };

/** A service that waits for a task. */
const waiting = each("services", (one) => ({ ...one, desiredCount: 2, pendingCount: 1 }));

/** Sets the desired size of the group to 0 while the service waits for a task. */
const atZero =
  (...changes: readonly Overlay[]): Fault =>
  (_, { overlays }) => {
    overlays.set("DescribeAutoScalingGroups", all(replaced(/<DesiredCapacity>2/, "<DesiredCapacity>0"), ...changes));
    overlays.set("DescribeServices", waiting);
  };

/** Changes the capacity provider. */
const provider =
  (change: object): Fault =>
  (_, { overlays }) =>
    overlays.set(
      "DescribeCapacityProviders",
      each("capacityProviders", (one) => ({ ...one, ...change })),
    );

/** Applies several faults. */
const both =
  (...faults: readonly Fault[]): Fault =>
  async (...resources) => {
    for (const fault of faults) await fault(...resources);
  };

/** Faults of a cluster and its instances. */
export const CAPACITY_FAULTS: readonly Case[] = [
  [
    "a deleted cluster",
    ['cluster: The cluster "ecs" is INACTIVE. Only an ACTIVE cluster runs tasks.'],
    ({ clients }) => clients.ecs.send(new DeleteClusterCommand({ cluster: CLUSTER })),
  ],
  ...LAUNCH_CAUSES.map(
    ({ id }): Case => [
      `failed launches with ${id}`,
      ["instances: The Auto Scaling group ecs-instances has 2 of 3 instances in service."],
      failingLaunch(LAUNCH_MESSAGES[id] ?? ""),
    ],
  ),
  [
    "missing instances that nothing starts",
    ["instances: The Auto Scaling group ecs-instances has 2 of 3 instances in service."],
    (_, { overlays }) =>
      overlays.set("DescribeAutoScalingGroups", replaced(/<DesiredCapacity>2/, "<DesiredCapacity>3")),
  ],
  [
    "a group that may start no instance",
    [
      "instances: Tasks wait for an instance, and the desired size of the Auto Scaling group ecs-instances is 0.",
      "services: The service web runs 1 of 2 tasks.",
    ],
    atZero(replaced(/<MaxSize>2/, "<MaxSize>0")),
    ["services: The service web runs 1 of 2 tasks."],
  ],
  [
    "a group that starts no instance",
    [
      "instances: Tasks wait for an instance, and the desired size of the Auto Scaling group ecs-instances is 0.",
      "services: The service web runs 1 of 2 tasks.",
    ],
    atZero(),
    ["services: The service web runs 1 of 2 tasks."],
  ],
  [
    "an instance that is not registered",
    ['registered: 1 of 2 running instances did not register with the cluster "ecs".'],
    outside(1),
  ],
  [
    "an instance that is configured for another cluster",
    [
      'registered: The user data of INSTANCE-1 makes the ECS agent join the cluster "staging".',
      'registered: 1 of 2 running instances did not register with the cluster "ecs".',
    ],
    both(outside(1), userData("ECS_CLUSTER=ecs\nECS_CLUSTER=staging\n")),
    ['registered: 1 of 2 running instances did not register with the cluster "ecs".'],
  ],
  [
    "an instance whose user data was removed",
    [
      'registered: The user data of INSTANCE-1 makes the ECS agent join the cluster "default".',
      'registered: 1 of 2 running instances did not register with the cluster "ecs".',
    ],
    both(outside(1), userData("#!/bin/bash\n")),
    ['registered: 1 of 2 running instances did not register with the cluster "ecs".'],
  ],
  [
    "an AMI without an agent",
    [
      "registered: The AMI IMAGE is not ECS-optimized, and no instance with it registered.",
      'registered: 2 of 2 running instances did not register with the cluster "ecs".',
    ],
    both(outside(0), outside(1), (_, { overlays }) =>
      overlays.set("DescribeImages", replaced(/<name>[^<]*/, "<name>al2023-ami-2026.11.20261120.0-kernel-6.1-x86_64")),
    ),
    ['registered: 2 of 2 running instances did not register with the cluster "ecs".'],
  ],
  [
    "suspended processes",
    [
      "instances: The Auto Scaling group ecs-instances does not run Launch.",
      "instances: The Auto Scaling group ecs-instances has 2 of 3 instances in service.",
    ],
    async ({ clients }, { overlays }) => {
      await clients.autoScaling.send(
        new SuspendProcessesCommand({
          AutoScalingGroupName: "ecs-instances",
          ScalingProcesses: ["Launch", "AZRebalance"],
        }),
      );
      overlays.set("DescribeAutoScalingGroups", replaced(/<DesiredCapacity>2/, "<DesiredCapacity>3"));
    },
    ["instances: The Auto Scaling group ecs-instances has 2 of 3 instances in service."],
  ],
  [
    "an instance in Standby",
    ["instances: 1 instance of the Auto Scaling group ecs-instances is in Standby."],
    ({ instances: [first = ""] }, { overlays }) =>
      overlays.set(
        "DescribeAutoScalingGroups",
        all(
          replaced(new RegExp(`(${first}</InstanceId>[^]*?<LifecycleState>)InService`), "$1Standby"),
          replaced(/<DesiredCapacity>2/, "<DesiredCapacity>1"),
        ),
      ),
  ],
  [
    "an instance that someone drained",
    ["agents: The instance INSTANCE-0 is DRAINING, and its Auto Scaling group does not terminate it."],
    ({ clients, containerInstances: [first = ""] }) =>
      clients.ecs.send(
        new UpdateContainerInstancesStateCommand({ cluster: CLUSTER, containerInstances: [first], status: "DRAINING" }),
      ),
  ],
  [
    "an instance whose registration failed",
    ["agents: The registration of the instance INSTANCE-0 failed."],
    ({ instances: [first] }, { overlays }) =>
      overlays.set(
        "DescribeContainerInstances",
        each("containerInstances", (one) =>
          one.ec2InstanceId === first
            ? { ...one, status: "REGISTRATION_FAILED", statusReason: "ENI attachment failed" }
            : one,
        ),
      ),
  ],
  [
    "a capacity provider that is detached from the cluster",
    ['providers: The capacity provider cp-ecs is not associated with the cluster "ecs".'],
    async ({ clients }, { overlays }) => {
      await clients.ecs.send(
        new PutClusterCapacityProvidersCommand({
          ...{ cluster: CLUSTER, capacityProviders: [], defaultCapacityProviderStrategy: [] },
        }),
      );
      overlays.set(
        "DescribeServices",
        each("services", (one) => ({ ...one, capacityProviderStrategy: [{ capacityProvider: "cp-ecs", weight: 1 }] })),
      );
    },
  ],
  [
    "a capacity provider that ECS could not update",
    ["providers: The capacity provider cp-ecs is UPDATE_FAILED."],
    provider({ updateStatus: "UPDATE_FAILED", updateStatusReason: "The group has a scaling policy of ECS already." }),
  ],
  [
    "a capacity provider whose Auto Scaling group was deleted",
    ["providers: The Auto Scaling group ecs-instances of the capacity provider cp-ecs does not exist."],
    (_, { overlays }) =>
      overlays.set(
        "DescribeAutoScalingGroups",
        replaced(/<AutoScalingGroups>[\s\S]*<\/AutoScalingGroups>/, "<AutoScalingGroups></AutoScalingGroups>"),
      ),
  ],
  [
    "a capacity provider whose managed scaling is disabled, and tasks that wait",
    [
      "providers: Managed scaling of the capacity provider cp-ecs is DISABLED, and tasks wait for an instance.",
      "services: The service web runs 1 of 2 tasks.",
    ],
    (_, { overlays }) => {
      overlays.set("DescribeServices", waiting);
      overlays.set("DescribeCapacityProviders", replaced(/("managedScaling": ?\{[^}]*)"ENABLED"/, '$1"DISABLED"'));
    },
    ["services: The service web runs 1 of 2 tasks."],
  ],
  [
    "a disconnected agent",
    ["agents: The ECS agent on INSTANCE-1 is not connected."],
    ({ instances }, { overlays }) => overlays.set("DescribeContainerInstances", disconnected(instances[1] as string)),
  ],
  [
    "a stopped instance, with its agent and its target",
    [
      "agents: The ECS agent on INSTANCE-0 is not connected.",
      "targets: 1 of 2 targets of the service web is unused: Target.InvalidState.",
    ],
    async ({ clients, instances: [first = ""] }, { overlays }) => {
      await clients.ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
      overlays.set("DescribeContainerInstances", disconnected(first));
    },
    ["targets: 1 of 2 targets of the service web is unused: Target.InvalidState."],
  ],
  [
    "an old AMI",
    ["images: The AMI IMAGE is 91 days old. It should be at most 90 days old."],
    (_, { overlays }) => overlays.set("DescribeImages", replaced(/<creationDate>[^<]*/, daysAgo(91))),
  ],
  [
    "a deleted AMI",
    ["images: The AMI IMAGE no longer exists. New instances cannot start from it."],
    ({ clients, imageId }) => clients.ec2.send(new DeregisterImageCommand({ ImageId: imageId })),
  ],
];
