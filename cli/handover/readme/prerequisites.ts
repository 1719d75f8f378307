import { ofType, type Stack } from "../stack";
import { type Element, isObject, type Json, objects } from "../terraform-json/configuration";
import { displayName } from "../terraform-json/display-name";
import {
  bucket,
  type Existing,
  logBucket,
  OF_DATA_SOURCES,
  OF_IDS,
  OF_VARIABLES,
  ofArn,
  parameter,
  SERVICE_LINKED_ROLES,
} from "./checks";
import { code, section, table } from "./markdown";

/** Something that must exist before the first apply, with what needs it. */
interface Prerequisite extends Existing {
  readonly usedBy: string;
}

/** What must exist before the first apply: each with what uses it, and the command that finds it. */
export function prerequisites(stack: Stack): string {
  const all = [
    ...network(stack),
    ...serviceLinkedRoles(stack),
    ...ofVariables(stack),
    ...ofDataSources(stack),
    ...buckets(stack),
    ...parameters(stack),
    ...literals(stack),
    ...images(stack),
  ];
  const rows = grouped(all).map(({ what, check, users }) => [
    what,
    users.length > 6 ? `${users.slice(0, 5).join(", ")} and ${users.length - 5} more` : users.join(", "),
    check === undefined ? "" : code(check),
  ]);
  return section(
    "Before the first apply",
    rows.length > 0 &&
      "These must exist in the account and the region of the stack. The command finds each of them: it fails, or prints nothing, if it does " +
        "not exist. A word in capitals is the value of the variable with that name. ECS reads secrets, parameters and objects only when it " +
        "starts a container, so the plan does not find a missing one.",
    table(["What must exist", "Used by", "Check"], rows),
    readsSecretsIntoState(stack) &&
      "Terraform reads the client secrets of listener rules in each plan, and stores them in its state. Give only a few people access to the state.",
  );
}

/** Whether Terraform reads client secrets, which the load balancer needs. */
const readsSecretsIntoState = (stack: Stack): boolean =>
  ofType(stack, "aws_secretsmanager_secret_version", "data").length > 0 ||
  ofType(stack, "aws_ssm_parameter", "data").some(({ name }) => name.endsWith("_client_secret"));

/** Joins the users of the same thing. */
function grouped(all: readonly Prerequisite[]): (Existing & { readonly users: readonly string[] })[] {
  return [...new Set(all.map(({ what }) => what))].map((text) => {
    const same = all.filter(({ what }) => what === text);
    return { ...(same[0] as Prerequisite), users: [...new Set(same.map(({ usedBy }) => usedBy))] };
  });
}

/** The VPC, and a way out of subnets without public addresses. */
function network(stack: Stack): Prerequisite[] {
  const isDefault = ofType(stack, "aws_vpcs", "data").filter(({ body }) => JSON.stringify(body).includes("is-default"));
  const isPrivate = ({ body }: Element) => !/"associate_public_ip_address":"?true/.test(JSON.stringify(body));
  const launched = ofType(stack, "aws_launch_template").filter(isPrivate);
  const subnets = stack.variables.map(({ name }) => name).find((name) => name.endsWith("private_subnet_ids"));
  const endpoints = ofType(stack, "aws_vpc_endpoint");
  const way =
    endpoints.length > 0
      ? "A NAT gateway in the routes of the instances' subnets, for whatever the VPC endpoints of this folder do not reach, such as other registries"
      : "A NAT gateway, or VPC endpoints for ECS, ECR, S3, CloudWatch Logs and Systems Manager, in the routes of the instances' subnets, because " +
        "the instances have no public address";
  return [
    ...isDefault.map(({ address }) => ({
      what: "The default VPC. To create it: `aws ec2 create-default-vpc`",
      usedBy: code(address),
      check: "aws ec2 describe-vpcs --filters Name=is-default,Values=true --query 'Vpcs[].VpcId' --output text",
    })),
    ...launched.map(({ address }) => ({
      what: way,
      usedBy: code(address),
      check:
        `aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=${(subnets ?? "SUBNET_ID").toUpperCase()} ` +
        "--query 'RouteTables[].Routes[].[DestinationCidrBlock,DestinationPrefixListId,NatGatewayId,GatewayId]' --output text",
    })),
  ];
}

/** The roles that AWS services assume. AWS creates most of them on the first use of a service. */
function serviceLinkedRoles(stack: Stack): Prerequisite[] {
  const created = ofType(stack, "aws_iam_service_linked_role").map(({ body }) => body.aws_service_name);
  const services = stack.statements
    .flatMap(({ Condition }) => Object.values(Condition ?? {}))
    .flatMap((keys) => [keys["iam:AWSServiceName"] ?? []].flat());
  return [...new Set(services)]
    .filter((service) => SERVICE_LINKED_ROLES[service] !== undefined && !created.includes(service))
    .map((service) => ({
      what:
        `The role ${code(SERVICE_LINKED_ROLES[service] as string)}. AWS creates it on the first use of the service. In a new account, create it: ` +
        code(`aws iam create-service-linked-role --aws-service-name ${service}`),
      usedBy: "the account",
      check: `aws iam get-role --role-name ${SERVICE_LINKED_ROLES[service]} --query Role.Arn --output text`,
    }));
}

