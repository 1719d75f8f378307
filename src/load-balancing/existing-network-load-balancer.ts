import { Construct } from "constructs";
import { identifyListener } from "../cluster/cluster-identity";
import {
  clusterTargetField,
  type EcsClusterTarget,
  type NetworkLoadBalancerTarget,
} from "../cluster/ecs-cluster-target";
import { admitLoadBalancer } from "../network/load-balancer-rules";
import { securityGroupIdRule } from "../network/port-sources";
import { hcl } from "../terraform/expression";
import { matches } from "../validation/rule";
import { boolean, plain, schemaOf, string } from "../validation/schema";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";
import { existingBalancer } from "./existing-load-balancer";

/** A Network Load Balancer that exists already. */
export interface ExistingNetworkLoadBalancerProps {
  /** The ARN of the load balancer. */
  readonly loadBalancerArn: string;
  /** The cluster whose services have listeners on the load balancer. Its instances must be in the VPC of the load balancer. */
  readonly cluster: EcsClusterTarget;
  /** The security group of the load balancer that gets the rules of listeners. @default - the first one of the load balancer, which Terraform looks up */
  readonly securityGroupId?: string;
  /** Whether the security group allows all outbound traffic. With `false`, it gets a rule to the instances. @default true */
  readonly securityGroupAllowsAllOutbound?: boolean;
}

const loadBalancerArn = matches(
  "^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:loadbalancer/net/[a-zA-Z0-9-]+/[a-f0-9]+$",
  "be the ARN of a Network Load Balancer",
  "List the load balancers: aws elbv2 describe-load-balancers --query LoadBalancers[].LoadBalancerArn",
);

export const existingNetworkLoadBalancerPropsSchema = schemaOf<ExistingNetworkLoadBalancerProps>()({
  loadBalancerArn: string(loadBalancerArn),
  cluster: clusterTargetField,
  securityGroupId: string(securityGroupIdRule).optional(),
  securityGroupAllowsAllOutbound: plain(boolean()).default(true),
});

/**
 * A Network Load Balancer that exists already. {@link NetworkLoadBalancer.fromLoadBalancerArn} creates it. Listeners of services name it
 * as their `loadBalancer`.
 */
export class ExistingNetworkLoadBalancer extends Construct implements NetworkLoadBalancerTarget {
  /** The load balancer's ARN. */
  readonly loadBalancerArn: string;
  /** The part of the ARN that CloudWatch uses. */
  readonly arnSuffix: string;
  /** The DNS name of the load balancer, for a CNAME or alias record. */
  readonly loadBalancerDnsName: string;
  /** The id of the load balancer's hosted zone, for an alias record in Route 53. */
  readonly loadBalancerCanonicalHostedZoneId: string;
  /** The id of the security group that gets the rules of listeners. */
  readonly securityGroupId: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ExistingNetworkLoadBalancerProps) {
    super(scope, id);
    const settings = validate(this, existingNetworkLoadBalancerPropsSchema, props);
    const { cluster } = settings;
    const balancer = existingBalancer(this, settings.loadBalancerArn, cluster, [
      {
        condition: hcl`length(self.security_groups) > 0`.string,
        errorMessage: `The load balancer ${hcl`self.name`} has no security group, so that the instances would have to admit its clients, and AWS cannot add one later. Use a load balancer with a security group.`,
      },
    ]);
    this.node.defaultChild = balancer;
    this.loadBalancerArn = settings.loadBalancerArn;
    this.arnSuffix = balancer.arnSuffix;
    this.loadBalancerDnsName = balancer.dnsName;
    this.loadBalancerCanonicalHostedZoneId = balancer.zoneId;
    this.securityGroupId = settings.securityGroupId ?? hcl`sort(${balancer.fqn}.security_groups)[0]`.string;
    if (!isToken(this.loadBalancerArn)) identifyListener(this, this.loadBalancerArn);
    const name = `${cluster.cluster.clusterName}-${id}`;
    this.node.defaultChild = admitLoadBalancer(this, name, this.securityGroupId, cluster.portRules, {
      egress: !settings.securityGroupAllowsAllOutbound,
    });
  }
}
