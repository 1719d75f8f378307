import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules } from "../validation/aws-rules";
import { distinctElements, each, matches, type Rule, wholeNumber } from "../validation/rule";
import { boolean, interfaceOf, list, map, number, plain, schemaOf, string } from "../validation/schema";
import type { Finding, Findings } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import { cidr, noHostBits, noPartOfTheInternet, notTheWholeInternet, onlyIpv4 } from "./cidr-rules";
import { type DefaultVpc, vpcField } from "./default-vpc";
import { admittedRange, type PortRange, portRangeField } from "./port-range";

/** The networks that can connect, and the ports that they can connect to. */
export interface PortRulesProps {
  /** The start of the names of the security groups. */
  readonly name: string;
  /** The VPC of the security groups. */
  readonly vpc: Pick<DefaultVpc, "vpcId">;
  /** The dynamic host ports of containers. Use the range of the agent. */
  readonly portRange: PortRange;
  /**
   * The range before a change of `portRange`, for the time in which instances with it are replaced. The rules then open the
   * smallest range that contains both.
   * @default - none
   */
  readonly previousPortRange?: PortRange;
  /** The IPv4 and IPv6 networks that can connect to the instances by SSH. @default - no SSH rule */
  readonly sshCidrs?: readonly string[];
  /** The networks that can connect to the load balancer. IPv6 networks need `dualStack`. @default - no security group for a load balancer */
  readonly httpCidrs?: readonly string[];
  /** The load balancer has IPv6 addresses. @default false */
  readonly dualStack?: boolean;
  /** Opens port 443 of the load balancer. @default false */
  readonly https?: boolean;
  /** Opens port 80 of the load balancer. @default true */
  readonly http?: boolean;
  /** Opens more ports of the load balancer, by the name of the listener. @default - none */
  readonly listenerPorts?: Readonly<Record<string, number>>;
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups */
const MOST_RULES = 60;
/** The most networks of SSH. Each network is one rule, and the instances' group also has other rules. */
export const MOST_SSH_CIDRS = 50;

const cidrs = (max: number, ...rules: readonly Rule<string>[]): readonly Rule<readonly string[]>[] => [
  distinctElements(0, max, "networks", "Each network is a rule, and a security group has at most 60."),
  ...[cidr, noHostBits, ...rules].map(each),
];
export const sshCidrsRules = cidrs(MOST_SSH_CIDRS, notTheWholeInternet, noPartOfTheInternet);
const onlyIpv4Networks = each(onlyIpv4);
/**
 * Returns the rules of the networks that reach a load balancer. Each network is one rule for each port.
 *
 * @param ports the number of ports that the load balancer listens on
 */
export const httpCidrsRules = ({ dualStack = false, ports = 2 }): readonly Rule<readonly string[]>[] => [
  ...cidrs(Math.floor(MOST_RULES / Math.max(2, ports))),
  ...(dualStack ? [] : [onlyIpv4Networks]),
];

/** Finds IPv6 networks of a load balancer that has only IPv4 addresses. An undefined network is a token, or wrong. */
export function* ipv6Networks(networks: readonly (string | undefined)[] = []): Iterable<Omit<Finding<object>, "at">> {
  const { must, fix, check, offending } = onlyIpv4Networks;
  const known = networks.filter((network) => network !== undefined);
  if (!check(known, {})) yield { must, fix, received: offending?.of(known, {}) };
}

/** A network interface has at most 5 security groups, and one of them is the cluster's. */
export const securityGroupIdsRules: readonly Rule<readonly string[]>[] = [
  distinctElements(1, 4, "security groups", "An instance has at most 5, and the cluster adds one."),
  each(
    matches(
      "^sg-[0-9a-f]{8,17}$",
      "be ids of security groups",
      "List the security groups: aws ec2 describe-security-groups --query SecurityGroups[].GroupId",
    ),
  ),
];

/** The names of listeners, which are part of addresses. */
export const listenerNameRule = matches(
  "^[a-z][a-z0-9_]{0,15}$",
  "have a name of 1 to 16 lower-case letters, digits and underscores that starts with a letter",
  "Rename the listener. The addresses of its resources end with the name.",
);

/** The port of a listener. */
export const listenerPortField = plain(number(wholeNumber(1, 65_535, "", "For example 8443.")));

export const portRulesPropsSchema = schemaOf<PortRulesProps>()(
  {
    name: string(...clusterNameRules),
    vpc: vpcField,
    portRange: portRangeField,
    previousPortRange: portRangeField.optional(),
    sshCidrs: list(string(), ...sshCidrsRules).optional(),
    httpCidrs: list(string(), ...httpCidrsRules({ dualStack: true })).optional(),
    dualStack: plain(boolean()).default(false),
    https: plain(boolean()).default(false),
    http: plain(boolean()).default(true),
    listenerPorts: map(listenerPortField, { names: [listenerNameRule] }).default({}),
  },
  function* ipv6WithDualStack({ httpCidrs, dualStack }): Findings<PortRulesProps> {
    if (dualStack === false) for (const finding of ipv6Networks(httpCidrs)) yield { at: "httpCidrs", ...finding };
  },
);

/**
 * The security groups of the instances and of the load balancer, with their rules. Each rule is a resource, so a change
 * of one rule leaves the others as they are. Only the load balancer's group reaches the dynamic host ports.
 */
export class PortRules extends Construct {
  /** The id of the instances' security group. */
  readonly instanceSecurityGroupId: string;
  /** The id of the load balancer's security group. It is undefined without `httpCidrs`. */
  readonly loadBalancerSecurityGroupId?: string;
  /** The dynamic host ports of containers. The rules open them. */
  readonly portRange: PortRange;
  /** The range of instances that are being replaced. The rules open it too. */
  readonly previousPortRange?: PortRange;
  /** The ports of the load balancer that the rules open. */
  readonly admits: {
    readonly http: boolean;
    readonly https: boolean;
    /** The ports of more listeners. @default - none */
    readonly listenerPorts?: readonly number[];
  };

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: PortRulesProps) {
    super(scope, id);
    const settings = validate(this, portRulesPropsSchema, props);
    const { name, vpc, portRange, previousPortRange, sshCidrs, httpCidrs, https, http } = settings;
    this.portRange = portRange;
    this.previousPortRange = previousPortRange;
    const listenerPorts = Object.entries(httpCidrs ? settings.listenerPorts : {});
    this.admits = {
      http: httpCidrs !== undefined && http,
      https: httpCidrs !== undefined && https,
      listenerPorts: listenerPorts.map(([, port]) => port),
    };

    const group = (groupId: string, groupName: string, purpose: string, precondition?: Guard[]) =>
      new SecurityGroup(this, groupId, {
        namePrefix: `${groupName}-`,
        description: purpose,
        vpcId: vpc.vpcId,
        tags: purposeTags(groupName, purpose),
        // AWS does not delete a group in use, so its replacement must exist first.
        lifecycle: { createBeforeDestroy: true, precondition },
      });
    const instances = group("instances", `${name}-instances`, "The ECS container instances");
    this.node.defaultChild = instances;
    this.instanceSecurityGroupId = instances.id;

    if (httpCidrs) {
      const balancerName = `${name}-load-balancer`;
      const balancerPurpose = "The load balancer of the ECS cluster";
      const guard = this.staysInVpc(name, purposeTags(balancerName, balancerPurpose), vpc.vpcId);
      const balancer = group("load_balancer", balancerName, balancerPurpose, [guard]);
      this.loadBalancerSecurityGroupId = balancer.id;
      if (http) this.admit("http", balancer.id, 80, httpCidrs, "HTTP to the load balancer");
      if (https) this.admit("https", balancer.id, 443, httpCidrs, "HTTPS to the load balancer");
      for (const [listener, port] of listenerPorts) {
        this.admit(`listener_${listener}`, balancer.id, port, httpCidrs, `Port ${port} of the load balancer`);
      }
      // One rule for both ranges: AWS changes its ports at once, so no port is closed in between.
      const { from, to } = admittedRange(settings);
      const range = { ipProtocol: "tcp", fromPort: from, toPort: to };
      const purpose = "Requests and health checks to dynamic host ports";
      new VpcSecurityGroupEgressRule(this, "load_balancer_to_instances", {
        securityGroupId: balancer.id,
        referencedSecurityGroupId: instances.id,
        ...range,
        description: purpose,
        tags: purposeTags(`${name}-load-balancer-to-instances`, purpose),
      });
      new VpcSecurityGroupIngressRule(this, "instances_from_load_balancer", {
        securityGroupId: instances.id,
        referencedSecurityGroupId: balancer.id,
        ...range,
        description: purpose,
        tags: purposeTags(`${name}-instances-from-load-balancer`, purpose),
      });
    }
    if (sshCidrs) this.admit("ssh", instances.id, 22, sshCidrs, "SSH to the container instances");

    // Terraform removes AWS's default egress rule, and without one the agent cannot reach ECS.
    for (const [egressId, network] of [
      ["instances_to_ipv4", { cidrIpv4: "0.0.0.0/0" }],
      ["instances_to_ipv6", { cidrIpv6: "::/0" }],
    ] as const) {
      const purpose = "Outbound traffic of the instances and their containers";
      new VpcSecurityGroupEgressRule(this, egressId, {
        securityGroupId: instances.id,
        ipProtocol: "-1",
        ...network,
        description: purpose,
        tags: purposeTags(`${name}-${egressId.replace(/_/g, "-")}`, purpose),
      });
    }
  }

