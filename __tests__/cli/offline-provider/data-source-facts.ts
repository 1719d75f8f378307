import type { BlockFacts, NestedFacts } from "./schema-facts";

const filter: NestedFacts = ["set 0..n", { attributes: { name: "R string", values: "R set(string)" } }];
/** In a filter of Auto Scaling the values are a list. In a filter of EC2 they are a set. */
const listFilter: NestedFacts = ["set 0..n", { attributes: { name: "R string", values: "R list(string)" } }];
const accelerator = "count number, manufacturer string, memory_size number, name string";

export const DATA_SOURCE_FACTS: { readonly [type: string]: BlockFacts } = {
  aws_availability_zones: {
    attributes: {
      names: "C list(string)",
      zone_ids: "C list(string)",
      state: "O string",
      exclude_names: "O set(string)",
    },
    blocks: { filter },
  },
  aws_autoscaling_groups: {
    attributes: { names: "OC list(string)", arns: "C list(string)" },
    blocks: { filter: listFilter },
  },
  aws_caller_identity: { attributes: { account_id: "C string", arn: "C string", user_id: "C string" } },
  aws_ec2_instance_type: {
    attributes: {
      instance_type: "R string",
      supported_architectures: "C list(string)",
      default_vcpus: "C number",
      memory_size: "C number",
      maximum_network_interfaces: "C number",
      gpus: `C set(object(${accelerator}))`,
      inference_accelerators: `C set(object(${accelerator}))`,
      bare_metal: "C bool",
    },
  },
  aws_ec2_instance_type_offerings: {
    attributes: {
      location_type: "O string",
      instance_types: "C list(string)",
      locations: "C list(string)",
      location_types: "C list(string)",
    },
    blocks: { filter },
  },
  aws_ecs_cluster: {
    attributes: {
      cluster_name: "R string",
      arn: "C string",
      registered_container_instances_count: "C number",
      setting: "C set(object(name string, value string))",
      service_connect_defaults: "C list(object(namespace string))",
    },
  },
  aws_ecs_clusters: { attributes: { cluster_arns: "C list(string)" } },
  aws_iam_policy_document: {
    attributes: { json: "C string", minified_json: "C string", source_policy_documents: "O list(string)" },
    blocks: {
      statement: [
        "list 0..n",
        {
          attributes: { actions: "O set(string)", effect: "O string", resources: "O set(string)", sid: "O string" },
          blocks: {
            condition: [
              "set 0..n",
              { attributes: { test: "R string", variable: "R string", values: "R list(string)" } },
            ],
            principals: ["set 0..n", { attributes: { type: "R string", identifiers: "R set(string)" } }],
          },
        },
      ],
    },
  },
  aws_instances: {
    attributes: { ids: "C list(string)", private_ips: "C list(string)", instance_tags: "OC map(string)" },
    blocks: { filter },
  },
  aws_lb: {
    attributes: { name: "OC string", arn: "OC string", security_groups: "C set(string)", dns_name: "C string" },
  },
  aws_lb_listener: { attributes: { load_balancer_arn: "OC string", port: "OC number", arn: "OC string" } },
  aws_lb_target_group: { attributes: { name: "OC string", arn: "OC string", arn_suffix: "C string" } },
  aws_lbs: { attributes: { arns: "C set(string)", tags: "O map(string)" } },
  aws_partition: { attributes: { partition: "C string", dns_suffix: "C string" } },
  aws_region: { attributes: { name: "OC string", region: "OC string", endpoint: "OC string" } },
  aws_resourcegroupstaggingapi_resources: {
    attributes: {
      resource_arn_list: "O set(string)",
      resource_type_filters: "O set(string)",
      resource_tag_mapping_list:
        "C list(object(compliance_details list(object(compliance_status bool, keys_with_noncompliant_values set(string), " +
        "non_compliant_keys set(string))), resource_arn string, tags map(string)))",
    },
    blocks: { tag_filter: ["list 0..n", { attributes: { key: "R string", values: "O set(string)" } }] },
  },
  aws_security_groups: { attributes: { ids: "C list(string)", vpc_ids: "C list(string)" }, blocks: { filter } },
  aws_ssm_parameter: {
    attributes: {
      name: "R string",
      value: "C string sensitive",
      insecure_value: "C string",
      with_decryption: "O bool",
      version: "C number",
    },
  },
  aws_subnet: {
    attributes: {
      id: "OC string",
      vpc_id: "OC string",
      availability_zone: "OC string",
      map_public_ip_on_launch: "C bool",
    },
    blocks: { filter },
  },
  aws_subnets: { attributes: { ids: "C list(string)", tags: "OC map(string)" }, blocks: { filter } },
  aws_vpc: { attributes: { id: "OC string", default: "OC bool", cidr_block: "OC string" }, blocks: { filter } },
  aws_vpcs: { attributes: { ids: "C list(string)", tags: "OC map(string)" }, blocks: { filter } },
};
