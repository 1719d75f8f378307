// EncryptionKey
import { EncryptionKey } from "../../src";
import { stack } from "../../tools/docs/stack";

new EncryptionKey(stack, "encryption_key", { name: "ecs", region: "eu-west-1" });
