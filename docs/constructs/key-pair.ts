// KeyPair

import { stack } from "../../scripts/docs/stack";
import { KeyPair } from "../../src";

new KeyPair(stack, "key_pair", {
  name: "ecs",
  publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExample",
});
