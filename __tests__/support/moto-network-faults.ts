import {
  CreateNetworkAclEntryCommand,
  CreateSecurityGroupCommand,
  CreateVpcEndpointCommand,
  DeleteRouteCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  ModifyInstanceMetadataOptionsCommand,
  ModifyVpcAttributeCommand,
} from "@aws-sdk/client-ec2";
import { REGION } from "./moto-access";
import { replaced } from "./moto-answers";
import { outside, userData } from "./moto-capacity-faults";
import type { ClusterResources } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";

const DEFAULT = { DestinationCidrBlock: "0.0.0.0/0" } as const;

async function tableId({ clients }: ClusterResources) {
  const { RouteTables = [] } = await clients.ec2.send(new DescribeRouteTablesCommand({}));
  return RouteTables[0]?.RouteTableId;
}

/** Deletes the route of all subnets to the internet. */
const withoutRoute: Fault = async (resources) => {
  const RouteTableId = await tableId(resources);
  await resources.clients.ec2.send(new DeleteRouteCommand({ RouteTableId, ...DEFAULT }));
};

/** Creates interface endpoints with private DNS, whose security group has no inbound rules. */
const endpoints =
  (...services: readonly string[]): Fault =>
  async ({ clients: { ec2 }, subnets: [{ VpcId, SubnetId = "" } = {}] }) => {
    const { GroupId = "" } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: "endpoints", Description: "endpoints", VpcId }),
    );
    for (const service of services) {
      await ec2.send(
        new CreateVpcEndpointCommand({
          ...{ VpcId, ServiceName: `com.amazonaws.${REGION}.${service}`, VpcEndpointType: "Interface" },
          ...{ PrivateDnsEnabled: true, SubnetIds: [SubnetId], SecurityGroupIds: [GroupId] },
        }),
      );
    }
  };

/** Runs faults one after another. */
const all =
  (...faults: readonly Fault[]): Fault =>
  async (...args) => {
    for (const fault of faults) await fault(...args);
  };

/** Denies traffic in the network ACL of all subnets. */
const denies =
  (Egress: boolean, From: number, To: number): Fault =>
  async ({ clients: { ec2 } }) => {
    const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({}));
    await ec2.send(
      new CreateNetworkAclEntryCommand({
        ...{ NetworkAclId: NetworkAcls[0]?.NetworkAclId, RuleNumber: 50, RuleAction: "deny", Protocol: "6", Egress },
        ...{ CidrBlock: "0.0.0.0/0", PortRange: { From, To } },
      }),
    );
  };

const vpcAttribute =
  (change: Partial<ModifyVpcAttributeCommand["input"]>): Fault =>
  ({ clients: { ec2 }, subnets: [{ VpcId } = {}] }) =>
    ec2.send(new ModifyVpcAttributeCommand({ VpcId, ...change }));

/** Changes the status of all instances. */
const impaired =
  (kind: "systemStatus" | "instanceStatus" | "attachedEbsStatus"): Fault =>
  (_, { overlays }) => {
    const ebs = "<attachedEbsStatus><status>impaired</status></attachedEbsStatus>";
    overlays.set(
      "DescribeInstanceStatus",
      kind === "attachedEbsStatus"
        ? replaced(/<instanceStatus>/g, `${ebs}<instanceStatus>`)
        : replaced(new RegExp(`(<${kind}>[\\s\\S]*?<status>)ok`, "g"), "$1impaired"),
    );
  };

const hidden: Fault = (_, { overlays }) =>
  overlays.set("DescribeInstances", replaced(/<ipAddress>[^<]*<\/ipAddress>/g, ""));

const LATE = 'registered: 1 of 2 running instances did not register with the cluster "ecs".';

