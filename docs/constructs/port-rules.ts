// PortRules
// JSON: aws_vpc_security_group_ingress_rule.port_rules_instances_from_load_balancer: referenced_security_group_id, ip_protocol, from_port, to_port
// JSON: aws_vpc_security_group_ingress_rule.port_rules_ssh: for_each, ip_protocol, from_port, to_port

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { DefaultVpc, PortRange, PortRules, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "network");
new LocalBackend(stack, { path: "../../../terraform.network.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
new PortRules(stack, "port_rules", {
  name: "ecs",
  vpc,
  portRange: new PortRange({ from: 31000, to: 61000 }),
  sshCidrs: ["203.0.113.7/32"],
  httpCidrs: ["0.0.0.0/0"],
});
app.synth();
