// A public and an internal load balancer, with one service behind both. Only the internal one has the paths of administrators.
// Use it when other systems in the VPC call a service that is also on the internet.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "two-load-balancers", {
  loadBalancers: {
    internal: { internal: true, values: { httpCidrs: ["172.31.0.0/16"] } },
  },
  values: { name: "shop" },
});

// The service has a target group for each load balancer, and ECS registers its tasks in both.
new Ec2Service(stack, "orders", {
  cluster: stack,
  containerPort: 3000,
  memoryLimitMiB: 256,
  paths: ["/orders*"],
  routes: {
    admin: { paths: ["/orders*", "/admin*"], loadBalancer: "internal" },
  },
});
app.synth();
