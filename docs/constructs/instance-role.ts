// InstanceRole

import { stack } from "../../scripts/docs/stack";
import { InstanceRole } from "../../src";

new InstanceRole(stack, "instance_role", { name: "ecs", region: "eu-west-1" });
