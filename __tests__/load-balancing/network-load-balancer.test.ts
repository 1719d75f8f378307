import { Eip } from "@cdktf/provider-aws/lib/eip";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { TerraformVariable, Testing } from "cdktf";
import { type DefaultVpc, NetworkLoadBalancer, type NetworkLoadBalancerProps } from "../../src";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

const SUBNETS = { "eu-west-1a": "subnet-0a", "eu-west-1b": "subnet-0b" };
const vpc = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: Object.values(SUBNETS),
  subnetIdByZone: SUBNETS,
  zones: Object.keys(SUBNETS),
  zoneCount: 2,
  hasPrivateSubnets: false,
  instanceZones: Object.keys(SUBNETS),
  instanceSubnetIdPerZone: Object.values(SUBNETS),
  instanceSubnetIdsIn: () => ["subnet-0a"],
} as unknown as DefaultVpc;
const PRIVATE = {
  ...vpc,
  hasPrivateSubnets: true,
  instanceSubnetIdPerZone: ["subnet-1a"],
  instanceSubnetIdByZone: { "eu-west-1a": "subnet-1a" },
} as unknown as DefaultVpc;
const ADDRESSES = { "eu-west-1a": "eipalloc-0123456789abcdef0", "eu-west-1b": "eipalloc-0123456789abcdef1" };
const PRIVATE_ADDRESSES = { "eu-west-1a": "10.0.0.10", "eu-west-1b": "10.0.1.10" };

const add = (props: Partial<NetworkLoadBalancerProps> = {}, stack = emptyStack()) =>
  new NetworkLoadBalancer(stack, "nlb", {
    ...{ name: "prod-edge", vpc, portRules: { loadBalancerSecurityGroupId: "sg-0a" } },
    ...props,
  });
const synthesize = (props: Partial<NetworkLoadBalancerProps> = {}): string => {
  const stack = emptyStack();
  add(props, stack);
  return Testing.synth(stack, true);
};
const conditions = (json: string): string => JSON.stringify(JSON.parse(json).resource.aws_lb.nlb.lifecycle);

