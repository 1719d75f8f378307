// InstanceTypes
import { DefaultVpc, InstanceTypes } from "../../src";
import { stack } from "../../tools/docs/stack";

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
new InstanceTypes(stack, "instance_types", { instanceTypes: ["m7g.large", "m6g.large"], vpc, region: "eu-west-1" });