function ofVariables({ variables, configuration }: Stack): Prerequisite[] {
  const isRead = (name: string) =>
    JSON.stringify([configuration.elements, configuration.providers]).includes(`var.${name}`);
  return variables.flatMap(({ name, isRequired, default: value }) => {
    const [, describe] = OF_VARIABLES.find(([ending]) => name.endsWith(ending)) ?? [];
    const given = Array.isArray(value) ? value.join(" ") : value;
    const isEmpty = !isRequired && (given === null || given === "");
    // The default cluster name of a cluster's own stack is `name`.
    if (!describe || isEmpty || !isRead(name)) return [];
    return [{ ...describe(isRequired ? name.toUpperCase() : String(given)), usedBy: code(`var.${name}`) }];
  });
}

function ofDataSources(stack: Stack): Prerequisite[] {
  return stack.configuration.elements.flatMap((element) => {
    const [argument = "", describe] = (element.mode === "data" && OF_DATA_SOURCES[element.type]) || [];
    const value = namedValue(stack, element.body[argument]);
    // AWS publishes these parameters.
    if (!describe || value === undefined || value.startsWith("/aws/service/")) return [];
    return [{ ...describe(value), usedBy: code(element.address) }];
  });
}

/** The images without a default, from repositories that this folder does not create. */
const images = ({ variables }: Stack): Prerequisite[] =>
  variables
    .filter(({ name, isRequired }) => isRequired && /_image$/.test(name))
    .map(({ name }) => ({
      what: "The images of these variables",
      usedBy: code(`var.${name}`),
      check: "docker manifest inspect IMAGE",
    }));

/** Returns a text, or the name of a required variable in capitals. Undefined for a reference to a resource. */
function namedValue({ configuration: { variables } }: Stack, value: Json | undefined): string | undefined {
  const [, name] = /^\$\{var\.(\w+)\}$/.exec(String(value)) ?? [];
  if (name !== undefined && !("default" in (variables[name] ?? {}))) return name.toUpperCase();
  return displayName(value, variables);
}

function buckets(stack: Stack): Prerequisite[] {
  const logs = ofType(stack, "aws_lb").flatMap(({ address, body }) =>
    objects([body.access_logs ?? null, body.connection_logs ?? null]).map(
      (one) => [address, one.bucket, logBucket] as const,
    ),
  );
  const sessions = ofType(stack, "aws_ecs_cluster").flatMap(({ address, body }) =>
    JSON.stringify(body.configuration ?? null).includes('"s3_bucket_name"')
      ? deep(body.configuration ?? null, "s3_bucket_name").map((name) => [address, name, bucket] as const)
      : [],
  );
  return [...logs, ...sessions].flatMap(([address, name, describe]) => {
    const value = namedValue(stack, name);
    return value === undefined ? [] : [{ ...describe(value), usedBy: code(address) }];
  });
}

/** Returns the values of a key at any depth. */
const deep = (value: Json, key: string): Json[] =>
  Array.isArray(value)
    ? value.flatMap((inner) => deep(inner, key))
    : isObject(value)
      ? Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : deep(inner, key)))
      : [];

/** A parameter in the ARN of a secret, whose account and region are expressions. */
const PARAMETER = /"parameter(\/[^"\\]+)"|:parameter(\/[^"\\$]+)/g;

/** The parameters that ECS reads when it starts a container, by their names. */
const parameters = (stack: Stack): Prerequisite[] =>
  ofType(stack, "aws_ecs_task_definition").flatMap(({ address, body }) =>
    [...String(body.container_definitions).matchAll(PARAMETER)].map(([, joined, inArn]) => ({
      ...parameter(joined ?? inArn ?? ""),
      usedBy: code(address),
    })),
  );

const ARN = /arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12})?:[^\s"'\\,)$}]+/g;
const ID = /(?<![\w/:-])(ami|fs|sg|subnet|vpc)-[0-9a-f]{8,17}(?![\w-])/g;
/** Types whose texts are policies and messages, which only name what they allow. */
const OTHER_TEXTS = /_policy$|^terraform_data$|policy_document$/;

/** The ARNs and the ids in the code, and in the defaults of other variables. */
function literals({ configuration: { elements } }: Stack): Prerequisite[] {
  return elements
    .filter(({ type }) => !OTHER_TEXTS.test(type))
    .flatMap(({ address, body: { lifecycle: _, description: __, tags: ___, ...body } }) => {
      const text = JSON.stringify(body);
      const arns = [...text.matchAll(ARN)].map(([arn]) => arn).filter((arn) => !arn.includes("*"));
      const named = arns.map(ofArn);
      const ids = [...text.replace(ARN, "").matchAll(ID)].map(
        ([id, prefix = ""]) => OF_IDS[prefix]?.(id) ?? { what: code(id) },
      );
      return [...named, ...ids].map((existing) => ({ ...existing, usedBy: code(address) }));
    });
}
