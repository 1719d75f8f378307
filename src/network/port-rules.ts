import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Construct } from "constructs";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules } from "../validation/aws-rules";
import { distinctElements, each, matches, type Rule } from "../validation/rule";
import { interfaceOf, list, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";
import { networksRules, noPartOfTheInternet, notTheWholeInternet } from "./cidr-rules";
import { allowFrom, allowTo, type ConnectionOptions } from "./connections";
import { type DefaultVpc, vpcField } from "./default-vpc";
import {
  type AdmittedPorts,
  admitNetworks,
  admittedPortsField,
  createLoadBalancerRules,
  createSecurityGroup,
  httpCidrsField,
  ipv6WithDualStack,
  type LoadBalancerPorts,
  loadBalancerPortsSchema,
} from "./load-balancer-rules";
import { type PortRange, type PortRangeProps, portRangeField } from "./port-range";

/** The networks that can connect, and the ports that they can connect to. */
export interface PortRulesProps extends LoadBalancerPorts {
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
  /**
   * The id of a security group of the instances that exists. The rules of the load balancer and of SSH are added to it, and no others. It must
   * allow outbound traffic.
   * @default - a new security group
   */
  readonly instanceSecurityGroupId?: string;
}

/** The most networks of SSH. Each network is one rule, and the instances' group also has other rules. */
export const MOST_SSH_CIDRS = 50;
export const sshCidrsRules = networksRules(MOST_SSH_CIDRS, notTheWholeInternet, noPartOfTheInternet);

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

/** One security group. */
export const securityGroupIdRule = matches(
  "^sg-[0-9a-f]{8,17}$",
  "be the id of a security group",
  "List the security groups: aws ec2 describe-security-groups --query SecurityGroups[].GroupId",
);

export const portRulesPropsSchema = schemaOf<PortRulesProps>()(
  {
    name: string(...clusterNameRules),
    vpc: vpcField,
    portRange: portRangeField,
    previousPortRange: portRangeField.optional(),
    sshCidrs: list(string(), ...sshCidrsRules).optional(),
    httpCidrs: httpCidrsField.optional(),
    instanceSecurityGroupId: string(securityGroupIdRule).optional(),
    ...loadBalancerPortsSchema.shape,
  },
  ipv6WithDualStack,
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
  readonly admits: AdmittedPorts;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: PortRulesProps) {
    super(scope, id);
    const settings = validate(this, portRulesPropsSchema, props);
    const { name, vpc, portRange, previousPortRange, sshCidrs, httpCidrs, instanceSecurityGroupId, ...ports } =
      settings;
    const { vpcId } = vpc;
    this.portRange = portRange;
    this.previousPortRange = previousPortRange;
    const group =
      instanceSecurityGroupId === undefined
        ? createSecurityGroup(this, "instances", `${name}-instances`, "The ECS container instances", vpcId)
        : undefined;
    this.instanceSecurityGroupId = group?.id ?? (instanceSecurityGroupId as string);
    const instances = { instanceSecurityGroupId: this.instanceSecurityGroupId, portRange, previousPortRange };
    const purpose = "The load balancer of the ECS cluster";
    const balancer =
      httpCidrs && createLoadBalancerRules(this, { ...instances, name, vpcId, purpose }, httpCidrs, ports);
    this.node.defaultChild = group ?? balancer?.group;
    this.loadBalancerSecurityGroupId = balancer?.loadBalancerSecurityGroupId;
    this.admits = balancer?.admits ?? { http: false, https: false, listenerPorts: [] };
    if (sshCidrs) {
      admitNetworks(this, "ssh", this.instanceSecurityGroupId, 22, sshCidrs, "SSH to the container instances");
    }

    // A group that exists has the egress rules of its owner, and AWS rejects the same rule twice.
    if (!group) return;
    // Terraform removes AWS's default egress rule, and without one the agent cannot reach ECS.
    for (const [egressId, network] of [
      ["instances_to_ipv4", { cidrIpv4: "0.0.0.0/0" }],
      ["instances_to_ipv6", { cidrIpv6: "::/0" }],
    ] as const) {
      const purpose = "Outbound traffic of the instances and their containers";
      new VpcSecurityGroupEgressRule(this, egressId, {
        securityGroupId: this.instanceSecurityGroupId,
        ipProtocol: "-1",
        ...network,
        description: purpose,
        tags: purposeTags(`${name}-${egressId.replace(/_/g, "-")}`, purpose),
      });
    }
  }

  /**
   * Lets the instances, and containers that use their network, connect to a resource of the VPC, such as a database. It adds a rule to the
   * resource's security group.
   *
   * @param securityGroupId the security group of the resource
   * @param port the port, or the first and the last port
   * @throws {SettingsError} with every problem of the arguments
   * @example stack.portRules.allowTo(databaseSecurityGroupId, 5432)
   */
  allowTo(securityGroupId: string, port: number | PortRangeProps, options: ConnectionOptions = {}): void {
    allowTo(this, this.instanceSecurityGroupId, securityGroupId, port, options);
  }

  /**
   * Lets a resource of the VPC, or a network, connect to the instances. It adds a rule to the instances' security group.
   *
   * @param peer the security group of the resource, or a network in CIDR notation
   * @param port the port, or the first and the last port
   * @throws {SettingsError} with every problem of the arguments
   * @example stack.portRules.allowFrom(batchSecurityGroupId, { from: 31000, to: 61000 })
   */
  allowFrom(peer: string, port: number | PortRangeProps, options: ConnectionOptions = {}): void {
    allowFrom(this, this.instanceSecurityGroupId, peer, port, options);
  }
}

/** The security group of instances: of {@link PortRules}, or one that exists. */
export interface InstanceSecurityGroup {
  /** The id of the security group. It must admit the load balancer to the host ports. */
  readonly instanceSecurityGroupId: string;
  /** The dynamic host ports that the security group admits. */
  readonly portRange: PortRange;
}

/** The field of the security group of a launch template. */
export const instanceSecurityGroupField = interfaceOf<InstanceSecurityGroup>(
  "a PortRules construct",
  "Pass the construct, or an object with its attributes.",
)({
  instanceSecurityGroupId: string(),
  portRange: portRangeField,
});

/** The field of a `portRules` property. */
export const portRulesField = interfaceOf<PortRules>(
  "a PortRules construct",
  "Pass the construct, or an object with its attributes.",
)({
  instanceSecurityGroupId: string(),
  loadBalancerSecurityGroupId: string().optional(),
  portRange: portRangeField,
  previousPortRange: portRangeField.optional(),
  admits: admittedPortsField,
});
