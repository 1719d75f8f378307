// ApplicationLoadBalancer
// JSON: aws_lb.load_balancer: load_balancer_type, security_groups, subnets
// JSON: aws_lb_listener.load_balancer_http: port, protocol, default_action

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { ApplicationLoadBalancer, DefaultVpc, PortRange, PortRules, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "network");
new LocalBackend(stack, { path: "../../../terraform.network.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
const portRange = new PortRange({ from: 31000, to: 61000 });
const portRules = new PortRules(stack, "port_rules", { name: "ecs", vpc, portRange, httpCidrs: ["0.0.0.0/0"] });
new ApplicationLoadBalancer(stack, "load_balancer", { name: "ecs", vpc, portRules });
app.synth();
