import { DeregisterImageCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { DeleteClusterCommand, DeregisterContainerInstanceCommand } from "@aws-sdk/client-ecs";
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

/** A message of Auto Scaling for each cause of a failed launch. */
const LAUNCH_MESSAGES: Readonly<Record<string, string>> = {
  "launch-no-aws-capacity": "We currently do not have sufficient t3.small capacity",
  "launch-quota": "You have requested more vCPU capacity than your current vCPU limit of 0 allows",
  "launch-zone": "Your requested instance type (t3.small) is not supported in your requested Availability Zone",
  "launch-kms-key": "Client.InternalError: Client error on launch",
  "launch-key-pair": "The key pair 'ecs' does not exist",
  "launch-image": "The image id '[ami-1]' does not exist",
  "launch-permission": "You are not authorized to perform this operation",
};

const failingLaunch =
  (message: string): Fault =>
  (_, { overlays }) => {
    overlays.set("DescribeAutoScalingGroups", replaced(/<DesiredCapacity>2/, "<DesiredCapacity>3"));
    overlays.set("DescribeScalingActivities", failedLaunch(message));
  };

/** Sets the desired size of the group to 0 while the service waits for a task. */
const atZero =
  (...changes: readonly Overlay[]): Fault =>
  (_, { overlays }) => {
    overlays.set("DescribeAutoScalingGroups", all(replaced(/<DesiredCapacity>2/, "<DesiredCapacity>0"), ...changes));
    overlays.set(
      "DescribeServices",
      each("services", (one) => ({ ...one, desiredCount: 2, pendingCount: 1 })),
    );
  };

/** Faults of a cluster and its instances. */
export const CAPACITY_FAULTS: readonly Case[] = [
  [
    "a deleted cluster",
    ['cluster: The cluster "ecs" is INACTIVE. Only an ACTIVE cluster runs tasks.'],
    ({ clients }) => clients.ecs.send(new DeleteClusterCommand({ cluster: CLUSTER })),
  ],
  ...LAUNCH_CAUSES.map(
    ([, { id }]): Case => [
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
  ],
  [
    "a group that starts no instance",
    [
      "instances: Tasks wait for an instance, and the desired size of the Auto Scaling group ecs-instances is 0.",
      "services: The service web runs 1 of 2 tasks.",
    ],
    atZero(),
  ],
  [
    "an instance that is not registered",
    ['registered: 1 of 2 running instances did not register with the cluster "ecs".'],
    outside(1),
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
