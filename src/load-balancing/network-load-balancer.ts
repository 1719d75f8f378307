import { Eip } from "@cdktf/provider-aws/lib/eip";
import { Lb, type LbConfig } from "@cdktf/provider-aws/lib/lb";
import { DataResource, TerraformIterator, Token } from "cdktf";
import { Construct } from "constructs";
import { loadBalancerNameRule, type NetworkLoadBalancerTarget } from "../cluster/ecs-cluster-target";
import { type DefaultVpc, defaultVpcField } from "../network/default-vpc";
import type { LoadBalancerSecurityGroup } from "../network/load-balancer-rules";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { FOR_LISTENERS, LOAD_BALANCER_TAG, purposeTags } from "../terraform/purpose-tags";
import { reservedPrefixRule } from "../validation/aws-rules";
import { length, matches } from "../validation/rule";
import { interfaceOf, map, type Parsed, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import { ExistingNetworkLoadBalancer, type ExistingNetworkLoadBalancerProps } from "./existing-network-load-balancer";
import { logsTo } from "./load-balancer-settings";
import {
  allocationIdsRules,
  ipv6AddressesRules,
  type NetworkLoadBalancerShape,
  type NetworkLoadBalancerValues,
  networkLoadBalancerShapeSchema,
  privateIpv4AddressesRules,
} from "./network-load-balancer-settings";
import { ipv6Conditions, oneSubnetPerZone } from "./subnet-conditions";
import { addressOf } from "./target-group";

type NetworkSecurityGroup = Required<Pick<LoadBalancerSecurityGroup, "loadBalancerSecurityGroupId">>;

/** A Network Load Balancer in front of services. */
export interface NetworkLoadBalancerProps extends NetworkLoadBalancerShape, NetworkLoadBalancerValues {
  /** The start of the load balancer's name, which is `<name>-nlb`. */
  readonly name: string;
  /** The name by which `EcsClusterLookup` finds the load balancer. @default - none: no lookup finds it */
  readonly lookupName?: string;
  /** The VPC. The load balancer uses all of its subnets. */
  readonly vpc: DefaultVpc;
  /** The security group: a `LoadBalancerRules` without `http`. Listeners add their rules to it. */
  readonly portRules: NetworkSecurityGroup;
  /** With `staticAddresses: "existing"`, the allocation id of an Elastic IP address by Availability Zone. @default - none */
  readonly allocationIds?: Readonly<Record<string, string>>;
  /** With `internal` and `staticAddresses: "existing"`, an unused address of the subnet by Availability Zone. @default - none */
  readonly privateIpv4Addresses?: Readonly<Record<string, string>>;
  /** With `dualStack` and `staticAddresses: "existing"`, an unused IPv6 address of the subnet by Availability Zone. @default - AWS chooses the addresses */
  readonly ipv6Addresses?: Readonly<Record<string, string>>;
}

const securityGroupField = interfaceOf<NetworkSecurityGroup>(
  "the security group of a load balancer",
  "Use a LoadBalancerRules construct.",
)({ loadBalancerSecurityGroupId: string() });

export const networkLoadBalancerPropsSchema = schemaOf<NetworkLoadBalancerProps>()(
  {
    name: string(
      length(1, 28, "The load balancer's name is <name>-nlb, and AWS limits it to 32 characters."),
      matches(
        "^[a-zA-Z0-9][a-zA-Z0-9-]*$",
        "contain only letters, digits and hyphens, and not start with a hyphen",
        "AWS rejects other names of load balancers.",
      ),
      reservedPrefixRule,
    ),
    lookupName: string(loadBalancerNameRule).optional(),
    vpc: defaultVpcField,
    portRules: securityGroupField,
    ...networkLoadBalancerShapeSchema.shape,
    allocationIds: map(string(), { limits: allocationIdsRules }).optional(),
    privateIpv4Addresses: map(string(), { limits: privateIpv4AddressesRules }).optional(),
    ipv6Addresses: map(string(), { limits: ipv6AddressesRules }).optional(),
  },
  ...networkLoadBalancerShapeSchema.rules,
  existingAddresses,
);

type Props = NetworkLoadBalancerProps;

function* existingAddresses(
  { internal, dualStack, staticAddresses }: Known<Props>,
  given: Given<Props>,
): Findings<Props> {
  if (internal === undefined || staticAddresses === undefined) return;
  const isExisting = staticAddresses === "existing";
  const own = internal ? "privateIpv4Addresses" : "allocationIds";
  if (isExisting && !given(own)) {
    const must = `be set with staticAddresses "existing"${internal ? " and internal" : ""}`;
    yield { at: own, must, fix: "Give an address for each Availability Zone." };
  }
  const settings = `staticAddresses "existing"`;
  for (const [at, fits, needs] of [
    ["allocationIds", isExisting && !internal, `${settings}, without internal`],
    ["privateIpv4Addresses", isExisting && internal, `${settings} and internal`],
    ["ipv6Addresses", isExisting && dualStack !== false, `${settings} and dualStack`],
  ] as const) {
    if (given(at) && !fits) yield { at, must: `be used with ${needs}`, fix: "Set them, or remove it." };
  }
}

type Settings = Parsed<typeof networkLoadBalancerPropsSchema>;

/**
 * A Network Load Balancer. It answers nobody until a service has a listener on it.
 *
 * @example new EcsClusterStack(app, "dns", { networkLoadBalancers: { edge: { staticAddresses: "managed" } } })
 */
export class NetworkLoadBalancer extends Construct implements NetworkLoadBalancerTarget {
  /** The load balancer's ARN. */
  readonly loadBalancerArn: string;
  /** The part of the ARN that CloudWatch uses. */
  readonly arnSuffix: string;
  /** The DNS name of the load balancer, for a CNAME or alias record. */
  readonly loadBalancerDnsName: string;
  /** The id of the load balancer's hosted zone, for an alias record in Route 53. */
  readonly loadBalancerCanonicalHostedZoneId: string;
  /** The id of the load balancer's security group. */
  readonly securityGroupId: string;
  /** Whether the load balancer has IPv6 addresses. */
  readonly dualStack: boolean;
  /** Whether the load balancer reserves capacity. */
  readonly reservesCapacity: boolean;
  /** The Elastic IP addresses by Availability Zone, with `staticAddresses: "managed"`. @default - undefined */
  readonly publicAddresses?: { [zone: string]: string };

  /**
   * Returns a load balancer that exists already, for the `loadBalancer` of listeners. It lets the load balancer connect to the host ports
   * of the cluster's instances.
   */
  static fromLoadBalancerArn(
    scope: Construct,
    id: string,
    props: ExistingNetworkLoadBalancerProps,
  ): ExistingNetworkLoadBalancer {
    return new ExistingNetworkLoadBalancer(scope, id, props);
  }

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: NetworkLoadBalancerProps) {
    super(scope, id);
    const settings = validate(this, networkLoadBalancerPropsSchema, props);
    const { name, lookupName, internal, dualStack, vpc, portRules, minimumCapacityUnit } = settings;
    const balancerName = `${name}-nlb`;
    const addresses = settings.staticAddresses === "managed" ? this.createAddresses(settings) : undefined;
    // AWS cannot change the addresses of a subnet. The provider does not plan a replacement for addresses that do not exist yet.
    const input = { static_addresses: `${settings.staticAddresses}` };
    const trigger = new DataResource(this, "static_addresses", { input });
    this.securityGroupId = portRules.loadBalancerSecurityGroupId;
    const balancer = new Lb(this, "resource", {
      // The resource has no create_before_destroy: a replacement uses the same name and addresses.
      name: balancerName,
      loadBalancerType: "network",
      internal,
      ipAddressType: dualStack ? "dualstack" : "ipv4",
      // AWS never lets a load balancer without a security group have one. https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
      securityGroups: [this.securityGroupId],
      ...subnetArguments(settings, addresses),
      enableCrossZoneLoadBalancing: settings.crossZoneEnabled,
      dnsRecordClientRoutingPolicy: settings.clientRoutingPolicy,
      secondaryIpsAutoAssignedPerSubnet: settings.secondaryIpsAutoAssignedPerSubnet,
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: onOrOff(
        settings.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic,
      ),
      enableZonalShift: settings.zonalShift,
      enableDeletionProtection: settings.deletionProtection,
      minimumLoadBalancerCapacity:
        minimumCapacityUnit === undefined ? undefined : { capacityUnits: minimumCapacityUnit },
      accessLogs: logsTo(settings.accessLogs),
      tags: {
        ...purposeTags(balancerName, FOR_LISTENERS),
        ...(lookupName === undefined ? {} : { [LOAD_BALANCER_TAG]: lookupName }),
      },
      lifecycle: {
        preventDestroy: settings.deletionProtection || undefined,
        replaceTriggeredBy: [addressOf(trigger)],
        precondition: [
          ...(internal && vpc.hasPrivateSubnets ? [] : [oneSubnetPerZone(vpc)]),
          ...(dualStack ? ipv6ConditionsOf(settings) : []),
          ...zoneConditions(settings),
        ],
      },
    });
    this.node.defaultChild = balancer;
    this.loadBalancerArn = balancer.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.loadBalancerDnsName = balancer.dnsName;
    this.loadBalancerCanonicalHostedZoneId = balancer.zoneId;
    this.dualStack = dualStack;
    this.reservesCapacity = minimumCapacityUnit !== undefined;
    this.publicAddresses = addresses && hcl`{ for zone, address in ${addresses.fqn} : zone => address.public_ip }`.map;
  }

  private createAddresses({ name, vpc }: Settings): Eip {
    const purpose = "An address of the load balancer";
    const eachZone = TerraformIterator.fromMap(vpc.subnetIdByZone);
    return new Eip(this, "address", {
      forEach: eachZone,
      domain: "vpc",
      tags: purposeTags(hcl`join("-", [${name}, "nlb", each.key])`.string, purpose),
    });
  }
}