  /**
   * Returns a guard against another VPC. AWS cannot move a load balancer, but Terraform would move the instances first. The
   * existing security group of the load balancer shows the VPC at plan. No group exists before the first apply.
   */
  private staysInVpc(name: string, tags: Readonly<Record<string, string>>, vpcId: string): Guard {
    const filter = Object.entries(tags).map(([tag, value]) => ({ name: `tag:${tag}`, values: [value] }));
    const existing = new DataAwsSecurityGroups(this, "existing", { filter });
    const others = hcl`setsubtract(${existing.fqn}.vpc_ids, [${vpcId}])`;
    return {
      condition: hcl`length(${others}) == 0`.string,
      errorMessage: `The load balancer of ${name} is in ${hcl`join(", ", ${others})`}, and AWS cannot move it to ${vpcId}. Use the earlier VPC. To leave it, create a cluster with another name in the new VPC. Or change name too, which replaces this cluster with a gap.`,
    };
  }

  /** Creates one ingress rule per network. The key is the network as AWS writes it, so two spellings are one rule. */
  private admit(id: string, securityGroupId: string, port: number, networks: readonly string[], purpose: string): void {
    const eachNetwork = TerraformIterator.fromList(hcl`[for cidr in ${networks} : cidrsubnet(cidr, 0, 0)]`.list);
    new VpcSecurityGroupIngressRule(this, id, {
      forEach: eachNetwork,
      securityGroupId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      cidrIpv4: hcl`strcontains(each.value, ":") ? null : each.value`.string,
      cidrIpv6: hcl`strcontains(each.value, ":") ? each.value : null`.string,
      description: purpose,
      tags: purposeTags(hcl`each.value`.string, purpose),
    });
  }
}

/** The field of a `portRules` property. */
export const portRulesField = interfaceOf<PortRules>(
  "a PortRules construct",
  "Pass the construct, or an object with its attributes.",
)({
  instanceSecurityGroupId: string(),
  loadBalancerSecurityGroupId: string().optional(),
  portRange: portRangeField,
  previousPortRange: portRangeField.optional(),
  admits: interfaceOf<PortRules["admits"]>(
    "the ports that the rules admit",
    "Pass the construct, or an object with its attributes.",
  )({ http: plain(boolean()), https: plain(boolean()), listenerPorts: list(plain(number())).optional() }),
});
