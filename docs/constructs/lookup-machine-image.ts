// LookupMachineImage
// JSON: data.aws_ami.image: filter, owners

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { DefaultVpc, InstanceTypes, LookupMachineImage, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "image");
new LocalBackend(stack, { path: "../../../terraform.image.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const region = "eu-west-1";
const vpc = new DefaultVpc(stack, "vpc", { region });
const instanceTypes = new InstanceTypes(stack, "instance_types", { instanceTypes: ["m7g.large"], vpc, region });
new LookupMachineImage(stack, "image", { instanceTypes, filter: { name: "golden-ecs-*" } });
app.synth();
