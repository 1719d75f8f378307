// EcsClusterLookup
// Settings: EcsClusterLookupProps, ClusterLookupSettings
// JSON: data.aws_security_groups.ecs_security_groups: filter
// JSON: aws_ecs_service.orders: cluster

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { Ec2Service, EcsClusterLookup, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "orders");
new LocalBackend(stack, { path: "../../../terraform.orders.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "prod", region: "eu-west-1" });
new Ec2Service(stack, "orders", { cluster, containerPort: 8080, paths: ["/api/orders*"] });
app.synth();
