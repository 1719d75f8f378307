import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { StopTaskCommand } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  ModifyListenerCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
  SetSubnetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { HTTP_FROM_ANYWHERE, range } from "./moto-access";
import { each, events, failedDeployment, replaced, unhealthy } from "./moto-answers";
import { userData } from "./moto-capacity-faults";
import { CLUSTER, type ClusterResources, HOST_PORTS, service, targetGroup } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";
import { uploadCertificate } from "./moto-listener-faults";

const HTTP = { Protocol: "HTTP" } as const;
/** A target group of a Network Load Balancer, which checks by TCP. */
const UDP = { Protocol: "UDP", Port: 53, HealthCheckProtocol: "TCP", HealthCheckPort: "8081" } as const;
const EVERYWHERE = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];

async function withoutTargetGroup({ clients: { balancing }, balancerArn, targetGroupArn }: ClusterResources) {
  const { Listeners = [] } = await balancing.send(new DescribeListenersCommand({ LoadBalancerArn: balancerArn }));
  await balancing.send(new DeleteListenerCommand({ ListenerArn: Listeners[0]?.ListenerArn }));
  await balancing.send(new DeleteTargetGroupCommand({ TargetGroupArn: targetGroupArn }));
}

/** Changes the listener of the service to a redirect with a rule, and adds the HTTPS listener, as a stack of a cluster does. */
const moveToHttps: Fault = async (resources, proxy) => {
  const { clients, balancerArn, targetGroupArn } = resources;
  const { balancing } = clients;
  const { Listeners = [] } = await balancing.send(new DescribeListenersCommand({ LoadBalancerArn: balancerArn }));
  const [{ ListenerArn } = {}] = Listeners;
  await balancing.send(
    new CreateRuleCommand({
      ...{ ListenerArn, Priority: 1, Conditions: [{ Field: "path-pattern", Values: ["/*"] }] },
      Actions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
    }),
  );
  const RedirectConfig = { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" } as const;
  await balancing.send(
    new ModifyListenerCommand({ ListenerArn, DefaultActions: [{ Type: "redirect", RedirectConfig }] }),
  );
  const Certificates = [{ CertificateArn: await uploadCertificate(resources, proxy) }];
  const FixedResponseConfig = { StatusCode: "404", ContentType: "text/plain" };
  await balancing.send(
    new CreateListenerCommand({
      ...{ LoadBalancerArn: balancerArn, Protocol: "HTTPS", Port: 443, Certificates },
      DefaultActions: [{ Type: "fixed-response", FixedResponseConfig }],
    }),
  );
};

/** Puts the service behind another load balancer, whose security group has only the rule for clients by HTTP. */
const secondBalancer = (type: "application" | "network") => async (resources: ClusterResources) => {
  const { clients, subnets, instances, targetGroupArn } = resources;
  const { balancing, ec2 } = clients;
  const VpcId = subnets[0]?.VpcId;
  const group = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "ecs-internal", Description: "ecs-internal", VpcId }),
  );
  const GroupId = group.GroupId ?? "";
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [HTTP_FROM_ANYWHERE] }));
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: EVERYWHERE }));
  const Subnets = subnets.slice(0, 2).map(({ SubnetId = "" }) => SubnetId);
  const made = await balancing.send(
    new CreateLoadBalancerCommand({
      ...{ Name: "ecs-int", Type: type, Scheme: "internal", Subnets, SecurityGroups: [GroupId] },
    }),
  );
  const LoadBalancerArn = made.LoadBalancers?.[0]?.LoadBalancerArn;
  const created = await balancing.send(
    new CreateTargetGroupCommand({ Name: "ecs-web-int", VpcId, ...(type === "network" ? UDP : { ...HTTP, Port: 80 }) }),
  );
  const TargetGroupArn = created.TargetGroups?.[0]?.TargetGroupArn ?? "";
  const Targets = instances.map((Id, index) => ({ Id, Port: HOST_PORTS[index] }));
  await balancing.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
  const DefaultActions = [{ Type: "forward", TargetGroupArn } as const];
  const listener = type === "network" ? ({ Protocol: "UDP", Port: 53 } as const) : { ...HTTP, Port: 80 };
  await balancing.send(new CreateListenerCommand({ LoadBalancerArn, ...listener, DefaultActions }));
  await service(clients, targetGroupArn, 1, TargetGroupArn);
};

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
  ...(["failed", "active_impaired"] as const).map(
    (state): Case => [
      `a load balancer that is ${state}`,
      [`balancers: The load balancer ecs-alb is ${state}.`],
      (_, { overlays }) =>
        overlays.set(
          "DescribeLoadBalancers",
          replaced(/<Code>[a-z]*<\/Code>/, `<Code>${state}</Code><Reason>insufficient addresses</Reason>`),
        ),
    ],
  ),
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
    "a load balancer that admits no client",
    ["listeners: The security group of the load balancer ecs-alb admits nobody to its listener HTTP 80."],
    ({ clients, balancerGroup: GroupId }) =>
      clients.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [HTTP_FROM_ANYWHERE] })),
  ],
  [
    "a service whose rule stayed on the listener that redirects now",
    [
      "listeners: The security group of the load balancer ecs-alb admits nobody to its listener HTTPS 443.",
      "listeners: The rules of the service web are on the listener HTTP 80 of ecs-alb, which redirects other requests. Requests to HTTPS 443 do not reach the service.",
    ],
    moveToHttps,
  ],
  [
    "an internal load balancer that a rule of the service is on, and that cannot connect to the instances",
    [
      "ports: The instances' security group blocks ports 31000-61000 from the load balancer ecs-int.",
      "ports: The security group of the load balancer ecs-int blocks the instances' ports 31000-61000.",
    ],
    secondBalancer("application"),
  ],
  [
    "a Network Load Balancer that admits no client by UDP, and that cannot connect to the instances",
    [
      "ports: The instances' security group blocks ports 31000-61000 from the load balancer ecs-int.",
      "ports: The security group of the load balancer ecs-int blocks the instances' ports 31000-61000.",
      "ports: The instances' security group blocks UDP ports 31001 from the load balancer ecs-int.",
      "ports: The security group of the load balancer ecs-int blocks UDP to port 31001 of the instances, which the target group ecs-web-int uses.",
      "ports: The instances' security group blocks ports 8081 from the load balancer ecs-int.",
      "ports: The security group of the load balancer ecs-int blocks port 8081 of the instances, which the target group ecs-web-int uses.",
      "ports: The instances' security group blocks UDP ports 31002 from the load balancer ecs-int.",
      "ports: The security group of the load balancer ecs-int blocks UDP to port 31002 of the instances, which the target group ecs-web-int uses.",
      "listeners: The security group of the load balancer ecs-int admits nobody to its listener UDP 53.",
      "health: The target group ecs-web-int of the service web sends UDP to port 80, which the container maps for TCP.",
    ],
    secondBalancer("network"),
  ],
  [
    "a port of health checks that the security groups do not admit",
    [
      "ports: The instances' security group blocks ports 8081 from the load balancer ecs-alb.",
      "ports: The security group of the load balancer ecs-alb blocks port 8081 of the instances, which the target group ecs-web uses.",
    ],
    ({ clients, targetGroupArn: TargetGroupArn }) =>
      clients.balancing.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPort: "8081" })),
  ],
  ...[
    ...["Target.Timeout", "Target.ResponseCodeMismatch", "Target.FailedHealthChecks", "Target.NotInUse"],
    ...["Target.InvalidState", "Target.IpUnusable", "Elb.InternalError"],
  ].map(
    (reason): Case => [
      `targets with ${reason}`,
      [`targets: 2 of 2 targets of the service web are unhealthy: ${reason}.`],
      (_, { overlays }) => overlays.set("DescribeTargetHealth", unhealthy(reason, "as described")),
    ],
  ),
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
    [
      "rules: No listener rule forwards requests to the target group ecs-web of the service web.",
      "targets: No load balancer forwards to the target group ecs-web of the service web.",
    ],
    async (resources) => {
      const { clients, subnets, instances } = resources;
      await withoutTargetGroup(resources);
      await service(clients, await targetGroup(clients, subnets[0]?.VpcId, instances));
    },
    ["targets: No load balancer forwards to the target group ecs-web of the service web."],
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
    "a deployment that failed for a reason that the doctor does not know",
    ["services: A deployment of the service web failed."],
    (_, { overlays }) => overlays.set("DescribeServices", failedDeployment("the wind")),
  ],
  [
    "a canary deployment that moves no more requests",
    ["services: A CANARY deployment of the service web runs for 120 minutes. Its bake time and pauses take 10."],
    (_, { overlays }) =>
      overlays.set(
        "DescribeServices",
        each("services", (one) => ({
          ...one,
          deploymentConfiguration: { strategy: "CANARY", bakeTimeInMinutes: 10 },
          deployments: [
            {
              ...{ id: "ecs-svc/1", rolloutState: "IN_PROGRESS", rolloutStateReason: "in progress", failedTasks: 0 },
              // The doctor runs half an hour later.
              createdAt: Date.now() / 1000 - 90 * 60 - 30,
            },
          ],
        })),
      ),
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
    "a rollback because of an alarm",
    ["services: ECS rolled back the last deployment of the service web, which runs the previous version."],
    (_, { overlays }) =>
      overlays.set(
        "DescribeServices",
        events(
          "(service web) has reached a steady state.",
          "(service web) rolling back to deployment ecs-svc/1.",
          "(service web) (deployment ecs-svc/2) deployment failed: alarm detected.",
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
