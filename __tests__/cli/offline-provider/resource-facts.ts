import type { BlockFacts, NestedFacts } from "./schema-facts";

const launchTemplateSpecification: NestedFacts = [
  "list 1..1",
  {
    attributes: {},
    blocks: {
      launch_template_specification: [
        "list 1..1",
        { attributes: { launch_template_id: "OC string", launch_template_name: "OC string", version: "OC string" } },
      ],
      override: ["list 0..n", { attributes: { instance_type: "O string", weighted_capacity: "O string" } }],
    },
  },
];

export const RESOURCE_FACTS: { readonly [type: string]: BlockFacts } = {
  aws_launch_template: {
    attributes: {
      arn: "C string",
      default_version: "OC number",
      ebs_optimized: "O string",
      image_id: "O string",
      instance_type: "O string",
      key_name: "O string",
      latest_version: "C number",
      name: "OC string",
      name_prefix: "OC string",
      tags: "O map(string)",
      tags_all: "OC map(string)",
      update_default_version: "O bool",
      user_data: "O string",
      vpc_security_group_ids: "O set(string)",
    },
    blocks: {
      block_device_mappings: [
        "list 0..n",
        {
          attributes: { device_name: "O string", no_device: "O string" },
          blocks: {
            ebs: [
              "list 0..1",
              {
                attributes: {
                  volume_size: "OC number",
                  volume_type: "OC string",
                  encrypted: "O string",
                  kms_key_id: "O string",
                },
              },
            ],
          },
        },
      ],
      iam_instance_profile: ["list 0..1", { attributes: { arn: "O string", name: "O string" } }],
      metadata_options: [
        "list 0..1",
        {
          attributes: {
            http_tokens: "OC string",
            http_endpoint: "OC string",
            http_put_response_hop_limit: "OC number",
          },
        },
      ],
      monitoring: ["list 0..1", { attributes: { enabled: "O bool" } }],
      network_interfaces: [
        "list 0..n",
        {
          attributes: {
            associate_public_ip_address: "O string",
            security_groups: "O set(string)",
            device_index: "O number",
          },
        },
      ],
      tag_specifications: ["list 0..n", { attributes: { resource_type: "O string", tags: "O map(string)" } }],
    },
  },
  aws_autoscaling_group: {
    attributes: {
      availability_zones: "OC set(string)",
      capacity_rebalance: "O bool",
      desired_capacity: "OC number",
      enabled_metrics: "O set(string)",
      force_delete: "O bool",
      max_instance_lifetime: "O number",
      max_size: "R number",
      min_size: "R number",
      name: "OC string",
      protect_from_scale_in: "O bool",
      suspended_processes: "O set(string)",
      target_group_arns: "OC set(string)",
      termination_policies: "O list(string)",
      vpc_zone_identifier: "OC set(string)",
      wait_for_capacity_timeout: "O string",
    },
    blocks: {
      instance_maintenance_policy: [
        "list 0..1",
        { attributes: { min_healthy_percentage: "R number", max_healthy_percentage: "R number" } },
      ],
      instance_refresh: [
        "list 0..1",
        {
          attributes: { strategy: "R string", triggers: "O set(string)" },
          blocks: { preferences: ["list 0..1", { attributes: { scale_in_protected_instances: "O string" } }] },
        },
      ],
      launch_template: ["list 0..1", { attributes: { id: "OC string", name: "OC string", version: "OC string" } }],
      mixed_instances_policy: [
        "list 0..1",
        {
          attributes: {},
          blocks: {
            instances_distribution: [
              "list 0..1",
              { attributes: { on_demand_base_capacity: "OC number", spot_allocation_strategy: "OC string" } },
            ],
            launch_template: launchTemplateSpecification,
          },
        },
      ],
      tag: ["set 0..n", { attributes: { key: "R string", value: "R string", propagate_at_launch: "R bool" } }],
      timeouts: ["single", { attributes: { delete: "O string", update: "O string" } }],
      warm_pool: ["list 0..1", { attributes: { min_size: "O number", pool_state: "O string" } }],
    },
  },
  aws_ecs_service: {
    attributes: {
      cluster: "OC string",
      deployment_maximum_percent: "O number",
      desired_count: "O number",
      enable_execute_command: "O bool",
      force_new_deployment: "O bool",
      health_check_grace_period_seconds: "O number",
      launch_type: "OC string",
      name: "R string",
      task_definition: "O string",
      triggers: "OC map(string)",
      wait_for_steady_state: "O bool",
    },
    blocks: {
      alarms: ["list 0..1", { attributes: { alarm_names: "R set(string)", enable: "R bool", rollback: "R bool" } }],
      capacity_provider_strategy: [
        "set 0..n",
        { attributes: { capacity_provider: "R string", base: "O number", weight: "O number" } },
      ],
      deployment_circuit_breaker: ["list 0..1", { attributes: { enable: "R bool", rollback: "R bool" } }],
      deployment_controller: ["list 0..1", { attributes: { type: "O string" } }],
      load_balancer: [
        "set 0..n",
        { attributes: { container_name: "R string", container_port: "R number", target_group_arn: "O string" } },
      ],
      network_configuration: [
        "list 0..1",
        { attributes: { subnets: "R set(string)", security_groups: "O set(string)", assign_public_ip: "O bool" } },
      ],
      ordered_placement_strategy: ["list 0..n", { attributes: { type: "R string", field: "O string" } }],
      placement_constraints: ["set 0..n", { attributes: { type: "R string", expression: "O string" } }],
      service_connect_configuration: [
        "list 0..1",
        {
          attributes: { enabled: "R bool", namespace: "OC string" },
          blocks: {
            service: [
              "list 0..n",
              {
                attributes: { port_name: "R string", discovery_name: "OC string" },
                blocks: { client_alias: ["list 0..1", { attributes: { port: "R number", dns_name: "OC string" } }] },
              },
            ],
          },
        },
      ],
      timeouts: ["single", { attributes: { create: "O string", update: "O string", delete: "O string" } }],
    },
  },
  aws_ecs_task_definition: {
    attributes: {
      arn: "C string",
      container_definitions: "R string",
      cpu: "O string",
      execution_role_arn: "O string",
      family: "R string",
      memory: "O string",
      network_mode: "OC string",
      requires_compatibilities: "O set(string)",
      revision: "C number",
      skip_destroy: "O bool",
      task_role_arn: "O string",
    },
    blocks: {
      ephemeral_storage: ["list 0..1", { attributes: { size_in_gib: "R number" } }],
      placement_constraints: ["set 0..n", { attributes: { type: "R string", expression: "O string" } }],
      runtime_platform: ["list 0..1", { attributes: { cpu_architecture: "O string" } }],
      volume: ["set 0..n", { attributes: { name: "R string", host_path: "O string" } }],
    },
  },
  aws_vpc_security_group_ingress_rule: {
    attributes: {
      arn: "C string",
      cidr_ipv4: "O string",
      cidr_ipv6: "O string",
      description: "O string",
      from_port: "O number",
      id: "C string",
      ip_protocol: "R string",
      prefix_list_id: "O string",
      referenced_security_group_id: "O string",
      security_group_id: "R string",
      security_group_rule_id: "C string",
      tags: "O map(string)",
      tags_all: "C map(string)",
      to_port: "O number",
    },
  },
  aws_vpc_security_group_egress_rule: {
    attributes: { cidr_ipv4: "O string", ip_protocol: "R string", security_group_id: "R string", to_port: "O number" },
  },
  aws_security_group: {
    attributes: {
      description: "O string",
      egress:
        "OC set(object(cidr_blocks list(string), description string, from_port number, ipv6_cidr_blocks list(string), " +
        "prefix_list_ids list(string), protocol string, security_groups set(string), self bool, to_port number))",
      name: "OC string",
      revoke_rules_on_delete: "O bool",
      vpc_id: "OC string",
    },
  },
  aws_lb_listener: {
    attributes: {
      arn: "C string",
      certificate_arn: "O string",
      load_balancer_arn: "R string",
      port: "O number",
      protocol: "OC string",
      ssl_policy: "OC string",
    },
    blocks: {
      default_action: [
        "list 1..n",
        {
          attributes: { type: "R string", order: "OC number", target_group_arn: "O string" },
          blocks: {
            fixed_response: [
              "list 0..1",
              { attributes: { content_type: "R string", message_body: "O string", status_code: "OC string" } },
            ],
            forward: [
              "list 0..1",
              {
                attributes: {},
                blocks: { target_group: ["set 1..n", { attributes: { arn: "R string", weight: "O number" } }] },
              },
            ],
            redirect: [
              "list 0..1",
              { attributes: { status_code: "R string", port: "O string", protocol: "O string" } },
            ],
          },
        },
      ],
    },
  },
};
