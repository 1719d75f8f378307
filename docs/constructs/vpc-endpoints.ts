// VpcEndpoints
// JSON: aws_vpc_endpoint.endpoints_to_ecr_api: vpc_endpoint_type, private_dns_enabled
// JSON: aws_vpc_endpoint.endpoints_to_s3: vpc_endpoint_type

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { DefaultVpc, ReadableStack, VpcEndpoints } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "endpoints");
new LocalBackend(stack, { path: "../../../terraform.endpoints.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
new VpcEndpoints(stack, "endpoints", { name: "platform", vpc, services: ["secretsmanager"] });
app.synth();
