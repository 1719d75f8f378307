import { loadBalancerNameRule } from "../cluster/ecs-cluster-target";
import { eachKey, eachValue, matches, matchesNot, type Rule, wholeNumber } from "../validation/rule";
import {
  boolean,
  choice,
  map,
  number,
  plain,
  type Schema,
  schemaOf,
  string,
  variable,
  withDefaults,
} from "../validation/schema";

import { type Findings, type Given, type Known, variableName } from "../validation/settings-rule";
import type { VariableDeclaration } from "../validation/variables";
import { type AccessLogs, accessLogsSchema } from "./load-balancer-settings";
import { balancerKey } from "./named-load-balancer";

/** Which load balancer node a client of the VPC gets from DNS. */
const CLIENT_ROUTING_POLICIES = [
  "any_availability_zone",
  "availability_zone_affinity",
  "partial_availability_zone_affinity",
] as const;

/** A Network Load Balancer. */
export interface NetworkLoadBalancerShape {
  /**
   * Give the load balancer private addresses only. With `privateSubnets`, it is in the private subnets. Changing it replaces the load
   * balancer.
   * @default false
   */
  readonly internal?: boolean;
  /**
   * Give the load balancer IPv6 addresses too. Each of its subnets needs an IPv6 network. AWS then rejects listeners with `UDP` and
   * `TCP_UDP`, because containers have IPv4 addresses.
   * @default false
   */
  readonly dualStack?: boolean;
  /**
   * Addresses that stay when the load balancer is replaced, one in each Availability Zone. `managed` creates Elastic IP addresses.
   * `existing` adds the variable `NAME_allocation_ids` for Elastic IP addresses that you have or, with `internal`,
   * `NAME_private_ipv4_addresses`. With `dualStack`, `existing` also adds `NAME_ipv6_addresses`. Changing it replaces the load balancer.
   * With `false`, AWS chooses addresses, which stay as long as the load balancer.
   * @default false
   */
  readonly staticAddresses?: false | "managed" | "existing";
  /**
   * Send connections to targets in all Availability Zones. With `false`, a connection stays in the zone of the address that the client
   * chose. An address in a zone without a healthy task then answers nobody. AWS charges for traffic between zones.
   * @default true
   */
  readonly crossZoneEnabled?: boolean;
  /**
   * The addresses that DNS returns to clients in the VPC: those of all zones, those of the client's zone, or those of the client's zone
   * for 85 percent of the queries.
   * @default "any_availability_zone"
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html
   */
  readonly clientRoutingPolicy?: (typeof CLIENT_ROUTING_POLICIES)[number];
  /**
   * More private addresses in each subnet, for more connections to the same target when clients' addresses are not preserved. Lowering
   * it replaces the load balancer.
   * @default 0
   */
  readonly secondaryIpsAutoAssignedPerSubnet?: number;
  /** The load balancer capacity units (LCU) to reserve. AWS charges for them, and rejects them with TLS listeners. @default - none: the capacity follows the traffic */
  readonly minimumCapacityUnit?: number;
  /** Let Application Recovery Controller move traffic away from an Availability Zone. @default false */
  readonly zonalShift?: boolean;
  /** Check connections through AWS PrivateLink with the security group of the load balancer. @default true */
  readonly enforceSecurityGroupInboundRulesOnPrivateLinkTraffic?: boolean;
  /**
   * Reject deletion of the load balancer. AWS rejects it, and Terraform rejects a plan that destroys the load balancer.
   * @default false
   */
  readonly deletionProtection?: boolean;
  /** Write access logs to an existing S3 bucket. A Network Load Balancer logs only the connections of TLS listeners. @default - no access logs */
  readonly accessLogs?: AccessLogs;
}

export const networkLoadBalancerShapeSchema = schemaOf<NetworkLoadBalancerShape>()(
  {
    internal: plain(boolean()).default(false),
    dualStack: plain(boolean()).default(false),
    staticAddresses: plain(choice(false, "managed", "existing")).default(false),
    crossZoneEnabled: boolean().default(true),
    clientRoutingPolicy: choice(...CLIENT_ROUTING_POLICIES).default("any_availability_zone"),
    secondaryIpsAutoAssignedPerSubnet: number(wholeNumber(0, 7, "addresses", "AWS allows at most 7.")).default(0),
    minimumCapacityUnit: plain(
      number(wholeNumber(1, 2_147_483_647, "LCU", "One LCU is 2.2 Mbps. Remove it for none.")),
    ).optional(),
    zonalShift: boolean().default(false),
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: boolean().default(true),
    deletionProtection: plain(boolean()).default(false),
    accessLogs: accessLogsSchema.optional(),
  },
  managedAddressesArePublic,
);

/** An Elastic IP address is public. AWS chooses private addresses, which stay as long as the load balancer. */
function* managedAddressesArePublic({
  internal,
  staticAddresses,
}: Known<NetworkLoadBalancerShape>): Findings<NetworkLoadBalancerShape> {
  if (!internal || staticAddresses !== "managed") return;
  const fix = 'Use "existing" with the private addresses that you choose, or remove it.';
  yield { at: "staticAddresses", must: 'not be "managed" with internal', fix };
}

/** The values of a Network Load Balancer: defaults of its Terraform variables. */
export interface NetworkLoadBalancerValues {
  /** `NAME_allocation_ids`, with `staticAddresses: "existing"`: the allocation id of an Elastic IP address by Availability Zone. @default - none: the variable is required */
  readonly allocationIds?: Readonly<Record<string, string>>;
  /** `NAME_private_ipv4_addresses`, with `internal` and `staticAddresses: "existing"`: an unused address of the subnet by Availability Zone. @default - none: the variable is required */
  readonly privateIpv4Addresses?: Readonly<Record<string, string>>;
  /** `NAME_ipv6_addresses`, with `dualStack` and `staticAddresses: "existing"`: an unused IPv6 address of the subnet by Availability Zone. @default - AWS chooses the addresses */
  readonly ipv6Addresses?: Readonly<Record<string, string>>;
}

