// InstanceRole
import { InstanceRole } from "../../src";
import { stack } from "../../tools/docs/stack";

new InstanceRole(stack, "instance_role", { name: "ecs", region: "eu-west-1" });
