import type { Symptom } from "./symptom";

/** Why the requests of clients do not reach a service, by the rules, the certificates and the network ACLs of its load balancer. */
export const REQUESTS: readonly Symptom[] = [
  {
    id: "rule-hidden",
    seen: "a rule with a lower priority number, whose conditions match the requests",
    cause:
      "A rule with a lower priority number takes the requests of a service. The load balancer evaluates the lowest number first.",
    fix: "Give the rule of the service a lower number with the command. In place of PRIORITY, write a number below that of the other rule. Then set `priority` of the service, because the next apply restores the number.",
    commands: ["aws elbv2 set-rule-priorities --rule-priorities RuleArn=RULE_ARN,Priority=PRIORITY"],
  },
  {
    id: "rule-not-forwarding",
    seen: "a rule of the service with `fixed-response` or `redirect`",
    cause: "The listener rule of a service returns a response or redirects, and forwards to no target group.",
    fix: "Deploy the stack of the service again, which restores the rule. To restore it now, run the command.",
    commands: ["aws elbv2 modify-rule --rule-arn RULE_ARN --actions Type=forward,TargetGroupArn=TARGET_GROUP_ARN"],
  },
  {
    id: "rule-weight-zero",
    seen: "the weight 0 of each target group of the service",
    cause: "All listener rules give the target groups of a service the weight 0, so the service gets no requests.",
    fix: "Deploy the stack of the service again, which restores the weights. To restore them now, run the command.",
    commands: ["aws elbv2 modify-rule --rule-arn RULE_ARN --actions Type=forward,TargetGroupArn=TARGET_GROUP_ARN"],
  },
  {
    id: "rule-deleted",
    seen: "no rule with the target group of the service",
    cause:
      "No listener rule forwards requests to a service: its rule was deleted, or forwards to another target group.",
    fix: "Deploy the stack of the service again, which creates it.",
  },
  {
    id: "certificate-expired",
    seen: "`certificate has expired`, or a `NotAfter` in the past",
    cause: "A certificate of a listener has expired, so clients reject the connection.",
    fix: "Import a new certificate with the same ARN, or set `certificate_arn` to another certificate and deploy. AWS does not renew this certificate.",
  },
  {
    id: "certificate-renewal-failed",
    seen: "the renewal status `PENDING_VALIDATION` or `FAILED`",
    cause: "ACM cannot renew a certificate of a listener.",
    fix: "Create the DNS records that the command lists. While they exist, ACM renews the certificate by itself.",
    commands: [
      "aws acm describe-certificate --certificate-arn CERTIFICATE_ARN --query 'Certificate.DomainValidationOptions[].ResourceRecord'",
    ],
  },
  {
    id: "acl-blocks-targets",
    seen: "`Target.Timeout` of all targets in a subnet whose network ACL is not the default one",
    cause:
      "A network ACL blocks the connections of a load balancer to the containers. Network ACLs do not track connections, so the answers need rules too.",
    fix: "Add the rule. Both subnets need the host ports in one direction, and the ports 1024-65535 of the answers in the other.",
  },
  {
    id: "acl-blocks-clients",
    seen: "clients that cannot connect, and a network ACL without the ports of the listeners",
    cause:
      "A network ACL blocks the clients of a load balancer. Network ACLs do not track connections, so the answers need rules too.",
    fix: "Add the rule. The subnets of the load balancer need the ports of its listeners inbound, and the ports 1024-65535 of the answers outbound.",
  },
];
