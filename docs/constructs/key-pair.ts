// KeyPair
import { KeyPair } from "../../src";
import { stack } from "../../tools/docs/stack";

new KeyPair(stack, "key_pair", {
  name: "ecs",
  publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExample",
});
