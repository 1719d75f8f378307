// EcrRepository
// JSON: aws_ecr_repository.repository: name, image_tag_mutability, image_scanning_configuration

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { EcrRepository, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "images");
new LocalBackend(stack, { path: "../../../terraform.images.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new EcrRepository(stack, "repository", { clusterName: "ecs", name: "users", keepImages: 50 });
app.synth();
