// ApplicationLoadBalancer

import { stack } from "../../scripts/docs/stack";
import { ApplicationLoadBalancer, DefaultVpc, PortRange, PortRules } from "../../src";

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
const portRange = new PortRange({ from: 31000, to: 61000 });
const portRules = new PortRules(stack, "port_rules", { name: "ecs", vpc, portRange, httpCidrs: ["0.0.0.0/0"] });
new ApplicationLoadBalancer(stack, "load_balancer", { name: "ecs", vpc, portRules });
