import { ofType, type Stack } from "../stack";
import { type Json, type JsonObject, objects } from "../terraform-json/configuration";
import { displayName } from "../terraform-json/display-name";
import { SAMPLE_IDS } from "../terraform-json/variables";

const ACCOUNT = "123456789012";

/**
 * What the mocked provider answers lookups with. It makes up what isn't here, such as random text for a string: given is
 * what conditions look at, and what the real provider checks, as the partition in an ARN.
 */
export function mockData(stack: Stack): [type: string, defaults: JsonObject][] {
  const region = regionOf(stack);
  const zones = zonesOf(stack);
  const cluster = String(defaultOf(stack, "cluster_name") ?? "mocked");
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
  const answers: { readonly [type: string]: JsonObject } = {
    aws_partition: { partition: "aws", dns_suffix: "amazonaws.com", reverse_dns_prefix: "com.amazonaws" },
    aws_caller_identity: { account_id: ACCOUNT },
    aws_region: { region },
    aws_availability_zones: { names: zones },
    aws_vpcs: { ids: [SAMPLE_IDS.vpc] },
    aws_vpc: { id: SAMPLE_IDS.vpc },
    aws_subnets: { ids: SAMPLE_IDS.subnets },
    aws_subnet: { availability_zone: zones[0] as string, map_public_ip_on_launch: true, vpc_id: SAMPLE_IDS.vpc },
    aws_security_groups: { ids: [SAMPLE_IDS.securityGroup] },
    aws_ec2_instance_type_offerings: { instance_types: instanceTypes(stack), locations: zones },
    aws_ec2_instance_type: {
      supported_architectures: ["x86_64"],
      supported_placement_strategies: ["cluster", "partition", "spread"],
      gpus: [],
      memory_size: 16384,
      default_vcpus: 4,
    },
    aws_ssm_parameter: { insecure_value: "ami-00000000000000001", value: "ami-00000000000000001" },
    aws_iam_roles: { names: ["AWSServiceRoleForAutoScaling"] },
    aws_ecs_cluster: { arn: arn("ecs", `cluster/${cluster}`), registered_container_instances_count: 1 },
    aws_ecs_clusters: { cluster_arns: [arn("ecs", `cluster/${cluster}`)] },
    aws_autoscaling_groups: { names: ["mocked"] },
    aws_autoscaling_group: { max_size: 2, min_size: 1 },
    aws_resourcegroupstaggingapi_resources: {
      resource_tag_mapping_list: [{ resource_arn: arn("elasticloadbalancing", "listener/app/mocked/1/2"), tags: {} }],
    },
  };
  const used = new Set(stack.portable.elements.filter(({ mode }) => mode === "data").map(({ type }) => type));
  return [...used].flatMap((type) => (answers[type] ? [[type, answers[type]] as [string, JsonObject]] : []));
}

type Override = { readonly target: string; readonly values: JsonObject };

/** All mocked lookups of a type answer alike. Told apart are subnets of two zones, and those that a variable names. */
export function subnetOverrides(stack: Stack): Override[] {
  const [, second = ""] = zonesOf(stack);
  const lookups = ofType(stack, "aws_subnets", "data").flatMap(({ address, body }): Override[] => {
    const named = givenSubnets(stack, body.lifecycle);
    return named ? [{ target: address, values: { ids: named } }] : [];
  });
  const each = ofType(stack, "aws_subnet", "data").filter(({ body }) => body.for_each !== undefined);
  const secondZone = each.map(({ address, body }): Override => {
    const [, other = ""] = givenSubnets(stack, body.for_each) ?? SAMPLE_IDS.subnets;
    const values = { availability_zone: second, map_public_ip_on_launch: true, vpc_id: SAMPLE_IDS.vpc };
    return { target: `${address}["${other}"]`, values };
  });
  return [...lookups, ...secondZone];
}

/** The subnets that the sample values of the variables in an expression name. */
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

/** Whatever types the stack asks for are offered: a mocked answer can't depend on what is asked. */
function instanceTypes(stack: Stack): Json {
  const asked = ofType(stack, "aws_ec2_instance_type_offerings", "data").flatMap(({ body }) =>
    objects(body.filter).flatMap(({ values }): Json[] => {
      const variables = stack.references.variablesIn(values ?? null);
      if (variables.length > 0) return variables.flatMap((name) => defaultOf(stack, name));
      return Array.isArray(values) ? [...values] : [];
    }),
  );
  const types = [...new Set(asked)].filter((type) => typeof type === "string");
  return types.length > 0 ? types : ["t3.small"];
}
