// DomainCertificate
// JSON: aws_acm_certificate.certificate: domain_name, validation_method
// JSON: aws_route53_record.load_balancer_ipv4_record: for_each, name, type, alias

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { ApplicationLoadBalancer, DefaultVpc, DomainCertificate, PortRange, PortRules, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "network");
new LocalBackend(stack, { path: "../../../terraform.network.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
const portRange = new PortRange({ from: 31000, to: 61000 });
const ports = { httpCidrs: ["0.0.0.0/0"], https: true };
const portRules = new PortRules(stack, "port_rules", { name: "ecs", vpc, portRange, ...ports });
const domain = new DomainCertificate(stack, "certificate", {
  domainName: "shop.example.com",
  alternativeNames: ["*.shop.example.com"],
  zoneName: "example.com",
});
new ApplicationLoadBalancer(stack, "load_balancer", { name: "ecs", vpc, portRules, domain });
app.synth();
