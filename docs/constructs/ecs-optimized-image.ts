// EcsOptimizedImage

import { stack } from "../../scripts/docs/stack";
import { DefaultVpc, EcsOptimizedImage, InstanceTypes } from "../../src";

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
const instanceTypes = new InstanceTypes(stack, "instance_types", {
  instanceTypes: ["m7g.large"],
  vpc,
  region: "eu-west-1",
});
new EcsOptimizedImage(stack, "image", { instanceTypes });
