// ExistingLoadBalancer
// JSON: aws_vpc_security_group_ingress_rule.shared_instances_from_load_balancer: for_each, referenced_security_group_id, from_port, to_port

import { App } from "cdktf";
import { ApplicationLoadBalancer, EcsClusterStack } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "shop", { loadBalancer: false });
ApplicationLoadBalancer.fromListenerArn(stack, "shared", {
  cluster: stack,
  listenerArn:
    "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2",
});
app.synth();
