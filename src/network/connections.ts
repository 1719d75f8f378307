import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Construct } from "constructs";
import { literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { length, matches, wholeNumber } from "../validation/rule";
import { anyOf, choice, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { throwIfInvalid, validate } from "../validation/validate";
import { cidr, noHostBits } from "./cidr-rules";
import type { PortRangeProps } from "./port-range";

/** A rule of `allowTo` or `allowFrom`. */
export interface ConnectionOptions {
  /** The end of the rule's address, after `to_` or `from_`. Two rules for one port need different names. @default - the port: `5432` */
  readonly name?: string;
  /** The protocol. @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /** The description of the rule. @default - what the rule is for, in a few words */
  readonly description?: string;
}

/** The arguments of `allowTo` and `allowFrom`. */
interface Connection extends ConnectionOptions {
  readonly peer: string;
  readonly port: number | PortRangeProps;
}

const port = plain(number(wholeNumber(0, 65_535, "", "For example 5432.")));
const portsSchema = schemaOf<PortRangeProps>()({ from: port, to: port }, ascending);

function* ascending({ from, to }: Known<PortRangeProps>): Findings<PortRangeProps> {
  if (from === undefined || to === undefined || from <= to) return;
  yield { at: "to", must: `not be below from, which is ${from}`, fix: "Swap them." };
}

const connectionSchema = schemaOf<Connection>()({
  peer: string(),
  port: anyOf(port, portsSchema),
  name: plain(
    string(
      matches(
        "^[a-z0-9][a-z0-9_]{0,31}$",
        "have 1 to 32 lower-case letters, digits and underscores",
        "The address of the rule ends with the name.",
      ),
    ),
  ).optional(),
  protocol: choice("tcp", "udp").default("tcp"),
  description: string(
    length(1, 255, "AWS limits a description to 255 characters."),
    matches(
      "^[a-zA-Z0-9. _:/()#,@+=&;{}!$*\\[\\]-]*$",
      "have only characters that AWS accepts",
      "Use letters, digits, spaces and ._:/()#,@[]+=&;{}!$*-",
    ),
  ).optional(),
});

const isGroup = (peer: string): boolean => isToken(peer) || /^sg-[0-9a-f]{8,17}$/.test(peer);
const isNetwork = (peer: string): boolean => cidr.check(peer, {}) && noHostBits.check(peer, {});

/** Creates the rule of `allowTo`: the peer's security group admits the instances. */
export function allowTo(
  scope: Construct,
  instanceSecurityGroupId: string,
  peer: string,
  ports: number | PortRangeProps,
  options: ConnectionOptions = {},
): void {
  connect(scope, "allowTo", { ...options, peer, port: ports }, "From the ECS container instances", (own) => ({
    securityGroupId: own,
    referencedSecurityGroupId: instanceSecurityGroupId,
  }));
}

/** Creates the rule of `allowFrom`: the instances' security group admits the peer, a security group or a network. */
export function allowFrom(
  scope: Construct,
  instanceSecurityGroupId: string,
  peer: string,
  ports: number | PortRangeProps,
  options: ConnectionOptions = {},
): void {
  connect(scope, "allowFrom", { ...options, peer, port: ports }, "To the ECS container instances", (own) => ({
    securityGroupId: instanceSecurityGroupId,
    ...(isGroup(own) ? { referencedSecurityGroupId: own } : own.includes(":") ? { cidrIpv6: own } : { cidrIpv4: own }),
  }));
}

function connect(
  scope: Construct,
  method: "allowTo" | "allowFrom",
  connection: Connection,
  purpose: string,
  ends: (peer: string) => { securityGroupId: string },
): void {
  const subject = `${scope.node.path}.${method}`;
  const { peer, port, name, protocol, description = purpose } = validate(subject, connectionSchema, connection);
  const [from, to] = typeof port === "number" ? [port, port] : [port.from, port.to];
  const end = name ?? (from === to ? `${from}` : `${from}_${to}`);
  const id = `${method === "allowTo" ? "to" : "from"}_${end}`;
  const accepted = isGroup(peer) || (method === "allowFrom" && isNetwork(peer));
  const rule =
    method === "allowTo"
      ? "must be the id of a security group"
      : "must be the id of a security group, or a network in CIDR notation without host bits";
  throwIfInvalid(subject, [
    ...(accepted
      ? []
      : [
          {
            path: "peer",
            rule,
            received: JSON.stringify(peer),
            fix: "List them: aws ec2 describe-security-groups --query SecurityGroups[].GroupId",
          },
        ]),
    ...(scope.node.tryFindChild(id)
      ? [
          {
            path: "name",
            rule: "must be different for each rule",
            received: JSON.stringify(end),
            fix: 'Set another name: { name: "replica" }.',
          },
        ]
      : []),
  ]);
  new VpcSecurityGroupIngressRule(scope, id, {
    ...ends(peer),
    ipProtocol: protocol,
    fromPort: from,
    toPort: to,
    description: literal(description),
    tags: purposeTags(id.replace(/_/g, "-"), purpose),
  });
}
