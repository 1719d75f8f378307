import type { Mapping } from "../cover";

const REGION = { fixed: "Always the region of the provider." };
const TAGS = { fixed: "Always the name and the purpose, with the tags of the stack." };
const TIMEOUTS = { outOfScope: "The time limits of the provider fit." };

/** The arguments of `aws_lb`. */
export const AWS_LB: Mapping = {
  "access_logs.bucket": "AccessLogs.bucket",
  "access_logs.enabled": { fixed: "Always true, with the setting." },
  "access_logs.prefix": "AccessLogs.prefix",
  client_keep_alive: "LoadBalancerSettings.clientKeepAliveSeconds",
  "connection_logs.bucket": "AccessLogs.bucket",
  "connection_logs.enabled": { fixed: "Always true, with the setting." },
  "connection_logs.prefix": "AccessLogs.prefix",
  customer_owned_ipv4_pool: { outOfScope: "It is for AWS Outposts." },
  desync_mitigation_mode: "LoadBalancerSettings.desyncMitigationMode",
  dns_record_client_routing_policy: "NetworkLoadBalancerSettings.clientRoutingPolicy",
  drop_invalid_header_fields: "LoadBalancerSettings.dropInvalidHeaderFields",
  enable_cross_zone_load_balancing: "NetworkLoadBalancerSettings.crossZoneEnabled",
  enable_deletion_protection: [
    "LoadBalancerSettings.deletionProtection",
    "NetworkLoadBalancerSettings.deletionProtection",
  ],
  enable_http2: "LoadBalancerSettings.http2Enabled",
  enable_tls_version_and_cipher_suite_headers: "LoadBalancerSettings.xAmznTlsVersionAndCipherSuiteHeaders",
  enable_waf_fail_open: "LoadBalancerSettings.wafFailOpen",
  enable_xff_client_port: "LoadBalancerSettings.preserveXffClientPort",
  enable_zonal_shift: ["LoadBalancerSettings.zonalShift", "NetworkLoadBalancerSettings.zonalShift"],
  enforce_security_group_inbound_rules_on_private_link_traffic:
    "NetworkLoadBalancerSettings.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
  "health_check_logs.bucket": "AccessLogs.bucket",
  "health_check_logs.enabled": { fixed: "Always true, with the setting." },
  "health_check_logs.prefix": "AccessLogs.prefix",
  idle_timeout: "LoadBalancerSettings.idleTimeoutSeconds",
  internal: ["LoadBalancerSettings.internal", "NetworkLoadBalancerSettings.internal"],
  ip_address_type: ["LoadBalancerSettings.dualStack", "NetworkLoadBalancerSettings.dualStack"],
  "ipam_pools.ipv4_ipam_pool_id": { outOfScope: "It is for addresses that you bring to AWS with IPAM." },
  load_balancer_type: {
    fixed: "`application`, or `network` for a Network Load Balancer. Gateway Load Balancers are out of scope.",
  },
  "minimum_load_balancer_capacity.capacity_units": [
    "LoadBalancerSettings.minimumCapacityUnit",
    "NetworkLoadBalancerSettings.minimumCapacityUnit",
  ],
  name: ["ApplicationLoadBalancerProps.name", "NetworkLoadBalancerProps.name"],
  name_prefix: { outOfScope: "The load balancer has a name." },
  preserve_host_header: "LoadBalancerSettings.preserveHostHeader",
  region: REGION,
  secondary_ips_auto_assigned_per_subnet: "NetworkLoadBalancerSettings.secondaryIpsAutoAssignedPerSubnet",
  security_groups: ["ApplicationLoadBalancerProps.portRules", "NetworkLoadBalancerProps.portRules"],
  "subnet_mapping[].allocation_id": [
    "NetworkLoadBalancerSettings.staticAddresses",
    "NetworkLoadBalancerValues.allocationIds",
  ],
  "subnet_mapping[].ipv6_address": "NetworkLoadBalancerValues.ipv6Addresses",
  "subnet_mapping[].private_ipv4_address": "NetworkLoadBalancerValues.privateIpv4Addresses",
  "subnet_mapping[].subnet_id": { fixed: "The subnets of the VPC, with static addresses of a Network Load Balancer." },
  subnets: ["ApplicationLoadBalancerProps.vpc", "NetworkLoadBalancerProps.vpc"],
  tags: TAGS,
  "timeouts[].create": TIMEOUTS,
  "timeouts[].delete": TIMEOUTS,
  "timeouts[].update": TIMEOUTS,
  xff_header_processing_mode: "LoadBalancerSettings.xffHeaderProcessingMode",
};
