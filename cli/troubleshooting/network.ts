import type { Symptom } from "./symptom";

/** Why an instance does not reach ECS, by what the network of its VPC and its own state say. */
export const NETWORK: readonly Symptom[] = [
  {
    id: "instance-host-impaired",
    seen: "the system status `impaired`",
    cause:
      "The system status check of EC2 fails: the hardware, the power or the network below an instance has a problem.",
    fix: "Replace the instance with the command. ECS starts its tasks on other instances.",
    commands: [
      "aws autoscaling terminate-instance-in-auto-scaling-group --no-should-decrement-desired-capacity --instance-id ID",
    ],
  },
  {
    id: "instance-impaired",
    seen: "the instance status `impaired`",
    cause: "The instance status check of EC2 fails: the system on an instance does not answer.",
    fix: "Read the last lines of the console with the first command. The usual reasons are memory that is used up, and a kernel or a network that does not start. Then replace the instance with the second command. ECS starts its tasks on other instances.",
    commands: [
      "aws ec2 get-console-output --latest --instance-id ID --output text",
      "aws autoscaling terminate-instance-in-auto-scaling-group --no-should-decrement-desired-capacity --instance-id ID",
    ],
  },
  {
    id: "metadata-disabled",
    seen: "the metadata service `disabled`",
    cause: "The metadata service of an instance is disabled, so the ECS agent gets no credentials.",
    fix: "Enable the metadata service with the command. Then deploy the stack again, whose launch template enables it for new instances.",
    commands: ["aws ec2 modify-instance-metadata-options --instance-id ID --http-endpoint enabled"],
  },
  {
    id: "route-blackhole",
    seen: "`blackhole` beside the route 0.0.0.0/0",
    cause: "The route of instances to the internet is a blackhole: its gateway was deleted.",
    fix: "Create the gateway again, and replace the route with the command. In place of GATEWAY, write the ID of the NAT gateway or of the internet gateway. For a NAT gateway, the option is `--nat-gateway-id`.",
    commands: [
      "aws ec2 replace-route --route-table-id ROUTE_TABLE --destination-cidr-block 0.0.0.0/0 --gateway-id GATEWAY",
    ],
  },
  {
    id: "route-missing",
    seen: "no route 0.0.0.0/0, and no VPC endpoints",
    cause: "The subnet of instances has no route to the internet, and the VPC has no endpoints for ECS.",
    fix: "Add a route with the command. In place of GATEWAY, write the ID of the internet gateway, or of a NAT gateway for private instances. For a NAT gateway, the option is `--nat-gateway-id`. Or set `vpcEndpoints` and deploy, which creates the VPC endpoints of private instances.",
    commands: [
      "aws ec2 create-route --route-table-id ROUTE_TABLE --destination-cidr-block 0.0.0.0/0 --gateway-id GATEWAY",
    ],
  },
  {
    id: "public-address-missing",
    seen: "a route 0.0.0.0/0 to `igw-…`, and an instance without a public address",
    cause:
      "Instances without a public address are in a subnet whose route is an internet gateway, which serves only public addresses.",
    fix: "Deploy the stack again, which gives the instances public addresses. For private instances, replace the route by one to a NAT gateway with the command, or set `vpcEndpoints` and deploy. In place of GATEWAY, write the ID of the NAT gateway.",
    commands: [
      "aws ec2 replace-route --route-table-id ROUTE_TABLE --destination-cidr-block 0.0.0.0/0 --nat-gateway-id GATEWAY",
    ],
  },
  {
    id: "acl-blocks-aws",
    seen: "a network ACL without outbound port 443, or without inbound ports 32768-60999",
    cause:
      "A network ACL blocks the connections of instances to AWS. Network ACLs do not track connections, so the answers need rules too.",
    fix: "Add the rule with the command. The instances need outbound TCP port 443, and inbound the ports of the answers.",
    commands: [
      "aws ec2 create-network-acl-entry --network-acl-id ACL --egress --rule-number NUMBER --protocol tcp --port-range From=443,To=443 --cidr-block 0.0.0.0/0 --rule-action allow",
    ],
  },
  {
    id: "dns-support-disabled",
    seen: "the DNS support of the VPC is `false`",
    cause: "The VPC answers no DNS queries, so instances cannot resolve the names of AWS.",
    fix: "Enable DNS support of the VPC with the command.",
    commands: ["aws ec2 modify-vpc-attribute --vpc-id VPC --enable-dns-support Value=true"],
  },
  {
    id: "dns-hostnames-disabled",
    seen: "the DNS hostnames of the VPC are `false`, and it has interface endpoints",
    cause: "The VPC has no DNS hostnames, so the names of AWS do not resolve to its VPC endpoints.",
    fix: "Enable DNS hostnames of the VPC with the command.",
    commands: ["aws ec2 modify-vpc-attribute --vpc-id VPC --enable-dns-hostnames Value=true"],
  },
  {
    id: "endpoint-closed",
    seen: "an endpoint whose security group does not admit port 443",
    cause:
      "The security group of a VPC endpoint does not admit the instances. The name of the service resolves to the endpoint, so all its calls fail.",
    fix: "Admit the instances with the command.",
    commands: [
      "aws ec2 authorize-security-group-ingress --group-id ENDPOINT_SECURITY_GROUP --protocol tcp --port 443 --source-group INSTANCE_SECURITY_GROUP",
    ],
  },
  {
    id: "endpoint-unavailable",
    seen: "an endpoint that is not `available`",
    cause: "A VPC endpoint is not available.",
    fix: "Read the error of the endpoint with the command. If it failed or was rejected, or waits for acceptance, create it again.",
    commands: [
      "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids ENDPOINT --query 'VpcEndpoints[].[State,LastError.Message]'",
    ],
  },
  {
    id: "endpoint-missing",
    seen: "no route 0.0.0.0/0, and not all of the endpoints `ecs`, `ecs-agent`, `ecs-telemetry`, `ecr.api`, `ecr.dkr`, `s3`",
    cause: "Instances without a route to the internet lack a VPC endpoint.",
    fix: "Set `vpcEndpoints` and deploy, which creates the endpoints. If you create one yourself, enable private DNS and admit port 443 from the instances. The endpoint of S3 is a gateway: add it to the route table of the subnet.",
  },
];
