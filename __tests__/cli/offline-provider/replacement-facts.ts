/**
 * All arguments whose change replaces a resource, by type. They come from the AWS provider's source, and not from the table
 * of the offline provider. Every type that this project creates is here.
 */
export const REPLACEMENT_FACTS: { readonly [type: string]: string } = {
  aws_acm_certificate:
    "certificate_authority_arn domain_name key_algorithm subject_alternative_names validation_method validation_option",
  aws_acm_certificate_validation: "certificate_arn validation_record_fqdns",
  aws_appautoscaling_policy: "name resource_id scalable_dimension service_namespace",
  aws_appautoscaling_scheduled_action: "name resource_id scalable_dimension service_namespace",
  aws_appautoscaling_target: "resource_id scalable_dimension service_namespace",
  aws_autoscaling_group: "name name_prefix initial_lifecycle_hook",
  aws_autoscaling_lifecycle_hook: "name",
  aws_autoscaling_schedule: "autoscaling_group_name scheduled_action_name",
  aws_cloudwatch_dashboard: "dashboard_name",
  aws_cloudwatch_event_rule: "event_bus_name name name_prefix",
  aws_cloudwatch_event_target: "event_bus_name rule target_id",
  aws_cloudwatch_log_group: "log_group_class name name_prefix",
  aws_cloudwatch_log_resource_policy: "policy_name",
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_ecr_lifecycle_policy: "policy repository",
  aws_ecr_repository: "encryption_configuration name",
  aws_ecs_account_setting_default: "name",
  aws_ecs_capacity_provider: "auto_scaling_group_provider cluster managed_instances_provider name",
  aws_ecs_cluster: "name",
  aws_ecs_cluster_capacity_providers: "cluster_name",
  aws_ecs_service:
    "capacity_provider_strategy cluster deployment_controller iam_role launch_type name scheduling_strategy",
  aws_ecs_task_definition:
    "container_definitions cpu enable_fault_injection ephemeral_storage execution_role_arn family inference_accelerator " +
    "ipc_mode memory network_mode pid_mode placement_constraints proxy_configuration requires_compatibilities " +
    "runtime_platform task_role_arn volume",
  aws_efs_backup_policy: "file_system_id",
  aws_efs_file_system: "availability_zone_name creation_token encrypted kms_key_id performance_mode",
  aws_efs_file_system_policy: "file_system_id",
  aws_efs_mount_target: "file_system_id ip_address ip_address_type ipv6_address subnet_id",
  aws_eip: "address customer_owned_ipv4_pool domain ipam_pool_id network_border_group public_ipv4_pool",
  aws_iam_instance_profile: "name name_prefix path",
  aws_iam_role: "name name_prefix path",
  aws_iam_role_policy: "name name_prefix role",
  aws_iam_role_policy_attachment: "policy_arn role",
  aws_iam_service_linked_role: "aws_service_name custom_suffix",
  aws_key_pair: "key_name key_name_prefix public_key",
  aws_kms_alias: "name name_prefix",
  aws_kms_key: "custom_key_store_id customer_master_key_spec key_usage multi_region xks_key_id",
  aws_launch_template: "name name_prefix",
  // Its subnet mappings can be added in place.
  aws_lb: "customer_owned_ipv4_pool internal load_balancer_type name name_prefix",
  aws_lb_listener: "load_balancer_arn",
  aws_lb_listener_certificate: "certificate_arn listener_arn",
  aws_lb_listener_rule: "listener_arn",
  aws_lb_target_group: "ip_address_type name name_prefix port protocol protocol_version target_type vpc_id",
  aws_placement_group: "name partition_count spread_level strategy",
  aws_route53_record: "name zone_id",
  aws_scheduler_schedule: "group_name name name_prefix",
  aws_scheduler_schedule_group: "name name_prefix",
  aws_security_group: "description name name_prefix vpc_id",
  aws_service_discovery_http_namespace: "description name",
  aws_service_discovery_private_dns_namespace: "name vpc",
  aws_service_discovery_service: "dns_config health_check_config health_check_custom_config name namespace_id type",
  // A rule without a source does not exist in AWS. Adding the first source replaces it.
  aws_sqs_queue: "fifo_queue name name_prefix",
  aws_ssm_parameter: "data_type name",
  // The private names of an interface endpoint change in place.
  aws_vpc_endpoint:
    "private_dns_enabled resource_configuration_arn service_name service_network_arn service_region vpc_endpoint_type vpc_id",
  aws_vpc_security_group_egress_rule:
    "cidr_ipv4 cidr_ipv6 prefix_list_id referenced_security_group_id security_group_id",
  aws_vpc_security_group_ingress_rule:
    "cidr_ipv4 cidr_ipv6 prefix_list_id referenced_security_group_id security_group_id",
  aws_wafv2_web_acl: "name name_prefix scope",
  aws_wafv2_web_acl_association: "resource_arn web_acl_arn",
  aws_wafv2_web_acl_logging_configuration: "log_destination_configs resource_arn",
};
