// DefaultVpc
// JSON: data.aws_vpcs.vpc: filter
// JSON: data.aws_subnets.vpc_subnets: filter

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { DefaultVpc, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "network");
new LocalBackend(stack, { path: "../../../terraform.network.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
app.synth();
