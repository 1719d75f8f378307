import { ofType, type Stack } from "../stack";
import { type Json, type JsonObject, objects } from "../terraform-json/configuration";
import { displayName } from "../terraform-json/display-name";
import { SAMPLE_IDS } from "../terraform-json/variables";

const ACCOUNT = "123456789012";

/**
 * Returns the attributes of data sources that the mocked provider needs: those that conditions use and those that the
 * provider validates, such as ARNs. Terraform generates all others.
 */
export function mockData(stack: Stack): [type: string, defaults: JsonObject][] {
  const region = regionOf(stack);
  const zones = zonesOf(stack);
  const cluster = String(defaultOf(stack, "cluster_name") ?? "mocked");
  // A service with accelerators only fits on types that have some.
  const text = JSON.stringify(ofType(stack, "aws_ecs_service"));
  const templates = JSON.stringify(ofType(stack, "aws_launch_template"));
  const devices = (name: string, device: JsonObject) =>
    text.includes(`${name}.count`) ? [{ ...device, count: 16 }] : [];
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
  const answers: { readonly [type: string]: JsonObject } = {
    aws_partition: { partition: "aws", dns_suffix: "amazonaws.com", reverse_dns_prefix: "com.amazonaws" },
    aws_caller_identity: { account_id: ACCOUNT },
    aws_region: { region },
    aws_availability_zones: { names: zones },
    aws_vpcs: { ids: [SAMPLE_IDS.vpc] },
    aws_vpc: {
      id: SAMPLE_IDS.vpc,
      enable_dns_support: true,
      enable_dns_hostnames: true,
      cidr_block_associations: [{ cidr_block: "10.0.0.0/16", state: "associated" }],
    },
    aws_route_tables: { ids: ["rtb-00000000000000001"] },
    aws_vpc_endpoint_service: { service_name: `com.amazonaws.${region}.mocked`, availability_zones: zones },
    aws_subnets: { ids: SAMPLE_IDS.subnets },
    aws_subnet: { availability_zone: zones[0] as string, map_public_ip_on_launch: true, vpc_id: SAMPLE_IDS.vpc },
    aws_security_groups: { ids: [SAMPLE_IDS.securityGroup], vpc_ids: [SAMPLE_IDS.vpc] },
    aws_ec2_instance_type_offerings: { instance_types: instanceTypes(stack), locations: zones },
    aws_ec2_instance_type: {
      supported_architectures: ["x86_64"],
      supported_placement_strategies: ["cluster", "partition", "spread"],
      gpus: devices("gpu", { manufacturer: "NVIDIA" }),
      ...(devices("device", {}).length > 0 ? { neuron_devices: devices("device", {}) } : {}),
      memory_size: 16384,
      default_vcpus: 4,
      ...(templates.includes("ipv6_supported")
        ? { ipv6_supported: true, maximum_ipv6_addresses_per_interface: 4 }
        : {}),
      ...(text.includes("maximum_network_interfaces") ? { maximum_network_interfaces: 15 } : {}),
    },
    aws_ami: {
      id: "ami-00000000000000001",
      architecture: "x86_64",
      root_device_name: "/dev/xvda",
      block_device_mappings: [],
    },
    aws_ssm_parameter: { insecure_value: "ami-00000000000000001", value: "ami-00000000000000001" },
    aws_secretsmanager_secret_version: { secret_string: JSON.stringify(Object.fromEntries(jsonKeys(stack))) },
    aws_iam_roles: { names: ["AWSServiceRoleForAutoScaling"] },
    aws_ecs_cluster: { arn: arn("ecs", `cluster/${cluster}`), registered_container_instances_count: 1 },
    aws_ecs_clusters: { cluster_arns: [arn("ecs", `cluster/${cluster}`)] },
    aws_autoscaling_groups: { names: ["mocked"] },
    aws_autoscaling_group: {
      max_size: 2,
      min_size: 1,
      ...(text.includes("vpc_zone_identifier") ? { vpc_zone_identifier: SAMPLE_IDS.subnets.join() } : {}),
    },
    aws_resourcegroupstaggingapi_resources: {
      resource_tag_mapping_list: [
        {
          resource_arn: arn("elasticloadbalancing", "listener/app/mocked/1/2"),
          tags: { AllowHttpsOutbound: "true" },
        },
      ],
    },
    aws_lb: {
      ...{ arn: arn("elasticloadbalancing", "loadbalancer/app/mocked/1"), vpc_id: SAMPLE_IDS.vpc },
      ...(text.includes("security_groups)[0]") ? { security_groups: [SAMPLE_IDS.securityGroup] } : {}),
    },
    aws_lb_listener: {
      load_balancer_arn: arn("elasticloadbalancing", "loadbalancer/app/mocked/1"),
      protocol: "HTTPS",
    },
  };
  const used = new Set(stack.portable.elements.filter(({ mode }) => mode === "data").map(({ type }) => type));
  return [...used].flatMap((type) => (answers[type] ? [[type, answers[type]] as [string, JsonObject]] : []));
}

