import type { Mapping } from "../cover";

const NETWORK = { open: "network load balancers" };
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
  dns_record_client_routing_policy: NETWORK,
  drop_invalid_header_fields: "LoadBalancerSettings.dropInvalidHeaderFields",
  enable_cross_zone_load_balancing: {
    fixed: "Always on for an Application Load Balancer. `crossZoneEnabled` of a service sets it for its target group.",
  },
  enable_deletion_protection: "LoadBalancerSettings.deletionProtection",
  enable_http2: "LoadBalancerSettings.http2Enabled",
  enable_tls_version_and_cipher_suite_headers: "LoadBalancerSettings.xAmznTlsVersionAndCipherSuiteHeaders",
  enable_waf_fail_open: "LoadBalancerSettings.wafFailOpen",
  enable_xff_client_port: "LoadBalancerSettings.preserveXffClientPort",
  enable_zonal_shift: "LoadBalancerSettings.zonalShift",
  enforce_security_group_inbound_rules_on_private_link_traffic: NETWORK,
  "health_check_logs.bucket": "AccessLogs.bucket",
  "health_check_logs.enabled": { fixed: "Always true, with the setting." },
  "health_check_logs.prefix": "AccessLogs.prefix",
  idle_timeout: "LoadBalancerSettings.idleTimeoutSeconds",
  internal: "LoadBalancerSettings.internal",
  ip_address_type: "LoadBalancerSettings.dualStack",
  "ipam_pools.ipv4_ipam_pool_id": { outOfScope: "It is for addresses that you bring to AWS with IPAM." },
  load_balancer_type: { fixed: "Always `application`." },
  "minimum_load_balancer_capacity.capacity_units": "LoadBalancerSettings.minimumCapacityUnit",
  name: "ApplicationLoadBalancerProps.name",
  name_prefix: { outOfScope: "The load balancer has a name." },
  preserve_host_header: "LoadBalancerSettings.preserveHostHeader",
  region: REGION,
  secondary_ips_auto_assigned_per_subnet: NETWORK,
  security_groups: "ApplicationLoadBalancerProps.portRules",
  "subnet_mapping[].allocation_id": NETWORK,
  "subnet_mapping[].ipv6_address": NETWORK,
  "subnet_mapping[].private_ipv4_address": NETWORK,
  "subnet_mapping[].subnet_id": NETWORK,
  subnets: "ApplicationLoadBalancerProps.vpc",
  tags: TAGS,
  "timeouts[].create": TIMEOUTS,
  "timeouts[].delete": TIMEOUTS,
  "timeouts[].update": TIMEOUTS,
  xff_header_processing_mode: "LoadBalancerSettings.xffHeaderProcessingMode",
};
