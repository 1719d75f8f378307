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
import { CLUSTER, type Planted, service, targetGroup } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";

const EVERYWHERE = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];

const userData =
  (text: string): Fault =>
  async ({ clients, instances }) => {
    // The SDK encodes it, as AWS wants it; moto wants it encoded once more.
    const Value = Buffer.from(Buffer.from(text).toString("base64"));
    for (const InstanceId of instances) {
      await clients.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, UserData: { Value } }));
    }
  };

async function withoutTargetGroup({ clients: { balancing }, balancerArn, targetGroupArn }: Planted) {
  const { Listeners = [] } = await balancing.send(new DescribeListenersCommand({ LoadBalancerArn: balancerArn }));
  await balancing.send(new DeleteListenerCommand({ ListenerArn: Listeners[0]?.ListenerArn }));
  await balancing.send(new DeleteTargetGroupCommand({ TargetGroupArn: targetGroupArn }));
}

/** What can be wrong with a cluster's ports, load balancer and services. */
export const TRAFFIC_FAULTS: readonly Case[] = [
  [
    "instances that don't admit the load balancer",
    ["ports: The instances' security group doesn't admit ports 31000-61000 from the load balancer ecs-alb."],
    ({ clients, instanceGroup: GroupId, balancerGroup }) =>
      clients.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [range(balancerGroup)] })),
  ],
  [
    "a load balancer that isn't let out",
    ["ports: The load balancer ecs-alb isn't let out to the instances' ports 31000-61000."],
    ({ clients, instanceGroup, balancerGroup: GroupId }) =>
      clients.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [range(instanceGroup)] })),
  ],
  [
    "an agent with another range than the rules",
    [
      "ports: The instances' security group doesn't admit ports 30000-30999, 61001-61500 from the load balancer ecs-alb.",
      "ports: The load balancer ecs-alb isn't let out to the instances' ports 30000-30999, 61001-61500.",
    ],
    userData("ECS_DYNAMIC_HOST_PORT_RANGE=30000-61500\n"),
  ],
  [
    "instances that nothing is let out of",
    ["ports: The instances' security group lets nothing out, so that the agent never reaches ECS."],
    ({ clients, instanceGroup: GroupId }) =>
      clients.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: EVERYWHERE })),
  ],
  [
    "a zone that the load balancer doesn't serve",
    ["zones: The load balancer ecs-alb doesn't serve the zone of INSTANCE-1, whose containers get no requests."],
    ({ clients: { balancing }, balancerArn: LoadBalancerArn, subnets }) =>
      balancing.send(
        new SetSubnetsCommand({ LoadBalancerArn, Subnets: [0, 2].map((at) => subnets[at]?.SubnetId ?? "") }),
      ),
  ],
  [
    "targets that don't answer in time",
    ["targets: 2 of 2 targets of the service web are unhealthy: Target.Timeout."],
    (_, { overlays }) => overlays.set("DescribeTargetHealth", unhealthy("Target.Timeout", "Request timed out")),
  ],
  [
    "tasks that were never registered as targets",
    ["targets: The service web has tasks that run, and no target in ecs-web."],
    ({ clients, targetGroupArn: TargetGroupArn, instances }) =>
      clients.balancing.send(
        new DeregisterTargetsCommand({ TargetGroupArn, Targets: instances.map((Id) => ({ Id })) }),
      ),
  ],
  ["a target group that is gone", ["targets: The target group of the service web is gone."], withoutTargetGroup],
  [
    "a target group that no listener leads to",
    ["targets: No load balancer leads to the target group ecs-web of the service web."],
    async (planted) => {
      const { clients, subnets, instances } = planted;
      await withoutTargetGroup(planted);
      await service(clients, await targetGroup(clients, subnets[0]?.VpcId, instances));
    },
  ],
  [
    "a service that is short of tasks",
    ["services: The service web runs 1 of 4 tasks."],
    async ({ clients, targetGroupArn }, { overlays }) => {
      await service(clients, targetGroupArn, 4);
      overlays.set("DescribeServices", events("(service web) was unable to place a task: insufficient memory"));
    },
  ],
  [
    "a container that is killed and restarted",
    ["services: The service web runs, and 1 of its tasks failed within the last hour."],
    ({ clients, tasks: [task] }) =>
      clients.ecs.send(
        new StopTaskCommand({ cluster: CLUSTER, task, reason: "Task failed ELB health checks in (target-group x)" }),
      ),
  ],
  [
    "a deployment that was given up",
    ["services: A deployment of the service web failed."],
    (_, { overlays }) =>
      overlays.set("DescribeServices", failedDeployment("ECS deployment circuit breaker: tasks failed to start.")),
  ],
];