/** A text setting of AWS in place of a boolean. It can be a token. */
const onOrOff = (enabled: boolean): string =>
  Token.isUnresolved(enabled) ? hcl`${enabled} ? "on" : "off"`.string : enabled ? "on" : "off";

/** Returns the subnets, or one block for each zone with its address. */
function subnetArguments(settings: Settings, addresses: Eip | undefined): Partial<LbConfig> {
  const { vpc, staticAddresses, allocationIds, privateIpv4Addresses, ipv6Addresses } = settings;
  const isPrivate = settings.internal && vpc.hasPrivateSubnets;
  if (staticAddresses === false) return { subnets: isPrivate ? vpc.instanceSubnetIdPerZone : vpc.subnetIds };
  const eachZone = TerraformIterator.fromMap(subnetIdsOf(settings));
  const zone = hcl`each.key`;
  const ofZone = (map: Readonly<Record<string, string>> | undefined) =>
    map && hcl`lookup(${map}, ${zone}, null)`.string;
  return {
    subnetMapping: eachZone.dynamic({
      subnet_id: hcl`each.value`.string,
      allocation_id: addresses ? hcl`${addresses.fqn}[${zone}].allocation_id`.string : ofZone(allocationIds),
      private_ipv4_address: ofZone(privateIpv4Addresses),
      ipv6_address: ofZone(ipv6Addresses),
    }),
  };
}

