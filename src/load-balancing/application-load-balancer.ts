import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener, type LbListenerConfig } from "@cdktf/provider-aws/lib/lb-listener";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Construct } from "constructs";
import type { DefaultVpc } from "../network/default-vpc";
import type { PortRules } from "../network/port-rules";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { checkProps, isToken, refuse } from "../validation/check-props";
import { length, wholeNumber } from "../validation/rule";
import {
  bucketRules,
  certificateArnRules,
  logPrefixRules,
  nameRules,
  sslPolicyRule,
  webAclArnRules,
} from "../validation/values";

/** The load balancer in front of the services. */
export interface ApplicationLoadBalancerProps {
  /** What its name starts with; `<name>-alb` may have 32 characters. */
  readonly name: string;
  /** The VPC: it takes every subnet, since a target in a zone that it doesn't serve would get no requests. */
  readonly vpc: DefaultVpc;
  /** The security groups; made with `httpCidrs`, so that one is the load balancer's. */
  readonly portRules: PortRules;
  /** Serve HTTPS with this certificate, and let HTTP redirect. @default - HTTP only */
  readonly certificateArn?: string;
  /** With `certificateArn`: listen on port 80 too, and redirect. @default true */
  readonly redirectHttp?: boolean;
  /** A regional web ACL of AWS WAF to protect it with. @default - none */
  readonly webAclArn?: string;
  /** The TLS policy of the HTTPS listener. @default "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" */
  readonly sslPolicy?: string;
  /** Seconds after which an idle connection is closed, 1 to 4000. @default 60 */
  readonly idleTimeoutSeconds?: number;
  /** Refuse to delete it. @default false */
  readonly deletionProtection?: boolean;
  /** An existing S3 bucket for access logs, with SSE-S3 and a policy that admits the load balancer; no `/` at either end of the prefix, and no `AWSLogs` in it. @default - no access logs */
  readonly accessLogs?: { readonly bucket: string; readonly prefix?: string };
}

/** An internet-facing application load balancer that answers 404 until a service brings its rule. */
export class ApplicationLoadBalancer extends Construct {
  /** The load balancer's ARN. */
  readonly loadBalancerArn: string;
  /** The part of the ARN that CloudWatch calls it by. */
  readonly arnSuffix: string;
  /** The listener that services put their rules on: HTTPS where there is a certificate. */
  readonly listenerArn: string;
  /** Where to point a browser. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ApplicationLoadBalancerProps) {
    super(scope, id);
    const { name, vpc, portRules, certificateArn, idleTimeoutSeconds = 60, deletionProtection = false } = props;
    const { sslPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06", accessLogs, redirectHttp = true, webAclArn } = props;
    const balancerName = `${name}-alb`;
    checkProps(this, {
      name: [
        isToken(name) ? undefined : balancerName,
        [length(1, 32, "Load balancers' names end there; shorten it."), ...nameRules.slice(1)],
      ],
      // The region is known to Terraform alone, so only the ARN's form is checked here.
      webAclArn: [webAclArn, webAclArnRules.slice(0, 1)],
      certificateArn: [certificateArn, certificateArnRules.slice(0, 1)],
      sslPolicy: [sslPolicy, [sslPolicyRule]],
      accessLogsBucket: [accessLogs?.bucket, bucketRules],
      accessLogsPrefix: [accessLogs?.prefix, logPrefixRules],
      idleTimeoutSeconds: [idleTimeoutSeconds, [wholeNumber(1, 4000, "seconds", "60 is AWS's own default.")]],
    });
    const group = portRules.loadBalancerSecurityGroupId;
    if (group === undefined) {
      throw new Error(`${this.node.path}: the port rules have no group for a load balancer. Give PortRules httpCidrs.`);
    }
    const closed = [
      ...(certificateArn !== undefined && !portRules.admits.https ? ["https"] : []),
      ...((certificateArn === undefined || redirectHttp) && !portRules.admits.http ? ["http"] : []),
    ];
    refuse(
      this,
      closed.map(
        (port) =>
          `portRules must admit ${port}, which this load balancer listens to; received ${port}: false. Give PortRules ${port}: true.`,
      ),
    );

    const purpose = "Takes requests for the services of the ECS cluster";
    const balancer = new Lb(this, "resource", {
      name: balancerName,
      loadBalancerType: "application",
      internal: false,
      securityGroups: [group],
      subnets: vpc.subnetIds,
      idleTimeout: idleTimeoutSeconds,
      enableDeletionProtection: deletionProtection,
      dropInvalidHeaderFields: true,
      accessLogs: accessLogs && {
        enabled: true,
        bucket: literal(accessLogs.bucket),
        prefix: accessLogs.prefix === undefined ? undefined : literal(accessLogs.prefix),
      },
      tags: purposeTags(balancerName, purpose),
      lifecycle: {
        precondition: [
          {
            condition: hcl`${vpc.zoneCount} == length(${vpc.subnetIds})`.string,
            errorMessage: `A load balancer takes one subnet a zone; received ${hcl`length(${vpc.subnetIds})`} subnets in ${hcl`join(", ", ${vpc.zones})`}. Keep one of each zone in subnet_ids.`,
          },
          {
            condition: hcl`${vpc.zoneCount} >= 2`.string,
            errorMessage: `A load balancer needs subnets in two zones at least; there are subnets in ${hcl`join(", ", ${vpc.zones})`} only. Make the missing default subnet (aws ec2 create-default-subnet --availability-zone ZONE), or leave the load balancer out (loadBalancer: false).`,
          },
        ],
      },
    });
    this.loadBalancerArn = balancer.arn;
    this.arnSuffix = balancer.arnSuffix;

    const notFound = {
      type: "fixed-response",
      fixedResponse: {
        contentType: "text/plain",
        statusCode: "404",
        messageBody: "No service has a rule for this path.",
      },
    };
    const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
    if (webAclArn !== undefined) {
      new Wafv2WebAclAssociation(this, "web_acl", { resourceArn: balancer.arn, webAclArn });
    }
    const listen = (
      listenerId: "http" | "https",
      listenerPurpose: string,
      action: Pick<LbListenerConfig, "defaultAction" | "sslPolicy" | "certificateArn">,
    ) =>
      new LbListener(this, listenerId, {
        loadBalancerArn: balancer.arn,
        port: listenerId === "http" ? 80 : 443,
        protocol: listenerId.toUpperCase(),
        tags: purposeTags(`${name}-${listenerId}`, listenerPurpose),
        ...action,
      });
    const forServices = "Where services put their rules";
    if (certificateArn === undefined) {
      this.listenerArn = listen("http", forServices, { defaultAction: [notFound] }).arn;
      this.url = `http://${balancer.dnsName}`;
      return;
    }
    if (redirectHttp) listen("http", "Redirects to HTTPS", { defaultAction: [redirect] });
    this.listenerArn = listen("https", forServices, { sslPolicy, certificateArn, defaultAction: [notFound] }).arn;
    this.url = `https://${balancer.dnsName}`;
  }
}