describe("NetworkLoadBalancer", () => {
  it("faces the internet, uses all subnets and zones, and always has a security group", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(Lb, {
      name: "prod-edge-nlb",
      load_balancer_type: "network",
      internal: false,
      ip_address_type: "ipv4",
      subnets: ["subnet-0a", "subnet-0b"],
      security_groups: ["sg-0a"],
      enable_cross_zone_load_balancing: true,
      dns_record_client_routing_policy: "any_availability_zone",
      secondary_ips_auto_assigned_per_subnet: 0,
      enforce_security_group_inbound_rules_on_private_link_traffic: "on",
      enable_zonal_shift: false,
      enable_deletion_protection: false,
      tags: { Name: "prod-edge-nlb", Purpose: "Where services put their listeners" },
    });
    expect(resourceCounts(json)).toEqual({ aws_lb: 1, terraform_data: 1 });
    for (const argument of [
      "access_logs",
      "minimum_load_balancer_capacity",
      "prevent_destroy",
      "create_before_destroy",
    ])
      expect(json).not.toContain(argument);
    expect(conditions(json)).toContain("exactly one subnet in each zone");
  });

  it("passes its attributes on", () => {
    const json = synthesize({
      lookupName: "edge",
      crossZoneEnabled: false,
      clientRoutingPolicy: "availability_zone_affinity",
      secondaryIpsAutoAssignedPerSubnet: 2,
      minimumCapacityUnit: 3000,
      zonalShift: true,
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: false,
      deletionProtection: true,
      accessLogs: { bucket: "logs", prefix: "nlb" },
    });
    expect(json).toHaveResourceWithProperties(Lb, {
      enable_cross_zone_load_balancing: false,
      dns_record_client_routing_policy: "availability_zone_affinity",
      secondary_ips_auto_assigned_per_subnet: 2,
      minimum_load_balancer_capacity: { capacity_units: 3000 },
      enable_zonal_shift: true,
      enforce_security_group_inbound_rules_on_private_link_traffic: "off",
      enable_deletion_protection: true,
      access_logs: { enabled: true, bucket: "logs", prefix: "nlb" },
      tags: expect.objectContaining({ LoadBalancer: "edge" }),
    });
    expect(json).toContain('"prevent_destroy": true');
  });

  it("accepts a token for a boolean that AWS has as text", () => {
    const stack = emptyStack();
    const own = new TerraformVariable(stack, "enforce", { type: "bool" });
    add({ enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: own.booleanValue as unknown as boolean }, stack);
    expect(JSON.parse(Testing.synth(stack, true)).resource.aws_lb.nlb).toMatchObject({
      enforce_security_group_inbound_rules_on_private_link_traffic: '${var.enforce ? "on" : "off"}',
    });
  });

  it("has private addresses in one subnet of each zone with internal", () => {
    expect(synthesize({ internal: true })).toHaveResourceWithProperties(Lb, {
      internal: true,
      subnets: ["subnet-0a", "subnet-0b"],
    });
    const json = synthesize({ internal: true, vpc: PRIVATE });
    expect(json).toHaveResourceWithProperties(Lb, { subnets: ["subnet-1a"] });
    expect(conditions(json)).not.toContain("exactly one subnet");
  });

  it("creates an Elastic IP address for each zone with managed addresses", () => {
    const stack = emptyStack();
    const balancer = add({ staticAddresses: "managed" }, stack);
    const json = Testing.synth(stack, true);
    expect(json).toHaveResourceWithProperties(Eip, { for_each: SUBNETS, domain: "vpc" });
    const { dynamic, subnets } = JSON.parse(json).resource.aws_lb.nlb;
    expect(subnets).toBeUndefined();
    expect(dynamic.subnet_mapping).toEqual({
      for_each: SUBNETS,
      iterator: "each",
      content: { subnet_id: "${each.value}", allocation_id: "${aws_eip.nlb_address[each.key].allocation_id}" },
    });
    expect(resolved(stack, balancer.publicAddresses)).toBe(
      "${{ for zone, address in aws_eip.nlb_address : zone => address.public_ip }}",
    );
    expect(add().publicAddresses).toBeUndefined();
  });

  it("uses given addresses, and compares their zones with those of the subnets", () => {
    const json = synthesize({ staticAddresses: "existing", allocationIds: ADDRESSES });
    expect(JSON.parse(json).resource.aws_lb.nlb.dynamic.subnet_mapping.content).toEqual({
      subnet_id: "${each.value}",
      allocation_id: `\${lookup({ "eu-west-1a" = "${ADDRESSES["eu-west-1a"]}", "eu-west-1b" = "${ADDRESSES["eu-west-1b"]}" }, each.key, null)}`,
    });
    expect(conditions(json)).toContain("needs one allocation id for each of its zones");
    const inside = synthesize({
      ...{ internal: true, dualStack: true, staticAddresses: "existing" },
      privateIpv4Addresses: PRIVATE_ADDRESSES,
      ipv6Addresses: { "eu-west-1a": "2001:db8::10" },
    });
    expect(JSON.parse(inside).resource.aws_lb.nlb.dynamic.subnet_mapping.content).toEqual({
      subnet_id: "${each.value}",
      private_ipv4_address: expect.stringContaining("10.0.0.10"),
      ipv6_address: '${lookup({ "eu-west-1a" = "2001:db8::10" }, each.key, null)}',
    });
    expect(conditions(inside)).toContain("needs one private address for each of its zones");
  });

  it("has IPv6 addresses with dualStack, and requires IPv6 networks of the subnets", () => {
    const json = synthesize({ dualStack: true, vpc: { ...vpc, subnetIdsWithoutIpv6: [] } as unknown as DefaultVpc });
    expect(json).toHaveResourceWithProperties(Lb, { ip_address_type: "dualstack" });
    expect(conditions(json)).toContain("IPv6 network in each subnet");
    const own = { ...PRIVATE, instanceSubnetIdsWithoutIpv6: [] } as unknown as DefaultVpc;
    expect(conditions(synthesize({ dualStack: true, internal: true, vpc: own }))).toContain("each private subnet");
  });

  it("returns its attributes", () => {
    const stack = emptyStack();
    const balancer = add({ minimumCapacityUnit: 100 }, stack);
    const { loadBalancerArn, arnSuffix, loadBalancerDnsName, loadBalancerCanonicalHostedZoneId } = balancer;
    expect(
      [loadBalancerArn, arnSuffix, loadBalancerDnsName, loadBalancerCanonicalHostedZoneId].map((value) =>
        resolved(stack, value),
      ),
    ).toEqual(["arn", "arn_suffix", "dns_name", "zone_id"].map((name) => `\${aws_lb.nlb.${name}}`));
    expect(balancer).toMatchObject({ securityGroupId: "sg-0a", dualStack: false, reservesCapacity: true });
  });

  it.each<[what: string, props: object, problem: string]>([
    [
      "managed addresses of an internal load balancer",
      { internal: true, staticAddresses: "managed" },
      'staticAddresses must not be "managed" with internal; received "managed". Use "existing" with the private addresses that you choose, or remove it.',
    ],
    [
      "existing addresses without any",
      { staticAddresses: "existing" },
      'allocationIds must be set with staticAddresses "existing"; received nothing. Give an address for each Availability Zone.',
    ],
    [
      "private addresses of a public load balancer",
      { staticAddresses: "existing", allocationIds: ADDRESSES, privateIpv4Addresses: PRIVATE_ADDRESSES },
      'privateIpv4Addresses must be used with staticAddresses "existing" and internal; received {"eu-west-1a": "10.0.0.10", "eu-west-1b": "10.0.1.10"}. Set them, or remove it.',
    ],
    [
      "a wrong allocation id",
      { staticAddresses: "existing", allocationIds: { "eu-west-1a": "203.0.113.7" } },
      'allocationIds must have in each value the allocation id of an Elastic IP address; received ["203.0.113.7"]. List them: aws ec2 describe-addresses --query Addresses[].AllocationId',
    ],
    [
      "a security group without an id",
      { portRules: {} },
      "portRules must be the security group of a load balancer; received {}. Use a LoadBalancerRules construct.",
    ],
    [
      "too many secondary addresses",
      { secondaryIpsAutoAssignedPerSubnet: 8 },
      "secondaryIpsAutoAssignedPerSubnet must be a whole number from 0 to 7 (addresses); received 8. AWS allows at most 7.",
    ],
  ])("rejects %s", (_, props, problem) => {
    expect(problemsOf(() => synthesize(props))).toEqual([problem]);
  });
});
