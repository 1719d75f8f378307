import { AwsError } from "../aws-error";
import { conform } from "../plan/conform";
import { dnsSuffix, fakeArn, fakeId } from "../plan/fake";
import type { Block } from "../schema/types";
import { equal, isObject, type ObjectValue, type Value } from "../wire/values";
import { type Answer, type FixedAnswer, type Question, zoneNames } from "./fixtures";
import { machineImage, ssmParameter } from "./images";
import { instanceType, instanceTypeOfferings, instanceTypes } from "./instance-type-answers";
import { existing, lookupOf } from "./lookup";
import { policyDocument } from "./policy-document";

/** The answers by type. For another type, add a line here or in the tables of lookup.ts. */
const ANSWERS: { readonly [type: string]: Answer } = {
  aws_ami: machineImage,
  aws_availability_zones: (question) => {
    const excluded = Array.isArray(question.config.exclude_names) ? question.config.exclude_names : [];
    const names = zoneNames(question).filter((name) => !excluded.includes(name));
    return {
      id: question.region,
      names,
      zone_ids: names.map((_, index) => `offline-az${index + 1}`),
      group_names: [question.region],
    };
  },
  aws_caller_identity: ({ fixtures }) => ({
    id: fixtures.account,
    account_id: fixtures.account,
    user_id: "OFFLINE",
    arn: fakeArn({ ...fixtures, region: "" }, "iam", "user/offline"),
  }),
  aws_ec2_instance_type: instanceType,
  aws_ec2_instance_type_offerings: instanceTypeOfferings,
  aws_ec2_instance_types: instanceTypes,
  aws_ecs_cluster: (question) => {
    const { config, fixtures, region } = question;
    const arn = fakeArn({ ...fixtures, region }, "ecs", `cluster/${String(config.cluster_name)}`);
    const known = existing(question, "aws_ecs_cluster").find(
      ({ cluster_name }) => cluster_name === config.cluster_name,
    );
    return {
      id: arn,
      arn,
      status: "ACTIVE",
      pending_tasks_count: 0,
      running_tasks_count: 0,
      registered_container_instances_count: fixtures.registeredContainerInstances,
      service_connect_defaults: [],
      setting: [],
      tags: {},
      ...known,
    };
  },
  aws_iam_policy_document: policyDocument,
  aws_partition: ({ fixtures: { partition } }) => ({
    id: partition,
    partition,
    dns_suffix: dnsSuffix(partition),
    reverse_dns_prefix: dnsSuffix(partition).split(".").reverse().join("."),
  }),
  aws_route53_zone: ({ config, fixtures }) => {
    const id = fakeId("Z", String(config.name ?? config.zone_id))
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, "");
    return {
      id,
      zone_id: id,
      name: config.name ?? null,
      arn: fakeArn({ ...fixtures, region: "" }, "route53", `hostedzone/${id}`),
      name_servers: [],
    };
  },
  aws_region: ({ region, fixtures }) => ({
    id: region,
    name: region,
    region,
    description: `${region} (offline)`,
    endpoint: `ec2.${region}.${dnsSuffix(fixtures.partition)}`,
  }),
  aws_resourcegroupstaggingapi_resources: (question) => {
    const wanted = list(question.config.tag_filter).filter(isObject);
    const types = list(question.config.resource_type_filters).map(String);
    const kinds = new Set([...Object.keys(question.fixtures.existing), ...question.account.types()]);
    const resources = [...kinds].flatMap((type) => existing(question, type));
    const found = resources.filter(({ arn, tags }) => {
      const own = isObject(tags) ? tags : {};
      const ofType = types.length === 0 || types.some((type) => hasResourceType(String(arn), type));
      return (
        arn &&
        ofType &&
        wanted.every(
          ({ key, values }) =>
            String(key) in own && (list(values).length === 0 || list(values).includes(own[String(key)] ?? null)),
        )
      );
    });
    return {
      id: question.region,
      resource_tag_mapping_list: found.map(({ arn, tags }) => ({
        resource_arn: arn ?? null,
        tags: tags ?? {},
        compliance_details: [],
      })),
    };
  },
  aws_secretsmanager_secret_versions: (question) => {
    const secretId = String(question.config.secret_id);
    const applied = existing(question, "aws_secretsmanager_secret_version").filter(
      ({ secret_id }) => secret_id === secretId,
    );
    const newest = applied.at(-1)?.version_id ?? fakeId("version", secretId);
    const version = { version_id: newest, version_stages: ["AWSCURRENT"], created_time: "", last_accessed_date: "" };
    return { id: secretId, arn: secretId, name: secretId.split(":")[6] ?? secretId, versions: [version] };
  },
  aws_ssm_parameter: ssmParameter,
  aws_vpc_endpoint_service: (question) => {
    const { config, fixtures, region } = question;
    const prefix = dnsSuffix(fixtures.partition).split(".").reverse().join(".");
    const name = String(config.service_name ?? `${prefix}.${region}.${String(config.service)}`);
    return {
      id: name,
      service_name: name,
      service_type: config.service_type ?? "Interface",
      availability_zones: zoneNames(question),
      owner: "amazon",
    };
  },
};

/**
 * Returns the state of a data source: its arguments and the answer.
 * @throws {AwsError} when AWS would reject the request, or when the type has no answer
 */
export function readDataSource(block: Block, question: Question): ObjectValue {
  const { type, config, fixtures } = question;
  const given = fixtures.answers[type];
  const answers: readonly FixedAnswer[] =
    given === undefined ? [] : Array.isArray(given) ? given : [given as FixedAnswer];
  const fixed = answers.find(({ when = {} }) =>
    Object.entries(when).every(([name, value]) => equal(config[name], value as Value)),
  );
  if (fixed?.error !== undefined) throw new AwsError(fixed.error);
  const answer = ANSWERS[type] ?? lookupOf(type, block);
  if (!answer && !fixed) {
    throw new AwsError(
      `The offline provider has no answer for the data source type ${type}. Add one to the fixtures: ` +
        `answers: { ${type}: { state: { … } } }. docs/offline-provider.md describes them.`,
    );
  }
  // An answer in the fixtures replaces the attributes that it has. The others keep their usual values.
  const usual = fixed && !answer ? {} : (answer?.(question) ?? {});
  const region: ObjectValue = block.attributes.region ? { region: question.region } : {};
  const state = { ...config, ...region, ...withoutNulls(usual), ...(fixed?.state as ObjectValue | undefined) };
  return conform(block, { ...emptyCollections(block), ...withoutNulls(state) });
}

/** Returns an empty collection for each computed one, as AWS does. */
function emptyCollections(block: Block): ObjectValue {
  const computed = Object.entries(block.attributes).filter(
    ([, { computed, type }]) => computed && Array.isArray(type) && type[0] !== "object",
  );
  return Object.fromEntries(computed.map(([name, { type }]) => [name, type[0] === "map" ? {} : []]));
}

function withoutNulls(object: ObjectValue): ObjectValue {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/** Returns whether an ARN has a type, such as `elasticloadbalancing:loadbalancer`. */
function hasResourceType(arn: string, type: string): boolean {
  const [service, resource] = type.split(":");
  const [, , arnService, , , arnResource = ""] = arn.split(":");
  return service === arnService && (resource === undefined || arnResource.split("/")[0] === resource);
}

function list(value: Value | undefined): Value[] {
  return Array.isArray(value) ? value : [];
}
