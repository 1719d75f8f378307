// FileSystem

import { stack } from "../../scripts/docs/stack";
import { DefaultVpc, FileSystem, PortRange, PortRules } from "../../src";

const name = "ecs";
const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
const portRules = new PortRules(stack, "port_rules", {
  name,
  vpc,
  portRange: new PortRange({ from: 31000, to: 61000 }),
});
new FileSystem(stack, "files", { name, vpc, portRules });
