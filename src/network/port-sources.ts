import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable, TerraformIterator } from "cdktf";
import type { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { distinctElements, each, matches } from "../validation/rule";
import { boolean, list, map, type Parsed, plain, schemaOf, string } from "../validation/schema";
import { cidr, noHostBits } from "./cidr-rules";

/** Who can connect to a port. Each source is a rule of the security group that the port belongs to. */
export interface PortSources {
  /** IPv4 and IPv6 networks. @default - none */
  readonly cidrs?: readonly string[];
  /** Ids of security groups, by names of your choice. The addresses of the rules end with the names. @default - none */
  readonly securityGroups?: Readonly<Record<string, string>>;
  /** The cluster's instances, and with them all containers in bridge mode and in host mode. @default false */
  readonly instances?: boolean;
}

/** A security group has at most 60 rules, and its other rules need some of them. */
const MOST_NETWORKS = 30;

const sourceName = matches(
  "^[a-z][a-z0-9_]{0,31}$",
  "have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter",
  "Rename the source. The address of its rule ends with the name.",
);
/** The id of a security group. */
export const securityGroupIdRule = matches(
  "^sg-[0-9a-f]{8,17}$",
  "be the id of a security group",
  "List the security groups: aws ec2 describe-security-groups --query SecurityGroups[].GroupId",
);

export const portSourcesSchema = schemaOf<PortSources>()(
  {
    cidrs: list(
      string(),
      distinctElements(1, MOST_NETWORKS, "networks", "Each network is a rule, and a security group has at most 60."),
      each(cidr),
      each(noHostBits),
    ).optional(),
    securityGroups: map(string(securityGroupIdRule), { names: [sourceName] }).default({}),
    instances: plain(boolean()).default(false),
  },
  function* oneSource({ instances, securityGroups }, given) {
    if (given("cidrs") || instances !== false) return;
    if (!securityGroups || Object.keys(securityGroups).length > 0) return;
    yield { at: "instances", must: "be true, or another source be set", fix: "Name a source, or remove the setting." };
  },
  function* distinctGroups({ securityGroups = {} }) {
    const names = Object.keys(securityGroups);
    for (const [index, name] of names.entries()) {
      if (!names.slice(0, index).some((other) => securityGroups[other] === securityGroups[name])) continue;
      const fix = "AWS rejects a second rule with the same source. Remove one of the two.";
      yield { at: ["securityGroups", name], must: "differ from the other security groups", fix };
    }
  },
);

/** A port, or a range of ports, of a security group. */
export interface AdmittedPort {
  readonly securityGroupId: string;
  readonly protocol: "tcp" | "udp";
  readonly from: number;
  readonly to: number;
}

/** Returns the arguments of a rule that a security group has for a port. @param purpose what the rule is for, in a few words */
export const portRule = ({ securityGroupId, protocol, from, to }: AdmittedPort, purpose: string, name = purpose) => ({
  securityGroupId,
  ipProtocol: protocol,
  fromPort: from,
  toPort: to,
  description: purpose,
  tags: purposeTags(name, purpose),
});

/** Creates one rule for each network. The key is the network as AWS writes it, so two spellings are one rule. */
export function admitNetworksTo(
  scope: Construct,
  id: string,
  port: AdmittedPort,
  networks: readonly string[],
  purpose: string,
): VpcSecurityGroupIngressRule {
  const eachNetwork = TerraformIterator.fromList(hcl`[for cidr in ${networks} : cidrsubnet(cidr, 0, 0)]`.list);
  return new VpcSecurityGroupIngressRule(scope, id, {
    forEach: eachNetwork,
    ...portRule(port, purpose, hcl`each.value`.string),
    cidrIpv4: hcl`strcontains(each.value, ":") ? null : each.value`.string,
    cidrIpv6: hcl`strcontains(each.value, ":") ? each.value : null`.string,
  });
}

/**
 * Creates the rules that let sources connect to a port. They exist before the tasks that use the port, and as long as these
 * tasks, because Terraform destroys them last.
 *
 * @param id the start of the rules' ids, such as `udp_8125`
 * @param instances the instances' security group
 * @param purpose the end of the rules' descriptions, such as `port 8125 of agent`
 */
export function admitSources(
  scope: Construct,
  id: string,
  port: AdmittedPort,
  sources: Parsed<typeof portSourcesSchema>,
  { instances, purpose }: { readonly instances: string; readonly purpose: string },
): ITerraformDependable[] {
  const fromGroup = (ruleId: string, source: string, from: string) =>
    new VpcSecurityGroupIngressRule(scope, `${id}_from_${ruleId}`, {
      ...portRule(port, `From ${from} to ${purpose}`),
      referencedSecurityGroupId: source,
      lifecycle: { createBeforeDestroy: true },
    });
  const ofNetworks = sources.cidrs
    ? [admitNetworksTo(scope, `${id}_from_networks`, port, sources.cidrs, `From networks to ${purpose}`)]
    : [];
  for (const rule of ofNetworks) rule.lifecycle = { createBeforeDestroy: true };
  return [
    ...ofNetworks,
    ...Object.entries(sources.securityGroups).map(([name, source]) => fromGroup(`group_${name}`, source, name)),
    ...(sources.instances ? [fromGroup("instances", instances, "the instances")] : []),
  ];
}
