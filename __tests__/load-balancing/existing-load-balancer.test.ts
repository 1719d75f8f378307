import { DataAwsLb } from "@cdktf/provider-aws/lib/data-aws-lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import { ApplicationLoadBalancer, Ec2Service, type ExistingLoadBalancerProps, ListenerRule } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

const listenerArn =
  "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shared/0f0e0d0c0b0a0908/0706050403020100";
const GROUP = "sg-0fedcba9876543210";

const add = (stack = emptyStack(), props: Partial<ExistingLoadBalancerProps> = {}, id = "shared") =>
  ApplicationLoadBalancer.fromListenerArn(stack, id, { listenerArn, cluster: clusterTarget(), ...props });
const synthesize = (props: Partial<ExistingLoadBalancerProps> = {}): string => {
  const stack = emptyStack();
  add(stack, props);
  return Testing.synth(stack, true);
};

describe("ApplicationLoadBalancer.fromListenerArn", () => {
  it("lets each security group of the load balancer connect to the host ports of the instances", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      for_each: "${toset(tolist(data.aws_lb.shared.security_groups))}",
      security_group_id: "sg-0123456789abcdef0",
      referenced_security_group_id: "${each.value}",
      ip_protocol: "tcp",
      from_port: 31000,
      to_port: 61000,
    });
    expect(resourceCounts(json)).toEqual({
      "data.aws_lb": 1,
      "data.aws_lb_listener": 1,
      aws_vpc_security_group_ingress_rule: 1,
    });
  });

  it("must be in the VPC of the cluster", () => {
    expect(synthesize()).toHaveDataSourceWithProperties(DataAwsLb, {
      lifecycle: {
        postcondition: [expect.objectContaining({ condition: '${self.vpc_id == "vpc-0123456789abcdef0"}' })],
      },
    });
  });

  it("uses a given security group, and opens its way out if it does not allow all traffic", () => {
    const json = synthesize({ securityGroupId: GROUP, securityGroupAllowsAllOutbound: false });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, { referenced_security_group_id: GROUP });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
      security_group_id: GROUP,
      referenced_security_group_id: "sg-0123456789abcdef0",
      from_port: 31000,
      to_port: 61000,
    });
    expect(json).not.toContain("for_each");
  });

  it("creates no rules for another listener of the same load balancer", () => {
    expect(JSON.parse(synthesize({ admitLoadBalancer: false })).resource).toBeUndefined();
  });

  it("returns the attributes of the load balancer", () => {
    const stack = emptyStack();
    const balancer = add(stack);
    const { loadBalancerArn, arnSuffix, loadBalancerDnsName, loadBalancerCanonicalHostedZoneId } = balancer;
    expect(balancer.listenerArn).toBe(listenerArn);
    expect(
      [loadBalancerArn, arnSuffix, loadBalancerDnsName, loadBalancerCanonicalHostedZoneId].map((value) =>
        resolved(stack, value),
      ),
    ).toEqual(["arn", "arn_suffix", "dns_name", "zone_id"].map((name) => `\${data.aws_lb.shared.${name}}`));
  });

  it("has the rules of services, with a target group of its own", () => {
    const stack = emptyStack();
    const cluster = { ...clusterTarget(), loadBalancer: undefined };
    const loadBalancer = add(stack, { cluster });
    new Ec2Service(stack, "web", { cluster, containerPort: 80, paths: ["/*"], loadBalancer });
    const json = Testing.synth(stack, true);
    expect(json).toHaveResourceWithProperties(LbListenerRule, {
      listener_arn: listenerArn,
      action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.web_target_group_shared.arn}" }],
    });
  });

  it("accepts a listener of the same stack with its security group", () => {
    const stack = emptyStack();
    const listener = new LbListener(stack, "own", { loadBalancerArn: "arn", defaultAction: [] });
    add(stack, { listenerArn: listener.arn, securityGroupId: GROUP });
    expect(JSON.parse(Testing.synth(stack, true)).data.aws_lb_listener.shared_listener.arn).toBe(
      "${aws_lb_listener.own.arn}",
    );
  });

  it("shares the rules of one listener among the constructs of an app", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const [one, other] = [add(stack), add(stack, { admitLoadBalancer: false }, "again")];
    new Ec2Service(stack, "a", { cluster, containerPort: 80, paths: ["/a"], loadBalancer: one });
    expect(
      problemsOf(() => new Ec2Service(stack, "b", { cluster, containerPort: 80, paths: ["/a"], loadBalancer: other })),
    ).toEqual([expect.stringContaining("paths must differ from the paths of ")]);
  });

  it("shares the quota of rules among the listeners of one load balancer", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const other = { admitLoadBalancer: false, listenerArn: `${listenerArn.slice(0, -4)}ffff` };
    const listeners = [add(stack, { ruleQuota: 101 }), add(stack, { ...other, ruleQuota: 101 }, "again")];
    const rule = (index: number) =>
      new ListenerRule(stack, `r${index}`, {
        ...{ cluster, paths: [`/${index}`], priority: index + 1, fixedResponse: { statusCode: 200 } },
        loadBalancer: listeners[index % 2],
      });
    for (let index = 0; index < 101; index++) rule(index);
    expect(problemsOf(() => rule(101))).toEqual([
      expect.stringContaining("must be one of at most 101 rules of the load balancer"),
    ]);
  });

  it("compares routes that need HTTPS and an identity provider with the listener", () => {
    const jwtValidation = { issuer: "https://id.example.com", jwksEndpoint: "https://id.example.com/keys" };
    const route = (props: Partial<ExistingLoadBalancerProps> = {}) => {
      const stack = emptyStack();
      const loadBalancer = add(stack, props);
      const cluster = clusterTarget();
      new Ec2Service(stack, "web", { cluster, containerPort: 80, paths: ["/*"], loadBalancer, jwtValidation });
      return Testing.synth(stack, true);
    };
    expect(route()).toHaveResourceWithProperties(LbListenerRule, {
      lifecycle: expect.objectContaining({
        precondition: [
          expect.objectContaining({ condition: '${data.aws_lb_listener.shared_listener.protocol == "HTTPS"}' }),
        ],
      }),
    });
    const closed = { securityGroupAllowsAllOutbound: false };
    expect(problemsOf(() => route(closed))).toEqual([
      "jwtValidation must be a setting of a route on a load balancer with allowHttpsOutbound; received a load balancer that cannot connect to the identity provider. Set allowHttpsOutbound of the load balancer.",
    ]);
    expect(route({ ...closed, allowHttpsOutbound: true })).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
      for_each: "${toset(tolist(data.aws_lb.shared.security_groups))}",
      security_group_id: "${each.value}",
      ...{ cidr_ipv4: "0.0.0.0/0", from_port: 443, to_port: 443 },
    });
    expect(resourceCounts(synthesize({ ...closed, allowHttpsOutbound: true }))).toMatchObject({
      aws_vpc_security_group_egress_rule: 2,
    });
  });

  it.each<[what: string, props: Partial<ExistingLoadBalancerProps>, problem: string]>([
    [
      "the ARN of a load balancer",
      { listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/shared/0f" },
      'listenerArn must be the ARN of a listener of an Application Load Balancer; received "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/shared/0f". List the listeners: aws elbv2 describe-listeners --load-balancer-arn ARN --query Listeners[].ListenerArn',
    ],
    [
      "something else than a security group",
      { securityGroupId: "default" },
      'securityGroupId must be the id of a security group; received "default". Show it: aws elbv2 describe-load-balancers --query LoadBalancers[].SecurityGroups',
    ],
    [
      "a security group without a rule",
      { securityGroupId: GROUP, admitLoadBalancer: false },
      `securityGroupId must not be set with admitLoadBalancer false; received "${GROUP}". Remove it: no rule is created.`,
    ],
  ])("rejects %s", (_, props, problem) => {
    expect(problemsOf(() => synthesize(props))).toEqual([problem]);
  });
});
