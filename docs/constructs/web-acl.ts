// WebAcl
// JSON: aws_wafv2_web_acl.web_acl: name, scope, default_action

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { ReadableStack, WebAcl } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "firewall");
new LocalBackend(stack, { path: "../../../terraform.firewall.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new WebAcl(stack, "web_acl", { name: "ecs" });
app.synth();
