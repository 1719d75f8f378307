// EncryptionKey

import { stack } from "../../scripts/docs/stack";
import { EncryptionKey } from "../../src";

new EncryptionKey(stack, "encryption_key", { name: "ecs", region: "eu-west-1" });
