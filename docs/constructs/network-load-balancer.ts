// NetworkLoadBalancer
// JSON: aws_lb.edge_nlb: name, load_balancer_type, subnets, security_groups

import { App } from "cdktf";
import { EcsClusterStack, LoadBalancerRules, NetworkLoadBalancer } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "dns");
const { vpc, portRules: instances } = stack;
const base = { name: "edge", vpc };
const portRules = new LoadBalancerRules(stack, "edge_rules", { ...base, instances, http: false, httpCidrs: [] });
new NetworkLoadBalancer(stack, "edge_nlb", { ...base, portRules });
app.synth();