const zoneKeys = eachKey(
  matches(
    "^[a-z]{2,4}-[a-z0-9-]{1,40}[a-z]$",
    "have keys that are names of Availability Zones",
    'For example { "ap-northeast-2a" = "…" }.',
  ),
);

export const allocationIdsRules: readonly Rule<Readonly<Record<string, string>>>[] = [
  zoneKeys,
  eachValue(
    matches(
      "^eipalloc-[0-9a-f]{8,17}$",
      "have in each value the allocation id of an Elastic IP address",
      "List them: aws ec2 describe-addresses --query Addresses[].AllocationId",
    ),
  ),
];
export const privateIpv4AddressesRules: readonly Rule<Readonly<Record<string, string>>>[] = [
  zoneKeys,
  eachValue(
    matches(
      "^([0-9]{1,3}[.]){3}[0-9]{1,3}$",
      "have in each value an IPv4 address",
      "Use an unused address of the subnet of the zone.",
    ),
  ),
];
export const ipv6AddressesRules: readonly Rule<Readonly<Record<string, string>>>[] = [
  zoneKeys,
  eachValue(
    matches(
      "^[0-9a-fA-F:]*:[0-9a-fA-F:]*$",
      "have in each value an IPv6 address",
      "Use an unused address of the subnet of the zone.",
    ),
  ),
];

/** Returns the fields of the values of a Network Load Balancer. Terraform checks the same rules. */
const valueFields = (name: string) => {
  const byZone = `of the load balancer ${name}, by the name of the Availability Zone.`;
  return {
    allocationIds: variable(
      map(string(), { limits: allocationIdsRules }).optional(),
      `The allocation ids of the Elastic IP addresses ${byZone}`,
    ),
    privateIpv4Addresses: variable(
      map(string(), { limits: privateIpv4AddressesRules }).optional(),
      `The private IPv4 addresses ${byZone}`,
    ),
    ipv6Addresses: variable(
      map(string(), { limits: ipv6AddressesRules }).optional(),
      `The IPv6 addresses ${byZone} AWS chooses those of the other zones.`,
    ),
  };
};

export const networkLoadBalancerValuesSchema = schemaOf<NetworkLoadBalancerValues>()(valueFields("NAME"));

/** A Network Load Balancer of a cluster. */
export interface NetworkLoadBalancerSettings extends NetworkLoadBalancerShape {
  /** Defaults of the load balancer's variables, whose names start with the name of the load balancer. @default - each variable's own default */
  readonly values?: NetworkLoadBalancerValues;
}

type Settings = NetworkLoadBalancerSettings;

/** The settings that each value needs, and whether they hold. Undefined if one has a problem. */
const NEEDS: Readonly<
  Record<keyof NetworkLoadBalancerValues, readonly [string, (settings: Known<Settings>) => boolean | undefined]>
> = {
  allocationIds: [
    'staticAddresses "existing", without internal',
    ({ staticAddresses, internal }) => isExisting(staticAddresses) && (internal === undefined ? undefined : !internal),
  ],
  privateIpv4Addresses: [
    'staticAddresses "existing" and internal',
    ({ staticAddresses, internal }) => isExisting(staticAddresses) && internal,
  ],
  ipv6Addresses: [
    'staticAddresses "existing" and dualStack',
    ({ staticAddresses, dualStack }) => isExisting(staticAddresses) && dualStack,
  ],
};

const isExisting = (addresses: Known<Settings>["staticAddresses"]): boolean | undefined =>
  addresses === undefined ? undefined : addresses === "existing";

export const networkLoadBalancerSchema = schemaOf<NetworkLoadBalancerSettings>()(
  { ...networkLoadBalancerShapeSchema.shape, values: withDefaults(networkLoadBalancerValuesSchema) },
  ...networkLoadBalancerShapeSchema.rules,
  valuesWithTheirSettings,
);

/** A value without a variable would have no effect. */
function* valuesWithTheirSettings(settings: Known<Settings>, given: Given<Settings>): Findings<Settings> {
  for (const [value, [needs, holds]] of Object.entries(NEEDS)) {
    if (!given("values", value) || holds(settings) !== false) continue;
    yield { at: ["values", value], must: `be used with ${needs}`, fix: `Set them, or remove values.${value}.` };
  }
}

/** The field of Network Load Balancers, by name. */
export const networkLoadBalancersField = map(networkLoadBalancerSchema, {
  names: [
    loadBalancerNameRule,
    matchesNot("^main$", "not be named main", "That is the loadBalancer of the cluster. Choose another name."),
  ],
});

/** Returns the declarations of the variables of a Network Load Balancer, by {@link balancerKey}. */
export function networkLoadBalancerVariables(
  name: string,
  { values, ...settings }: Settings & { readonly values: NetworkLoadBalancerValues },
): Readonly<Record<string, VariableDeclaration>> {
  const fields = Object.entries(valueFields(name)) as [keyof NetworkLoadBalancerValues, Schema][];
  return Object.fromEntries(
    fields
      .filter(([key]) => NEEDS[key][1](settings as Known<Settings>))
      .map(([key, field]) => [
        balancerKey(name, key),
        {
          name: `${name}_${variableName(key)}`,
          field,
          value: values[key] ?? (key === "ipv6Addresses" ? {} : undefined),
        },
      ]),
  );
}
