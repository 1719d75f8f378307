// KeyPair
// JSON: aws_key_pair.key_pair: key_name_prefix, public_key

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { KeyPair, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "keys");
new LocalBackend(stack, { path: "../../../terraform.keys.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new KeyPair(stack, "key_pair", {
  name: "ecs",
  publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExample",
});
app.synth();
