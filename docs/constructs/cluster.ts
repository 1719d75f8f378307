// Cluster
// JSON: aws_ecs_cluster.cluster: name, setting, configuration

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { Cluster, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "cluster");
new LocalBackend(stack, { path: "../../../terraform.cluster.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new Cluster(stack, "cluster", { name: "ecs", containerInsights: "enhanced", logRetentionDays: 30 });
app.synth();
