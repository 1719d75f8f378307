// ExistingNetworkLoadBalancer
// JSON: aws_vpc_security_group_ingress_rule.shared_instances_from_load_balancer: referenced_security_group_id, from_port, to_port

import { App } from "cdktf";
import { EcsClusterStack, NetworkLoadBalancer } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "shop", { loadBalancer: false });
NetworkLoadBalancer.fromLoadBalancerArn(stack, "shared", {
  cluster: stack,
  loadBalancerArn: "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/net/shared/50dc6c495c0c9188",
});
app.synth();