/** Faults of the network, and of instances. */
export const NETWORK_FAULTS: readonly Case[] = [
  [
    "a host with a problem",
    [0, 1].map((at) => `status: The system status of INSTANCE-${at} is impaired.`),
    impaired("systemStatus"),
  ],
  [
    "a system that does not answer",
    [0, 1].map((at) => `status: The instance status of INSTANCE-${at} is impaired.`),
    impaired("instanceStatus"),
  ],
  [
    "a volume with a problem",
    [0, 1].map((at) => `status: The status of the EBS volumes of INSTANCE-${at} is impaired.`),
    impaired("attachedEbsStatus"),
  ],
  [
    "a metadata service that is disabled",
    ["metadata: The metadata service of INSTANCE-0 is disabled, so the ECS agent gets no credentials."],
    ({ clients: { ec2 }, instances: [InstanceId] }) =>
      ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId, HttpEndpoint: "disabled" })),
  ],
  [
    "an agent that the responses of the metadata service do not reach",
    [
      "metadata: The user data of INSTANCE-1 starts the ECS agent without the network of the instance, and the hop limit of the metadata service is 1.",
      LATE,
    ],
    all(
      outside(1),
      userData(
        "ECS_CLUSTER=ecs\nECS_DYNAMIC_HOST_PORT_RANGE=31000-61000\ndocker run --detach amazon/amazon-ecs-agent\n",
      ),
    ),
    [LATE],
  ],
  [
    "a route to a gateway that was deleted",
    [
      ...[0, 1].map((at) => `routes: The route of SUBNET-${at} to the internet is a blackhole: igw-ID was deleted.`),
      ...[0, 1].map(
        (at) =>
          `routes: The subnet SUBNET-${at} of the internet-facing load balancer ecs-alb has no route to an internet gateway.`,
      ),
    ],
    (_, { overlays }) =>
      overlays.set("DescribeRouteTables", replaced(/(<gatewayId>igw-[\s\S]*?<state>)active/, "$1blackhole")),
  ],
  [
    "subnets without a route to the internet",
    [
      ...[0, 1].map(
        (at) => `routes: The subnet SUBNET-${at} has no route to the internet, and VPC has no endpoints for ECS.`,
      ),
      ...[0, 1].map(
        (at) =>
          `routes: The subnet SUBNET-${at} of the internet-facing load balancer ecs-alb has no route to an internet gateway.`,
      ),
    ],
    withoutRoute,
  ],
  [
    "instances without public addresses",
    [0, 1].map(
      (at) => `routes: The route of SUBNET-${at} is an internet gateway, and INSTANCE-${at} has no public address.`,
    ),
    hidden,
  ],
  [
    "a network ACL that blocks AWS",
    ["acls: The network ACL acl-ID blocks outbound TCP ports 443, from the instances to AWS."],
    denies(true, 443, 443),
  ],
  [
    "a network ACL that blocks host ports",
    [
      "acls: The network ACL acl-ID blocks inbound TCP ports 61000, from the load balancer ecs-alb to its targets.",
      "acls: The network ACL acl-ID blocks inbound TCP ports 61000-61500, of answers to the load balancer ecs-alb.",
    ],
    denies(false, 61_000, 61_500),
  ],
  [
    "a network ACL that blocks clients",
    ["acls: The network ACL acl-ID blocks inbound TCP ports 80, from clients to the listener HTTP 80 of ecs-alb."],
    denies(false, 80, 80),
  ],
  [
    "a VPC without DNS",
    ["dns: DNS support of VPC is disabled, so its instances cannot resolve the names of AWS."],
    vpcAttribute({ EnableDnsSupport: { Value: false } }),
  ],
  [
    "a VPC whose endpoints have no names",
    [
      "dns: DNS hostnames of VPC are disabled, so the names of AWS do not resolve to its VPC endpoints.",
      "endpoints: The security group of the VPC endpoint vpce-ID of ecs does not admit INSTANCE-0, INSTANCE-1 on port 443.",
    ],
    all(endpoints("ecs"), vpcAttribute({ EnableDnsHostnames: { Value: false } })),
  ],
  [
    "an endpoint whose security group admits nobody",
    [
      "endpoints: The security group of the VPC endpoint vpce-ID of logs does not admit INSTANCE-0, INSTANCE-1 on port 443.",
    ],
    endpoints("logs", "execute-api"),
  ],
  [
    "an endpoint that failed",
    ["endpoints: The VPC endpoint vpce-ID of ecs-agent is not available: failed."],
    all(endpoints("ecs-agent"), (_, { overlays }) =>
      overlays.set("DescribeVpcEndpoints", replaced(/<state>available/, "<state>failed")),
    ),
  ],
  [
    "private instances without all endpoints of ECS",
    [
      ...[0, 1].map(
        (at) =>
          `routes: The subnet SUBNET-${at} of the internet-facing load balancer ecs-alb has no route to an internet gateway.`,
      ),
      "endpoints: The security group of the VPC endpoint vpce-ID of ecs does not admit INSTANCE-0, INSTANCE-1 on port 443.",
      "endpoints: The instances in SUBNET-1 have no route to the internet, and no VPC endpoint for ecs-agent, ecs-telemetry.",
      LATE,
    ],
    all(withoutRoute, endpoints("ecs"), outside(1)),
    [LATE],
  ],
];
