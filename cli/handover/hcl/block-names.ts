import { HandoverError } from "../terraform-json/configuration";

/** The nested blocks of a block, by name. All other keys are arguments. */
export interface BlockNames {
  readonly [name: string]: BlockNames;
}

/**
 * The nested blocks of each type in version 6 of the provider, with their own blocks in parentheses. HCL writes a block as
 * `name {` and an argument as `name = {`, but Terraform JSON has no difference. A test compares the table with the schema
 * of the installed bindings.
 */
export const BLOCKS: { readonly [type: string]: string } = {
  "data aws_ami": "filter timeouts",
  "data aws_autoscaling_group": "",
  "data aws_autoscaling_groups": "filter",
  "data aws_availability_zones": "filter timeouts",
  "data aws_caller_identity": "",
  "data aws_ec2_instance_type": "timeouts",
  "data aws_ec2_instance_type_offerings": "filter timeouts",
  "data aws_ec2_instance_types": "filter timeouts",
  "data aws_ecr_repository": "",
  "data aws_ecs_cluster": "",
  "data aws_ecs_clusters": "",
  "data aws_ecs_service": "",
  "data aws_ecs_task_definition": "",
  "data aws_iam_policy_document": "statement(condition not_principals principals)",
  "data aws_iam_role": "",
  "data aws_iam_roles": "",
  "data aws_instances": "filter timeouts",
  "data aws_key_pair": "filter timeouts",
  "data aws_launch_template": "filter timeouts",
  "data aws_lb": "timeouts",
  "data aws_lb_listener": "timeouts",
  "data aws_lbs": "",
  "data aws_partition": "",
  "data aws_region": "",
  "data aws_resourcegroupstaggingapi_resources": "tag_filter",
  "data aws_route53_zone": "",
  "data aws_route_tables": "filter timeouts",
  "data aws_secretsmanager_secret": "",
  "data aws_secretsmanager_secret_version": "",
  "data aws_secretsmanager_secret_versions": "",
  "data aws_security_group": "filter timeouts",
  "data aws_security_groups": "filter timeouts",
  "data aws_sns_topic": "",
  "data aws_ssm_parameter": "",
  "data aws_subnet": "filter timeouts",
  "data aws_subnets": "filter timeouts",
  "data aws_vpc": "filter timeouts",
  "data aws_vpc_endpoint_service": "filter timeouts",
  "data aws_vpcs": "filter timeouts",
  "provider aws": "assume_role assume_role_with_web_identity default_tags endpoints ignore_tags",
  "resource aws_acm_certificate": "options validation_option",
  "resource aws_acm_certificate_validation": "timeouts",
  "resource aws_appautoscaling_policy":
    "predictive_scaling_policy_configuration(metric_specification(customized_capacity_metric_specification(metric_data_query(metric_stat(metric(dimension)))) " +
    "customized_load_metric_specification(metric_data_query(metric_stat(metric(dimension)))) " +
    "customized_scaling_metric_specification(metric_data_query(metric_stat(metric(dimension)))) " +
    "predefined_load_metric_specification predefined_metric_pair_specification " +
    "predefined_scaling_metric_specification)) step_scaling_policy_configuration(step_adjustment) " +
    "target_tracking_scaling_policy_configuration(customized_metric_specification(dimensions " +
    "metrics(metric_stat(metric(dimensions)))) predefined_metric_specification)",
  "resource aws_appautoscaling_scheduled_action": "scalable_target_action",
  "resource aws_appautoscaling_target": "suspended_state",
  "resource aws_autoscaling_group":
    "availability_zone_distribution capacity_reservation_specification(capacity_reservation_target) " +
    "initial_lifecycle_hook instance_maintenance_policy instance_refresh(preferences(alarm_specification)) " +
    "launch_template mixed_instances_policy(instances_distribution " +
    "launch_template(launch_template_specification override(instance_requirements(accelerator_count " +
    "accelerator_total_memory_mib baseline_ebs_bandwidth_mbps memory_gib_per_vcpu memory_mib " +
    "network_bandwidth_gbps network_interface_count total_local_storage_gb vcpu_count) " +
    "launch_template_specification))) tag timeouts traffic_source warm_pool(instance_reuse_policy)",
  "resource aws_autoscaling_lifecycle_hook": "",
  "resource aws_autoscaling_notification": "",
  "resource aws_autoscaling_policy":
    "predictive_scaling_configuration(metric_specification(customized_capacity_metric_specification(metric_data_queries(metric_stat(metric(dimensions)))) " +
    "customized_load_metric_specification(metric_data_queries(metric_stat(metric(dimensions)))) " +
    "customized_scaling_metric_specification(metric_data_queries(metric_stat(metric(dimensions)))) " +
    "predefined_load_metric_specification predefined_metric_pair_specification " +
    "predefined_scaling_metric_specification)) step_adjustment " +
    "target_tracking_configuration(customized_metric_specification(metric_dimension " +
    "metrics(metric_stat(metric(dimensions)))) predefined_metric_specification)",
  "resource aws_autoscaling_schedule": "",
  "resource aws_cloudwatch_dashboard": "",
  "resource aws_cloudwatch_log_resource_policy": "",
  "resource aws_cloudwatch_event_rule": "",
  "resource aws_cloudwatch_event_target":
    "appsync_target batch_target dead_letter_config ecs_target(capacity_provider_strategy " +
    "network_configuration ordered_placement_strategy placement_constraint) http_target input_transformer " +
    "kinesis_target redshift_target retry_policy run_command_targets " +
    "sagemaker_pipeline_target(pipeline_parameter_list) sqs_target",
  "resource aws_cloudwatch_log_group": "",
  "resource aws_cloudwatch_metric_alarm": "metric_query(metric)",
  "resource aws_ecr_lifecycle_policy": "",
  "resource aws_ecr_repository":
    "encryption_configuration image_scanning_configuration image_tag_mutability_exclusion_filter timeouts",
  "resource aws_ecr_repository_policy": "",
  "resource aws_ecs_account_setting_default": "",
  "resource aws_ecs_capacity_provider":
    "auto_scaling_group_provider(managed_scaling) managed_instances_provider(infrastructure_optimization " +
    "instance_launch_template(instance_requirements(accelerator_count accelerator_total_memory_mib " +
    "baseline_ebs_bandwidth_mbps memory_gib_per_vcpu memory_mib network_bandwidth_gbps network_interface_count " +
    "total_local_storage_gb vcpu_count) network_configuration storage_configuration))",
  "resource aws_ecs_cluster":
    "configuration(execute_command_configuration(log_configuration) managed_storage_configuration) " +
    "service_connect_defaults setting",
  "resource aws_ecs_cluster_capacity_providers": "default_capacity_provider_strategy",
  "resource aws_ecs_service":
    "alarms capacity_provider_strategy deployment_circuit_breaker " +
    "deployment_configuration(canary_configuration lifecycle_hook linear_configuration) deployment_controller " +
    "load_balancer(advanced_configuration) network_configuration ordered_placement_strategy " +
    "placement_constraints service_connect_configuration(log_configuration(secret_option) " +
    "service(client_alias(test_traffic_rules(header(value))) timeout tls(issuer_cert_authority))) " +
    "service_registries timeouts volume_configuration(managed_ebs_volume(tag_specifications)) " +
    "vpc_lattice_configurations",
  "resource aws_ecs_task_definition":
    "ephemeral_storage placement_constraints proxy_configuration runtime_platform " +
    "volume(docker_volume_configuration efs_volume_configuration(authorization_config) " +
    "fsx_windows_file_server_volume_configuration(authorization_config))",
  "resource aws_efs_access_point": "posix_user root_directory(creation_info)",
  "resource aws_efs_backup_policy": "backup_policy",
  "resource aws_efs_file_system": "lifecycle_policy protection",
  "resource aws_efs_file_system_policy": "",
  "resource aws_efs_mount_target": "timeouts",
  "resource aws_eip": "timeouts",
  "resource aws_iam_instance_profile": "",
  "resource aws_iam_policy": "",
  "resource aws_iam_role": "inline_policy",
  "resource aws_iam_role_policy": "",
  "resource aws_iam_role_policy_attachment": "",
  "resource aws_iam_service_linked_role": "",
  "resource aws_key_pair": "",
  "resource aws_kms_alias": "",
  "resource aws_kms_key": "timeouts",
  "resource aws_launch_template":
    "block_device_mappings(ebs) capacity_reservation_specification(capacity_reservation_target) cpu_options " +
    "credit_specification enclave_options hibernation_options iam_instance_profile " +
    "instance_market_options(spot_options) instance_requirements(accelerator_count " +
    "accelerator_total_memory_mib baseline_ebs_bandwidth_mbps memory_gib_per_vcpu memory_mib " +
    "network_bandwidth_gbps network_interface_count total_local_storage_gb vcpu_count) license_specification " +
    "maintenance_options metadata_options monitoring network_interfaces(connection_tracking_specification " +
    "ena_srd_specification(ena_srd_udp_specification)) placement private_dns_name_options tag_specifications",
  "resource aws_lb":
    "access_logs connection_logs health_check_logs ipam_pools minimum_load_balancer_capacity subnet_mapping " +
    "timeouts",
  "resource aws_lb_listener":
    "default_action(authenticate_cognito authenticate_oidc fixed_response forward(stickiness target_group) " +
    "jwt_validation(additional_claim) redirect) mutual_authentication timeouts",
  "resource aws_lb_listener_certificate": "",
  "resource aws_lb_listener_rule":
    "action(authenticate_cognito authenticate_oidc fixed_response forward(stickiness target_group) " +
    "jwt_validation(additional_claim) redirect) condition(host_header http_header http_request_method " +
    "path_pattern query_string source_ip) transform(host_header_rewrite_config(rewrite) " +
    "url_rewrite_config(rewrite))",
  "resource aws_lb_target_group":
    "health_check stickiness target_failover target_group_health(dns_failover unhealthy_state_routing) " +
    "target_health_state",
  "resource aws_placement_group": "",
  "resource aws_route53_record":
    "alias cidr_routing_policy failover_routing_policy geolocation_routing_policy " +
    "geoproximity_routing_policy(coordinates) latency_routing_policy timeouts weighted_routing_policy",
  "resource aws_s3_bucket":
    "cors_rule grant lifecycle_rule(expiration noncurrent_version_expiration noncurrent_version_transition transition) logging " +
    "object_lock_configuration(rule(default_retention)) replication_configuration(rules(destination(access_control_translation " +
    "metrics replication_time) filter source_selection_criteria(sse_kms_encrypted_objects))) " +
    "server_side_encryption_configuration(rule(apply_server_side_encryption_by_default)) timeouts versioning website",
  "resource aws_s3_object": "override_provider(default_tags)",
  "resource aws_scheduler_schedule":
    "flexible_time_window target(dead_letter_config " +
    "ecs_parameters(capacity_provider_strategy network_configuration placement_constraints placement_strategy) " +
    "eventbridge_parameters kinesis_parameters retry_policy sagemaker_pipeline_parameters(pipeline_parameter) sqs_parameters)",
  "resource aws_scheduler_schedule_group": "timeouts",
  "resource aws_secretsmanager_secret": "replica",
  "resource aws_secretsmanager_secret_version": "",
  "resource aws_security_group": "timeouts",
  "resource aws_service_discovery_http_namespace": "",
  "resource aws_service_discovery_private_dns_namespace": "",
  "resource aws_service_discovery_service": "dns_config(dns_records) health_check_config health_check_custom_config",
  "resource aws_sns_topic": "",
  "resource aws_sqs_queue": "timeouts",
  "resource aws_ssm_parameter": "",
  "resource aws_vpc_endpoint": "dns_options subnet_configuration timeouts",
  "resource aws_vpc_security_group_egress_rule": "",
  "resource aws_vpc_security_group_ingress_rule": "",
  "resource aws_wafv2_web_acl":
    "association_config(request_body(api_gateway app_runner_service cloudfront cognito_user_pool " +
    "verified_access_instance)) captcha_config(immunity_time_property) " +
    "challenge_config(immunity_time_property) custom_response_body " +
    "data_protection_config(data_protection(field)) " +
    "default_action(allow(custom_request_handling(insert_header)) block(custom_response(response_header))) " +
    "rule(action(allow(custom_request_handling(insert_header)) block(custom_response(response_header)) " +
    "captcha(custom_request_handling(insert_header)) challenge(custom_request_handling(insert_header)) " +
    "count(custom_request_handling(insert_header))) captcha_config(immunity_time_property) " +
    "challenge_config(immunity_time_property) override_action(count none) rule_label " +
    "statement(geo_match_statement ip_set_reference_statement managed_rule_group_statement " +
    "rate_based_statement rule_group_reference_statement) visibility_config) visibility_config",
  "resource aws_wafv2_web_acl_association": "timeouts",
  "resource aws_wafv2_web_acl_logging_configuration":
    "logging_filter(filter(condition(action_condition label_name_condition))) redacted_fields(method " +
    "query_string single_header uri_path)",
  "resource terraform_data": "",
};

/** Returns the nested blocks of a type. @throws HandoverError for a type that is not in the table */
export function blockNames(mode: "data" | "provider" | "resource", type: string): BlockNames {
  const text = BLOCKS[`${mode} ${type}`];
  if (text !== undefined) return parsed(text);
  throw new HandoverError(
    `--hcl does not know the nested blocks of ${mode} "${type}". Add them to BLOCKS in cli/handover/hcl/block-names.ts, or ` +
      "omit --hcl to write Terraform JSON.",
  );
}

function parsed(text: string): BlockNames {
  const root: { [name: string]: BlockNames } = {};
  const open: { [name: string]: BlockNames }[] = [root];
  let last: { [name: string]: BlockNames } = root;
  for (const [token] of text.matchAll(/\w+|[()]/g)) {
    if (token === "(") open.push(last);
    else if (token === ")") open.pop();
    else {
      last = {};
      (open.at(-1) as { [name: string]: BlockNames })[token] = last;
    }
  }
  return root;
}
