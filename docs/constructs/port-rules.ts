// PortRules

import { stack } from "../../scripts/docs/stack";
import { DefaultVpc, PortRange, PortRules } from "../../src";

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
new PortRules(stack, "port_rules", {
  name: "ecs",
  vpc,
  portRange: new PortRange({ from: 31000, to: 61000 }),
  sshCidrs: ["203.0.113.7/32"],
  httpCidrs: ["0.0.0.0/0"],
});
