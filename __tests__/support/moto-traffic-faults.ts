import {
  ModifyInstanceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { StopTaskCommand } from "@aws-sdk/client-ecs";
import {
  DeleteListenerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  SetSubnetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { range } from "./moto-access";
import { events, failedDeployment, unhealthy } from "./moto-answers";
import { CLUSTER, type ClusterResources, service, targetGroup } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";

const EVERYWHERE = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];

const userData =
  (text: string): Fault =>
  async ({ clients, instances }) => {
    // The SDK encodes the value once. Moto requires a second encoding.
    const Value = Buffer.from(Buffer.from(text).toString("base64"));
    for (const InstanceId of instances) {
      await clients.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, UserData: { Value } }));
    }
  };

async function withoutTargetGroup({ clients: { balancing }, balancerArn, targetGroupArn }: ClusterResources) {
  const { Listeners = [] } = await balancing.send(new DescribeListenersCommand({ LoadBalancerArn: balancerArn }));
  await balancing.send(new DeleteListenerCommand({ ListenerArn: Listeners[0]?.ListenerArn }));
  await balancing.send(new DeleteTargetGroupCommand({ TargetGroupArn: targetGroupArn }));
}

/** Faults of security groups, load balancers and services. */
export const TRAFFIC_FAULTS: readonly Case[] = [
  [
    "instances that block the load balancer",
    ["ports: The instances' security group blocks ports 31000-61000 from the load balancer ecs-alb."],
    ({ clients, instanceGroup: GroupId, balancerGroup }) =>
      clients.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [range(balancerGroup)] })),
  ],
  [
    "a load balancer that cannot connect to the instances",
    ["ports: The security group of the load balancer ecs-alb blocks the instances' ports 31000-61000."],
    ({ clients, instanceGroup, balancerGroup: GroupId }) =>
      clients.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [range(instanceGroup)] })),
  ],
  [
    "an agent whose range differs from the rules",
    [
      "ports: The instances' security group blocks ports 30000-30999, 61001-61500 from the load balancer ecs-alb.",
      "ports: The security group of the load balancer ecs-alb blocks the instances' ports 30000-30999, 61001-61500.",
    ],
    userData("ECS_DYNAMIC_HOST_PORT_RANGE=30000-61500\n"),
  ],
  [
    "instances without outbound rules",
    ["ports: The instances' security group allows no outbound traffic, so the ECS agent cannot reach ECS."],
    ({ clients, instanceGroup: GroupId }) =>
      clients.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: EVERYWHERE })),
  ],
  [
    "an Availability Zone that the load balancer does not serve",
    [
      "zones: The load balancer ecs-alb does not serve the Availability Zone of INSTANCE-1. The containers there get no requests.",
    ],
    ({ clients: { balancing }, balancerArn: LoadBalancerArn, subnets }) =>
      balancing.send(
        new SetSubnetsCommand({ LoadBalancerArn, Subnets: [0, 2].map((at) => subnets[at]?.SubnetId ?? "") }),
      ),
  ],
  [
    "targets that time out",
    ["targets: 2 of 2 targets of the service web are unhealthy: Target.Timeout."],
    (_, { overlays }) => overlays.set("DescribeTargetHealth", unhealthy("Target.Timeout", "Request timed out")),
  ],
  [
    "tasks that are not registered as targets",
    ["targets: The service web runs tasks, but the target group ecs-web has no target."],
    ({ clients, targetGroupArn: TargetGroupArn, instances }) =>
      clients.balancing.send(
        new DeregisterTargetsCommand({ TargetGroupArn, Targets: instances.map((Id) => ({ Id })) }),
      ),
  ],
  ["a deleted target group", ["targets: The target group of the service web was deleted."], withoutTargetGroup],
  [
    "a target group without a listener",
    ["targets: No load balancer forwards to the target group ecs-web of the service web."],
    async (resources) => {
      const { clients, subnets, instances } = resources;
      await withoutTargetGroup(resources);
      await service(clients, await targetGroup(clients, subnets[0]?.VpcId, instances));
    },
  ],
  [
    "a service with too few tasks",
    ["services: The service web runs 1 of 4 tasks."],
    async ({ clients, targetGroupArn }, { overlays }) => {
      await service(clients, targetGroupArn, 4);
      overlays.set("DescribeServices", events("(service web) was unable to place a task: insufficient memory"));
    },
  ],
  [
    "a task that fails its health check",
    ["services: The service web runs, but 1 task failed in the last hour."],
    ({ clients, tasks: [task] }) =>
      clients.ecs.send(
        new StopTaskCommand({ cluster: CLUSTER, task, reason: "Task failed ELB health checks in (target-group x)" }),
      ),
  ],
  [
    "a rollback",
    ["services: ECS rolled back the last deployment of the service web, which runs the previous version."],
    (_, { overlays }) =>
      overlays.set(
        "DescribeServices",
        events(
          "(service web) has reached a steady state.",
          "(service web) rolling back to deployment ecs-svc/1.",
          "(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.",
        ),
      ),
  ],
  [
    "a failed deployment",
    ["services: A deployment of the service web failed."],
    (_, { overlays }) =>
      overlays.set("DescribeServices", failedDeployment("ECS deployment circuit breaker: tasks failed to start.")),
  ],
];
