// InstanceTypes

import { stack } from "../../scripts/docs/stack";
import { DefaultVpc, InstanceTypes } from "../../src";

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
new InstanceTypes(stack, "instance_types", { instanceTypes: ["m7g.large", "m6g.large"], vpc, region: "eu-west-1" });
