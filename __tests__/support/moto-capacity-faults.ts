import { DeregisterImageCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { DeleteClusterCommand, DeregisterContainerInstanceCommand } from "@aws-sdk/client-ecs";
import { disconnected, failedLaunch, replaced } from "./moto-answers";
import { CLUSTER } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";

const daysAgo = (days: number) => `<creationDate>${new Date(Date.now() - days * 24 * 3_600_000).toISOString()}`;

/** Deregisters an instance, as if it had never registered. */
export const outside =
  (index: number): Fault =>
  ({ clients: { ecs }, containerInstances }) => {
    const containerInstance = containerInstances[index];
    return ecs.send(new DeregisterContainerInstanceCommand({ cluster: CLUSTER, containerInstance, force: true }));
  };

/** Faults of a cluster and its instances. */
export const CAPACITY_FAULTS: readonly Case[] = [
  [
    "a deleted cluster",
    ['cluster: The cluster "ecs" is INACTIVE. Only an ACTIVE cluster runs tasks.'],
    ({ clients }) => clients.ecs.send(new DeleteClusterCommand({ cluster: CLUSTER })),
  ],
  [
    "failed launches",
    ["instances: The Auto Scaling group ecs-instances has 2 of 3 instances in service."],
    (_, { overlays }) => {
      overlays.set("DescribeAutoScalingGroups", replaced(/<DesiredCapacity>2/, "<DesiredCapacity>3"));
      overlays.set("DescribeScalingActivities", failedLaunch("We currently do not have sufficient t3.small capacity"));
    },
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
