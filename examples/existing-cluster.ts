// A service on a cluster that someone else created, for example with another module or by hand.
// Use it when you have a cluster on EC2 and want this library's services, without moving the cluster.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { Cluster, Ec2Service, LogDriver, ReadableStack } from "../src";

const app = new App();
const stack = new ReadableStack(app, "existing-cluster");
new LocalBackend(stack, { path: "../../../terraform.existing-cluster.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const cluster = Cluster.fromClusterAttributes({
  clusterArn: "arn:aws:ecs:eu-west-1:111122223333:cluster/platform",
  capacityProviderName: "platform-ec2",
  vpcId: "vpc-0123456789abcdef0",
  instanceSecurityGroupId: "sg-0123456789abcdef0",
  listenerArn:
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/platform/50dc6c495c0c9188/f2f7dc8efc522ab2",
});

new Ec2Service(stack, "orders", {
  cluster,
  image: "public.ecr.aws/docker/library/nginx:1.29",
  containerPort: 80,
  memoryLimitMiB: 256,
  paths: ["/orders*"],
  // Existing roles and an existing log group.
  executionRole: "arn:aws:iam::111122223333:role/platform-execution",
  taskRole: "arn:aws:iam::111122223333:role/orders",
  logging: LogDriver.awsLogs({ logGroup: "/platform/orders" }),
});
app.synth();
