// InstanceTypes
// JSON: data.aws_ec2_instance_type.instance_types: for_each, instance_type

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { DefaultVpc, InstanceTypes, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "types");
new LocalBackend(stack, { path: "../../../terraform.types.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const region = "eu-west-1";
const vpc = new DefaultVpc(stack, "vpc", { region });
new InstanceTypes(stack, "instance_types", { instanceTypes: ["m7g.large", "m6g.large"], vpc, region });
app.synth();
