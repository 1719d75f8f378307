// HTTPS with a domain name, and a host name for each service. Terraform creates the certificate and the DNS records.
// Use it when the domain has a public hosted zone in Route 53.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "domain", {
  loadBalancer: { domain: true, responseHeaders: { strictTransportSecurity: "max-age=31536000" } },
  values: {
    name: "shop",
    domainName: "shop.example.com",
    // The certificate and the DNS records cover the host of each service.
    alternativeDomainNames: ["*.shop.example.com"],
    zoneName: "example.com",
  },
});

new Ec2Service(stack, "web", {
  cluster: stack,
  containerPort: 3000,
  memoryLimitMiB: 256,
  hosts: ["shop.example.com"],
});
new Ec2Service(stack, "api", {
  cluster: stack,
  containerPort: 3000,
  memoryLimitMiB: 256,
  hosts: ["api.shop.example.com"],
});

app.synth();
