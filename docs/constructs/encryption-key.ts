// EncryptionKey
// JSON: aws_kms_key.encryption_key: enable_key_rotation
// JSON: aws_kms_alias.encryption_key_alias: name

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { EncryptionKey, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "key");
new LocalBackend(stack, { path: "../../../terraform.key.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new EncryptionKey(stack, "encryption_key", { name: "ecs", region: "eu-west-1" });
app.synth();
