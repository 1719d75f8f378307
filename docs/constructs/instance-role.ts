// InstanceRole
// JSON: aws_iam_role.instance_role: name, assume_role_policy
// JSON: aws_iam_role_policy_attachment.instance_role_ecs: policy_arn
// JSON: aws_iam_role_policy_attachment.instance_role_session_manager: policy_arn

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { InstanceRole, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "role");
new LocalBackend(stack, { path: "../../../terraform.role.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new InstanceRole(stack, "instance_role", { name: "ecs", region: "eu-west-1" });
app.synth();
