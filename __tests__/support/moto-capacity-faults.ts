import { DeregisterImageCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { DeleteClusterCommand, DeregisterContainerInstanceCommand } from "@aws-sdk/client-ecs";
import { disconnected, failedLaunch, replaced } from "./moto-answers";
import { CLUSTER } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";

const daysAgo = (days: number) => `<creationDate>${new Date(Date.now() - days * 24 * 3_600_000).toISOString()}`;

/** An instance that is not in the cluster, as if it had never joined. */
export const outside =
  (index: number): Fault =>
  ({ clients: { ecs }, containerInstances }) => {
    const containerInstance = containerInstances[index];
    return ecs.send(new DeregisterContainerInstanceCommand({ cluster: CLUSTER, containerInstance, force: true }));
  };

/** What can be wrong with a cluster's instances, but for their role. */
export const CAPACITY_FAULTS: readonly Case[] = [
  [
    "a cluster that was deleted",
    ['cluster: The cluster "ecs" is INACTIVE, which runs no tasks.'],
    ({ clients }) => clients.ecs.send(new DeleteClusterCommand({ cluster: CLUSTER })),
  ],
  [
    "launches that fail",
    ["instances: The auto scaling group ecs-instances has 2 of 3 instances in service."],
    (_, { overlays }) => {
      overlays.set("DescribeAutoScalingGroups", replaced(/<DesiredCapacity>2/, "<DesiredCapacity>3"));
      overlays.set("DescribeScalingActivities", failedLaunch("We currently do not have sufficient t3.small capacity"));
    },
  ],
  [
    "an instance that never joined",
    ['registered: 1 of 2 running instances never joined the cluster "ecs".'],
    outside(1),
  ],
  [
    "an agent without a connection",
    ["agents: The ECS agent on INSTANCE-1 is not connected."],
    ({ instances }, { overlays }) => overlays.set("DescribeContainerInstances", disconnected(instances[1] as string)),
  ],
  [
    "an instance that was stopped, with its agent and its target",
    [
      "agents: The ECS agent on INSTANCE-0 is not connected.",
      "targets: 1 of 2 targets of the service web are unused: Target.InvalidState.",
    ],
    async ({ clients, instances: [first = ""] }, { overlays }) => {
      await clients.ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
      overlays.set("DescribeContainerInstances", disconnected(first));
    },
  ],
  [
    "an old AMI",
    ["images: The AMI IMAGE is 91 days old; 90 are the most."],
    (_, { overlays }) => overlays.set("DescribeImages", replaced(/<creationDate>[^<]*/, daysAgo(91))),
  ],
  [
    "an AMI that is no longer published",
    ["images: The AMI IMAGE is no longer published: a new instance can't start from it."],
    ({ clients, imageId }) => clients.ec2.send(new DeregisterImageCommand({ ImageId: imageId })),
  ],
];