const subnetIdsOf = ({ vpc, internal }: Settings): { [zone: string]: string } =>
  internal && vpc.hasPrivateSubnets ? vpc.instanceSubnetIdByZone : vpc.subnetIdByZone;

const ipv6ConditionsOf = ({ vpc, internal }: Settings): Guard[] =>
  internal && vpc.hasPrivateSubnets
    ? ipv6Conditions(vpc.instanceSubnetIdsWithoutIpv6, "private subnet")
    : ipv6Conditions(vpc.subnetIdsWithoutIpv6, "subnet");

/** Returns a guard against addresses of other zones, and against zones without an address. */
function zoneConditions(settings: Settings): Guard[] {
  const { allocationIds, privateIpv4Addresses = allocationIds } = settings;
  if (privateIpv4Addresses === undefined) return [];
  const [given, zones] = [hcl`keys(${privateIpv4Addresses})`, hcl`keys(${subnetIdsOf(settings)})`];
  const what = allocationIds ? "allocation id" : "private address";
  return [
    {
      condition: hcl`length(setsubtract(${given}, ${zones})) == 0 && length(setsubtract(${zones}, ${given})) == 0`
        .string,
      errorMessage: `The load balancer ${settings.name} needs one ${what} for each of its zones, ${hcl`join(", ", ${zones})`}; received those of ${hcl`join(", ", ${given})`}. Give the zones these names.`,
    },
  ];
}

/** The field of a Network Load Balancer whose metrics are read. */
export const networkLoadBalancerField = interfaceOf<Pick<NetworkLoadBalancer, "arnSuffix">>(
  "a Network Load Balancer",
  "Use a NetworkLoadBalancer construct.",
)({ arnSuffix: string() });
