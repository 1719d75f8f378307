// NetworkListener
// JSON: aws_lb_listener.dns: load_balancer_arn, port, protocol, default_action

import { App } from "cdktf";
import { EcsClusterStack, NetworkListener } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "dns", { networkLoadBalancers: { edge: {} } });
new NetworkListener(stack, "dns", {
  cluster: stack,
  name: "resolver",
  loadBalancer: "edge",
  port: 53,
  protocol: "UDP",
  healthCheck: { port: 8080 },
});
app.synth();