/** Returns the keys that the stack reads from secrets in JSON, with a value. */
const jsonKeys = (stack: Stack): [string, string][] =>
  [
    ...JSON.stringify(ofType(stack, "aws_lb_listener_rule")).matchAll(/secret_string\)\[\\"((?:[^"\\]|\\\\.)*)\\"\]/g),
  ].map(([, key = ""]) => [key, "mocked"]);

type Override = { readonly target: string; readonly values: JsonObject };

/**
 * Returns overrides for subnets, because `mock_data` has one answer for all of a type: the second subnet's Availability
 * Zone, and subnets that a variable names.
 */
export function subnetOverrides(stack: Stack): Override[] {
  const [, second = ""] = zonesOf(stack);
  const lookups = ofType(stack, "aws_subnets", "data").flatMap(({ address, body }): Override[] => {
    const subnets = givenSubnets(stack, body.lifecycle);
    return subnets ? [{ target: address, values: { ids: subnets } }] : [];
  });
  const each = ofType(stack, "aws_subnet", "data").filter(({ body }) => body.for_each !== undefined);
  const secondZone = each.map((element): Override => {
    const { address, body } = element;
    const lookup = stack.references.of(element).find(({ type }) => type === "aws_subnets");
    const given = givenSubnets(stack, lookup?.body.lifecycle) ?? givenSubnets(stack, body.for_each);
    const [, other = ""] = given ?? SAMPLE_IDS.subnets;
    const values = { availability_zone: second, map_public_ip_on_launch: true, vpc_id: SAMPLE_IDS.vpc };
    return { target: `${address}["${other}"]`, values };
  });
  return [...lookups, ...secondZone];
}

/** Returns the subnets in the sample value of a variable that an expression refers to. */
function givenSubnets(stack: Stack, expression: Json = null): string[] | undefined {
  const names = stack.references.variablesIn(expression);
  const variable = stack.variables.find(
    ({ name, isRequired, sample }) => names.includes(name) && isRequired && Array.isArray(sample),
  );
  return variable?.sample as string[] | undefined;
}

const defaultOf = ({ variables }: Stack, name: string): Json =>
  variables.find((variable) => variable.name === name)?.default ?? null;

function regionOf({ configuration }: Stack): string {
  const [provider] = configuration.providers;
  return displayName(provider?.body.region, configuration.variables) ?? "eu-west-1";
}

const zonesOf = (stack: Stack): string[] => ["a", "c"].map((letter) => `${regionOf(stack)}${letter}`);

/** Returns the instance types that the stack filters by. The mocked region offers all of them. */
function instanceTypes(stack: Stack): Json {
  const filtered = ofType(stack, "aws_ec2_instance_type_offerings", "data").flatMap(({ body }) =>
    objects(body.filter).flatMap(({ values }): Json[] => {
      const variables = stack.references.variablesIn(values ?? null);
      if (variables.length > 0) return variables.flatMap((name) => defaultOf(stack, name));
      return Array.isArray(values) ? [...values] : [];
    }),
  );
  const types = [...new Set(filtered)].filter((type) => typeof type === "string");
  return types.length > 0 ? types : ["t3.small"];
}
