import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import { type ExistingNetworkLoadBalancerProps, NetworkListener, NetworkLoadBalancer } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

const loadBalancerArn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/shared/0f0e0d0c0b0a0908";
const GROUP = "sg-0fedcba9876543210";
const add = (stack = emptyStack(), props: Partial<ExistingNetworkLoadBalancerProps> = {}, id = "shared") =>
  NetworkLoadBalancer.fromLoadBalancerArn(stack, id, { loadBalancerArn, cluster: clusterTarget(), ...props });
const synthesize = (props: Partial<ExistingNetworkLoadBalancerProps> = {}): string => {
  const stack = emptyStack();
  add(stack, props);
  return Testing.synth(stack, true);
};

describe("NetworkLoadBalancer.fromLoadBalancerArn", () => {
  it("lets the load balancer connect to the host ports of the instances", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: "sg-0123456789abcdef0",
      referenced_security_group_id: "${sort(data.aws_lb.shared.security_groups)[0]}",
      ip_protocol: "tcp",
      from_port: 31000,
      to_port: 61000,
    });
    expect(resourceCounts(json)).toEqual({ "data.aws_lb": 1, aws_vpc_security_group_ingress_rule: 1 });
    expect(json).toContain("has no security group");
    expect(json).toContain("reaches instances of its own VPC only");
  });

  it("uses a given security group, and opens its way out if it does not allow all traffic", () => {
    const json = synthesize({ securityGroupId: GROUP, securityGroupAllowsAllOutbound: false });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, { referenced_security_group_id: GROUP });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
      security_group_id: GROUP,
      referenced_security_group_id: "sg-0123456789abcdef0",
    });
  });

  it("returns the attributes of the load balancer", () => {
    const stack = emptyStack();
    const { arnSuffix, loadBalancerDnsName, loadBalancerCanonicalHostedZoneId, ...balancer } = add(stack);
    expect(balancer.loadBalancerArn).toBe(loadBalancerArn);
    expect(
      [arnSuffix, loadBalancerDnsName, loadBalancerCanonicalHostedZoneId].map((value) => resolved(stack, value)),
    ).toEqual(["arn_suffix", "dns_name", "zone_id"].map((name) => `\${data.aws_lb.shared.${name}}`));
  });

  it("has the listeners of services, and shares their ports among the constructs of an app", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const [one, other] = [add(stack), add(stack, {}, "again")];
    const listen = (id: string, loadBalancer: typeof one) =>
      new NetworkListener(stack, id, { cluster, name: id, loadBalancer, port: 53 });
    listen("a", one);
    expect(JSON.parse(Testing.synth(stack, true)).resource.aws_lb_listener.a).toMatchObject({
      load_balancer_arn: loadBalancerArn,
    });
    expect(problemsOf(() => listen("b", other))).toEqual([
      "port must be a port that no other listener of the load balancer has; received 53, which test/a has with TCP. Use another port, or another load balancer.",
    ]);
  });

  it.each<[what: string, props: Partial<ExistingNetworkLoadBalancerProps>, problem: string]>([
    [
      "an Application Load Balancer",
      { loadBalancerArn: loadBalancerArn.replace("/net/", "/app/") },
      'loadBalancerArn must be the ARN of a Network Load Balancer; received "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shared/0f0…. List the load balancers: aws elbv2 describe-load-balancers --query LoadBalancers[].LoadBalancerArn',
    ],
    [
      "something else than a security group",
      { securityGroupId: "default" },
      'securityGroupId must be the id of a security group; received "default". List the security groups: aws ec2 describe-security-groups --query SecurityGroups[].GroupId',
    ],
  ])("rejects %s", (_, props, problem) => {
    expect(problemsOf(() => synthesize(props))).toEqual([problem]);
  });
});
