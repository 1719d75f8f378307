// A DNS server behind a Network Load Balancer with a static address in each zone. Its health check uses HTTP, because it cannot use UDP.
// Use it when clients speak UDP or TCP, or need addresses that stay.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "network-load-balancer", {
  networkLoadBalancers: { edge: { staticAddresses: "managed" } },
  values: { name: "dns", region: "eu-west-1", minSize: 2, maxSize: 4 },
});

new Ec2Service(stack, "resolver", {
  cluster: stack,
  portMappings: [
    { containerPort: 53, hostPort: 1053, protocol: "udp" },
    { containerPort: 53, hostPort: 1053, protocol: "tcp" },
    { containerPort: 8080, hostPort: 8080 },
  ],
  desiredCount: 2,
  listeners: {
    dns: {
      loadBalancer: "edge",
      port: 53,
      protocol: "TCP_UDP",
      containerPort: 53,
      healthCheck: { protocol: "HTTP", port: 8080, path: "/health" },
    },
  },
});
new Ec2Service(stack, "website", { cluster: stack, containerPort: 3000, paths: ["/*"] });
app.synth();
