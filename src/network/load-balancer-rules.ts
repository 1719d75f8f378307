import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { purposeTags } from "../terraform/purpose-tags";
import { each, matches, type Rule, wholeNumber } from "../validation/rule";
import { boolean, interfaceOf, list, map, number, plain, schemaOf, string } from "../validation/schema";
import type { Finding, Findings, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import { MOST_RULES, networksRules, onlyIpv4 } from "./cidr-rules";
import { type DefaultVpc, vpcField } from "./default-vpc";
import { admittedRange, type PortRange, portRangeField } from "./port-range";
import { admitNetworksTo } from "./port-sources";

const onlyIpv4Networks = each(onlyIpv4);

/**
 * Returns the rules of the networks that reach a load balancer. Each network is one rule for each port.
 *
 * @param ports the number of ports that the load balancer listens on
 */
export const httpCidrsRules = ({ dualStack = false, ports = 2 }): readonly Rule<readonly string[]>[] => [
  ...networksRules(Math.floor(MOST_RULES / Math.max(2, ports))),
  ...(dualStack ? [] : [onlyIpv4Networks]),
];

/** Finds IPv6 networks of a load balancer that has only IPv4 addresses. An undefined network is a token, or wrong. */
export function* ipv6Networks(networks: readonly (string | undefined)[] = []): Iterable<Omit<Finding<object>, "at">> {
  const { must, fix, check, offending } = onlyIpv4Networks;
  const known = networks.filter((network) => network !== undefined);
  if (!check(known, {})) yield { must, fix, received: offending?.of(known, {}) };
}

/** The names of listeners, which are part of addresses. */
export const listenerNameRule = matches(
  "^[a-z][a-z0-9_]{0,15}$",
  "have a name of 1 to 16 lower-case letters, digits and underscores that starts with a letter",
  "Rename the listener. The addresses of its resources end with the name.",
);

/** The port of a listener. */
export const listenerPortField = plain(number(wholeNumber(1, 65_535, "", "For example 8443.")));

/** The ports that a load balancer listens on. */
export interface LoadBalancerPorts {
  /** The load balancer has IPv6 addresses. @default false */
  readonly dualStack?: boolean;
  /** Opens port 443 of the load balancer. @default false */
  readonly https?: boolean;
  /** Opens port 80 of the load balancer. @default true */
  readonly http?: boolean;
  /** Opens more ports of the load balancer, by the name of the listener. @default - none */
  readonly listenerPorts?: Readonly<Record<string, number>>;
  /** Lets the load balancer connect to port 443 of any IPv4 address, such as an identity provider. @default false */
  readonly allowHttpsOutbound?: boolean;
}

export const loadBalancerPortsSchema = schemaOf<LoadBalancerPorts>()({
  dualStack: plain(boolean()).default(false),
  https: plain(boolean()).default(false),
  http: plain(boolean()).default(true),
  listenerPorts: map(listenerPortField, { names: [listenerNameRule] }).default({}),
  allowHttpsOutbound: plain(boolean()).default(false),
});

/** The networks that can connect to a load balancer. */
interface Networks {
  readonly httpCidrs?: readonly string[];
  readonly dualStack?: boolean;
}

/** The field of networks of a load balancer. {@link ipv6WithDualStack} checks IPv6. */
export const httpCidrsField = list(string(), ...httpCidrsRules({ dualStack: true }));

export function* ipv6WithDualStack({ httpCidrs, dualStack }: Known<Networks>): Findings<Networks> {
  if (dualStack === false) for (const finding of ipv6Networks(httpCidrs)) yield { at: "httpCidrs", ...finding };
}

/** The ports of a load balancer that its security group opens. */
export interface AdmittedPorts {
  readonly http: boolean;
  readonly https: boolean;
  /** The ports of more listeners. @default - none */
  readonly listenerPorts?: readonly number[];
  /** Whether the load balancer can connect to port 443 of any IPv4 address. @default false */
  readonly httpsOutbound?: boolean;
}

/** The security group of a load balancer. */
export interface LoadBalancerSecurityGroup {
  /** The id of the load balancer's security group. */
  readonly loadBalancerSecurityGroupId?: string;
  /** The ports of the load balancer that the rules open. */
  readonly admits: AdmittedPorts;
}

const ATTRIBUTES = "Pass the construct, or an object with its attributes.";

export const admittedPortsField = interfaceOf<AdmittedPorts>(
  "the ports that the rules admit",
  ATTRIBUTES,
)({
  http: plain(boolean()),
  https: plain(boolean()),
  listenerPorts: list(plain(number())).optional(),
  httpsOutbound: plain(boolean()).optional(),
});

/** The field of the security group of a load balancer. */
export const loadBalancerSecurityGroupField = interfaceOf<LoadBalancerSecurityGroup>(
  "a PortRules construct",
  ATTRIBUTES,
)({ loadBalancerSecurityGroupId: string().optional(), admits: admittedPortsField });

/** The instances' security group, and the host ports of containers. */
export interface InstancePorts {
  readonly instanceSecurityGroupId: string;
  readonly portRange: PortRange;
  /** The range of instances that are being replaced. @default - none */
  readonly previousPortRange?: PortRange;
}

export const instancePortsField = interfaceOf<InstancePorts>(
  "port rules",
  "Use a PortRules construct, or the portRules of a cluster.",
)({
  instanceSecurityGroupId: string(),
  portRange: portRangeField,
  previousPortRange: portRangeField.optional(),
});

/** Creates a security group. A group in use cannot be deleted, so its replacement exists first. */
export function createSecurityGroup(
  scope: Construct,
  id: string,
  name: string,
  purpose: string,
  vpcId: string,
  precondition?: Guard[],
  tags: Readonly<Record<string, string>> = {},
): SecurityGroup {
  return new SecurityGroup(scope, id, {
    namePrefix: `${name}-`,
    description: purpose,
    vpcId,
    tags: { ...purposeTags(name, purpose), ...tags },
    lifecycle: { createBeforeDestroy: true, precondition },
  });
}

/** Creates one ingress rule per network, for a TCP port. */
export function admitNetworks(
  scope: Construct,
  id: string,
  securityGroupId: string,
  port: number,
  networks: readonly string[],
  purpose: string,
): void {
  admitNetworksTo(scope, id, { securityGroupId, protocol: "tcp", from: port, to: port }, networks, purpose);
}

/** Creates the rules that let a load balancer connect to the dynamic host ports of the instances. Returns the instances' rule. */
export function admitLoadBalancer(
  scope: Construct,
  name: string,
  securityGroupId: string,
  { instanceSecurityGroupId, ...ranges }: InstancePorts,
  { egress = true, forEach }: { readonly egress?: boolean; readonly forEach?: TerraformIterator } = {},
): VpcSecurityGroupIngressRule {
  // One rule for both ranges: AWS changes its ports at once, so no port is closed in between.
  const { from, to } = admittedRange(ranges);
  const range = { ipProtocol: "tcp", fromPort: from, toPort: to };
  const description = "Requests and health checks to dynamic host ports";
  if (egress) {
    new VpcSecurityGroupEgressRule(scope, "load_balancer_to_instances", {
      forEach,
      securityGroupId,
      referencedSecurityGroupId: instanceSecurityGroupId,
      ...range,
      description,
      tags: purposeTags(`${name}-load-balancer-to-instances`, description),
    });
  }
  return new VpcSecurityGroupIngressRule(scope, "instances_from_load_balancer", {
    forEach,
    securityGroupId: instanceSecurityGroupId,
    referencedSecurityGroupId: securityGroupId,
    ...range,
    description,
    tags: purposeTags(`${name}-instances-from-load-balancer`, description),
  });
}

/** Creates the rule that lets a load balancer connect to identity providers, over IPv4 only. */
export function admitHttpsOutbound(
  scope: Construct,
  name: string,
  securityGroupId: string,
  forEach?: TerraformIterator,
): void {
  const description = "HTTPS from the load balancer to identity providers";
  new VpcSecurityGroupEgressRule(scope, "load_balancer_to_https", {
    forEach,
    securityGroupId,
    cidrIpv4: "0.0.0.0/0",
    ...{ ipProtocol: "tcp", fromPort: 443, toPort: 443 },
    description,
    tags: purposeTags(`${name}-load-balancer-to-https`, description),
  });
}

/**
 * Returns a guard against another VPC. AWS cannot move a load balancer, but Terraform would move the instances first. The
 * existing security group of the load balancer shows the VPC at plan. No group exists before the first apply.
 */
function staysInVpc(scope: Construct, name: string, tags: Readonly<Record<string, string>>, vpcId: string): Guard {
  const filter = Object.entries(tags).map(([tag, value]) => ({ name: `tag:${tag}`, values: [value] }));
  const existing = new DataAwsSecurityGroups(scope, "existing", { filter });
  const others = hcl`setsubtract(${existing.fqn}.vpc_ids, [${vpcId}])`;
  return {
    condition: hcl`length(${others}) == 0`.string,
    errorMessage: `The load balancer of ${name} is in ${hcl`join(", ", ${others})`}, and AWS cannot move it to ${vpcId}. Use the earlier VPC. To leave it, create a cluster with another name in the new VPC. Or change name too, which replaces this cluster with a gap.`,
  };
}

/** What the rules of a load balancer belong to. */
interface Balancer extends InstancePorts {
  readonly name: string;
  readonly vpcId: string;
  /** The description of the security group. */
  readonly purpose: string;
}

/** Creates the security group of a load balancer, with its rules. Returns its id, and the ports that it opens. */
export function createLoadBalancerRules(
  scope: Construct,
  { name, vpcId, purpose, ...instances }: Balancer,
  httpCidrs: readonly string[],
  { https, http, listenerPorts, allowHttpsOutbound }: Required<Omit<LoadBalancerPorts, "dualStack">>,
): Required<LoadBalancerSecurityGroup> & { readonly group: SecurityGroup } {
  const groupName = `${name}-load-balancer`;
  const guard = staysInVpc(scope, name, purposeTags(groupName, purpose), vpcId);
  const group = createSecurityGroup(scope, "load_balancer", groupName, purpose, vpcId, [guard]);
  const { id } = group;
  if (http) admitNetworks(scope, "http", id, 80, httpCidrs, "HTTP to the load balancer");
  if (https) admitNetworks(scope, "https", id, 443, httpCidrs, "HTTPS to the load balancer");
  for (const [listener, port] of Object.entries(listenerPorts)) {
    admitNetworks(scope, `listener_${listener}`, id, port, httpCidrs, `Port ${port} of the load balancer`);
  }
  admitLoadBalancer(scope, name, id, instances);
  if (allowHttpsOutbound) admitHttpsOutbound(scope, name, id);
  return {
    group,
    loadBalancerSecurityGroupId: id,
    admits: { http, https, listenerPorts: Object.values(listenerPorts), httpsOutbound: allowHttpsOutbound },
  };
}

/** The security group of another load balancer of the cluster. */
export interface LoadBalancerRulesProps extends LoadBalancerPorts {
  /** The start of the name of the security group. */
  readonly name: string;
  /** The VPC of the security group. */
  readonly vpc: Pick<DefaultVpc, "vpcId">;
  /** The instances' security group, and the host ports of containers: a `PortRules`, or the `portRules` of a cluster. */
  readonly instances: InstancePorts;
  /** The networks that can connect to the load balancer. IPv6 networks need `dualStack`. */
  readonly httpCidrs: readonly string[];
}

export const loadBalancerRulesPropsSchema = schemaOf<LoadBalancerRulesProps>()(
  {
    ...loadBalancerPortsSchema.shape,
    name: string(),
    vpc: vpcField,
    instances: instancePortsField,
    httpCidrs: httpCidrsField,
  },
  ipv6WithDualStack,
);

/**
 * The security group of another load balancer of the cluster, with its rules. The load balancer of `PortRules` needs none of
 * it.
 */
export class LoadBalancerRules extends Construct implements LoadBalancerSecurityGroup {
  /** The id of the load balancer's security group. */
  readonly loadBalancerSecurityGroupId: string;
  /** The ports of the load balancer that the rules open. */
  readonly admits: AdmittedPorts;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: LoadBalancerRulesProps) {
    super(scope, id);
    const { name, vpc, instances, httpCidrs, ...ports } = validate(this, loadBalancerRulesPropsSchema, props);
    const { instanceSecurityGroupId, portRange, previousPortRange } = instances;
    const purpose = "Another load balancer of the ECS cluster";
    const balancer = { name, vpcId: vpc.vpcId, purpose, instanceSecurityGroupId, portRange, previousPortRange };
    const rules = createLoadBalancerRules(this, balancer, httpCidrs, ports);
    this.node.defaultChild = rules.group;
    this.loadBalancerSecurityGroupId = rules.loadBalancerSecurityGroupId;
    this.admits = rules.admits;
  }
}
