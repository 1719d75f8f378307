// LoadBalancerRules
// JSON: aws_vpc_security_group_ingress_rule.internal_rules_instances_from_load_balancer: referenced_security_group_id, ip_protocol, from_port, to_port
// JSON: aws_vpc_security_group_ingress_rule.internal_rules_http: for_each, ip_protocol, from_port, to_port

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { ApplicationLoadBalancer, DefaultVpc, LoadBalancerRules, PortRange, PortRules, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "network");
new LocalBackend(stack, { path: "../../../terraform.network.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
const portRange = new PortRange({ from: 31000, to: 61000 });
const instances = new PortRules(stack, "port_rules", { name: "ecs", vpc, portRange });
const portRules = new LoadBalancerRules(stack, "internal_rules", {
  name: "ecs-internal",
  vpc,
  instances,
  httpCidrs: ["172.31.0.0/16"],
});
new ApplicationLoadBalancer(stack, "internal", { name: "ecs-internal", internal: true, vpc, portRules });
app.synth();
