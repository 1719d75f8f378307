import { DataAwsLb } from "@cdktf/provider-aws/lib/data-aws-lb";
import { DataAwsLbListener } from "@cdktf/provider-aws/lib/data-aws-lb-listener";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { identifyListener } from "../cluster/cluster-identity";
import {
  clusterTargetField,
  type EcsClusterTarget,
  type PlannedListener,
  ruleQuotaField,
} from "../cluster/ecs-cluster-target";
import { admitHttpsOutbound, admitLoadBalancer } from "../network/load-balancer-rules";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { matches } from "../validation/rule";
import { boolean, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";
import type { LoadBalancerListener } from "./route-listener";

/** A listener of a load balancer that exists already. */
export interface ExistingLoadBalancerProps {
  /** The ARN of the listener. A reference to a resource of the same stack needs `securityGroupId`. */
  readonly listenerArn: string;
  /** The cluster whose services have rules on the listener. Its instances must be in the VPC of the load balancer. */
  readonly cluster: EcsClusterTarget;
  /** The security group of the load balancer. @default - all security groups of the load balancer, which Terraform looks up */
  readonly securityGroupId?: string;
  /** Whether the security groups allow all outbound traffic. With `false`, they get a rule to the instances. @default true */
  readonly securityGroupAllowsAllOutbound?: boolean;
  /**
   * Create the rules that let the load balancer connect to the host ports of the instances. Set it to `false` for another listener of
   * the same load balancer, because AWS rejects equal rules.
   * @default true
   */
  readonly admitLoadBalancer?: boolean;
  /**
   * Whether the load balancer can connect to identity providers. Routes with `authenticateOidc`, `authenticateCognito` or
   * `jwtValidation` require it. With `securityGroupAllowsAllOutbound: false`, `true` creates the rule.
   * @default - `securityGroupAllowsAllOutbound`
   */
  readonly allowHttpsOutbound?: boolean;
  /**
   * The most rules of the load balancer. AWS raises its quota "Rules per Application Load Balancer" on request. Set the number that your
   * account has.
   * @default 100
   */
  readonly ruleQuota?: number;
}

const listenerArn = matches(
  "^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/[a-zA-Z0-9-]+/[a-f0-9]+/[a-f0-9]+$",
  "be the ARN of a listener of an Application Load Balancer",
  "List the listeners: aws elbv2 describe-listeners --load-balancer-arn ARN --query Listeners[].ListenerArn",
);

const securityGroupId = matches(
  "^sg-[0-9a-f]{8,17}$",
  "be the id of a security group",
  "Show it: aws elbv2 describe-load-balancers --query LoadBalancers[].SecurityGroups",
);

export const existingLoadBalancerPropsSchema = schemaOf<ExistingLoadBalancerProps>()(
  {
    listenerArn: string(listenerArn),
    cluster: clusterTargetField,
    securityGroupId: string(securityGroupId).optional(),
    securityGroupAllowsAllOutbound: plain(boolean()).default(true),
    admitLoadBalancer: plain(boolean()).default(true),
    allowHttpsOutbound: plain(boolean()).optional(),
    ruleQuota: ruleQuotaField,
  },
  rulesWithSecurityGroup,
);

function* rulesWithSecurityGroup(
  settings: Known<ExistingLoadBalancerProps>,
  given: Given<ExistingLoadBalancerProps>,
): Findings<ExistingLoadBalancerProps> {
  if (settings.admitLoadBalancer !== false) return;
  for (const at of ["securityGroupId", "securityGroupAllowsAllOutbound"] as const) {
    if (given(at)) yield { at, must: "not be set with admitLoadBalancer false", fix: "Remove it: no rule is created." };
  }
}

/**
 * A listener of a load balancer that exists already. {@link ApplicationLoadBalancer.fromListenerArn} creates it. Routes of services
 * name it as their `loadBalancer`.
 */
export class ExistingLoadBalancer extends Construct implements LoadBalancerListener {
  /** The listener's ARN. */
  readonly listenerArn: string;
  /** The load balancer's ARN. */
  readonly loadBalancerArn: string;
  /** The part of the ARN that CloudWatch uses. */
  readonly arnSuffix: string;
  /** What a plan compares routes with that need HTTPS. */
  readonly planned: PlannedListener;
  /** Whether the load balancer can connect to identity providers. */
  readonly allowHttpsOutbound: boolean;
  /** The most rules of the load balancer. */
  readonly ruleQuota: number;
  /** The DNS name of the load balancer, for a CNAME or alias record. */
  readonly loadBalancerDnsName: string;
  /** The id of the load balancer's hosted zone, for an alias record in Route 53. */
  readonly loadBalancerCanonicalHostedZoneId: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ExistingLoadBalancerProps) {
    super(scope, id);
    const settings = validate(this, existingLoadBalancerPropsSchema, props);
    const { cluster } = settings;
    this.listenerArn = settings.listenerArn;
    const listener = new DataAwsLbListener(this, "listener", { arn: this.listenerArn });
    const balancer = existingBalancer(this, listener.loadBalancerArn, cluster);
    this.node.defaultChild = balancer;
    this.planned = { protocol: listener.protocol };
    const { securityGroupAllowsAllOutbound: allowsAll, allowHttpsOutbound = allowsAll, ruleQuota } = settings;
    this.allowHttpsOutbound = allowHttpsOutbound;
    this.ruleQuota = ruleQuota;
    this.loadBalancerArn = balancer.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.loadBalancerDnsName = balancer.dnsName;
    this.loadBalancerCanonicalHostedZoneId = balancer.zoneId;
    if (!isToken(this.listenerArn)) identifyListener(this, this.listenerArn);
    if (!settings.admitLoadBalancer) return;
    const eachGroup =
      settings.securityGroupId === undefined ? TerraformIterator.fromList(balancer.securityGroups) : undefined;
    const name = `${cluster.cluster.clusterName}-${id}`;
    const group = settings.securityGroupId ?? hcl`each.value`.string;
    const egress = { egress: !allowsAll, forEach: eachGroup };
    this.node.defaultChild = admitLoadBalancer(this, name, group, cluster.portRules, egress);
    if (allowHttpsOutbound && !allowsAll) admitHttpsOutbound(this, name, group, eachGroup);
  }
}

/**
 * Looks up a load balancer, which must be in the VPC of the cluster.
 * @param guards other conditions of the load balancer
 */
export function existingBalancer(
  scope: Construct,
  arn: string,
  { vpc: { vpcId } }: EcsClusterTarget,
  guards: readonly Guard[] = [],
): DataAwsLb {
  // Its messages refer to no resource of the cluster. Otherwise Terraform would read the data source at apply, after the plan needs it.
  const inVpc: Guard = {
    condition: hcl`self.vpc_id == ${vpcId}`.string,
    errorMessage: `The load balancer ${hcl`self.name`} is in ${hcl`self.vpc_id`}, and the instances of the cluster are in ${vpcId}. A load balancer reaches instances of its own VPC only. Use a load balancer of that VPC.`,
  };
  return new DataAwsLb(scope, "resource", { arn, lifecycle: { postcondition: [inVpc, ...guards] } });
}
