import type { Mapping } from "../cover";

const REGION = { fixed: "Always the region of the provider." };
const TAGS = { fixed: "Always the name and the purpose, with the tags of the stack." };

/** The arguments of `aws_lb_target_group`. */
export const AWS_LB_TARGET_GROUP: Mapping = {
  connection_termination: "NetworkListenerSettings.connectionTermination",
  deregistration_delay: [
    "TargetGroupSettings.deregistrationDelaySeconds",
    "NetworkListenerSettings.deregistrationDelaySeconds",
  ],
  "health_check.enabled": { fixed: "Always true." },
  "health_check.healthy_threshold": ["HealthCheck.healthyThresholdCount", "NetworkHealthCheck.healthyThresholdCount"],
  "health_check.interval": ["HealthCheck.intervalSeconds", "NetworkHealthCheck.intervalSeconds"],
  "health_check.matcher": [
    "HealthCheck.healthyHttpCodes",
    "HealthCheck.healthyGrpcCodes",
    "NetworkHealthCheck.healthyHttpCodes",
  ],
  "health_check.path": ["HealthCheck.path", "NetworkHealthCheck.path"],
  "health_check.port": ["HealthCheck.port", "NetworkHealthCheck.port"],
  "health_check.protocol": [
    "HealthCheck.protocol",
    "TargetGroupSettings.targetProtocol",
    "NetworkHealthCheck.protocol",
  ],
  "health_check.timeout": ["HealthCheck.timeoutSeconds", "NetworkHealthCheck.timeoutSeconds"],
  "health_check.unhealthy_threshold": [
    "HealthCheck.unhealthyThresholdCount",
    "NetworkHealthCheck.unhealthyThresholdCount",
  ],
  ip_address_type: { fixed: "Always `ipv4`: containers have IPv4 addresses." },
  lambda_multi_value_headers_enabled: { outOfScope: "It is for Lambda functions." },
  load_balancing_algorithm_type: "TargetGroupSettings.loadBalancingAlgorithmType",
  load_balancing_anomaly_mitigation: "TargetGroupSettings.enableAnomalyMitigation",
  load_balancing_cross_zone_enabled: [
    "TargetGroupSettings.crossZoneEnabled",
    "NetworkListenerSettings.crossZoneEnabled",
  ],
  name: {
    outOfScope: "AWS has a generated name, because a replacement exists before the old target group is deleted.",
  },
  name_prefix: { fixed: "Always the start of the service's name." },
  port: { fixed: "Always 80 or 443. ECS registers each task with its own port." },
  preserve_client_ip: "NetworkListenerSettings.preserveClientIp",
  protocol: [
    "TargetGroupSettings.targetProtocol",
    "NetworkListenerSettings.protocol",
    "NetworkListenerSettings.targetProtocol",
  ],
  protocol_version: "TargetGroupSettings.protocolVersion",
  proxy_protocol_v2: "NetworkListenerSettings.proxyProtocolV2",
  region: REGION,
  slow_start: "TargetGroupSettings.slowStartSeconds",
  "stickiness.cookie_duration": "TargetGroupSettings.stickinessSeconds",
  "stickiness.cookie_name": "TargetGroupSettings.stickinessCookieName",
  "stickiness.enabled": ["TargetGroupSettings.stickinessSeconds", "NetworkListenerSettings.stickiness"],
  "stickiness.type": "TargetGroupSettings.stickinessCookieName",
  tags: TAGS,
  target_control_port: {
    outOfScope: "It is for the target optimizer of AWS, which needs an agent of AWS as another container of each task.",
  },
  "target_failover[].on_deregistration": { outOfScope: "It is for Gateway Load Balancers." },
  "target_failover[].on_unhealthy": { outOfScope: "It is for Gateway Load Balancers." },
  "target_group_health.dns_failover.minimum_healthy_targets_count": "TargetGroupHealth.dnsMinimumHealthyTargetCount",
  "target_group_health.dns_failover.minimum_healthy_targets_percentage":
    "TargetGroupHealth.dnsMinimumHealthyTargetPercentage",
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets_count":
    "TargetGroupHealth.routingMinimumHealthyTargetCount",
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets_percentage":
    "TargetGroupHealth.routingMinimumHealthyTargetPercentage",
  "target_health_state[].enable_unhealthy_connection_termination":
    "NetworkListenerSettings.unhealthyConnectionTermination",
  "target_health_state[].unhealthy_draining_interval": "NetworkListenerSettings.unhealthyDrainingIntervalSeconds",
  target_type: { fixed: "`ip` in awsvpc mode, otherwise `instance`." },
  vpc_id: { fixed: "Always the VPC of the cluster." },
};
