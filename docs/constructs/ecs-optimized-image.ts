// EcsOptimizedImage
import { DefaultVpc, EcsOptimizedImage, InstanceTypes } from "../../src";
import { stack } from "../../tools/docs/stack";

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
const instanceTypes = new InstanceTypes(stack, "instance_types", {
  instanceTypes: ["m7g.large"],
  vpc,
  region: "eu-west-1",
});
new EcsOptimizedImage(stack, "image", { instanceTypes });
