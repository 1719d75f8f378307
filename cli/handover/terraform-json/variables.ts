import { type Configuration, type Json, type JsonObject, objects } from "./configuration";

/** A variable, as the README and terraform.tfvars.example describe it. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly default: JsonObject[string];
  /** The rules of the value as sentences, from the error messages of its validations. */
  readonly rules: readonly string[];
  /** A valid value for the Terraform test. */
  readonly sample: Json;
}

/** IDs that are visibly fake. The last letter of a subnet's ID is that of its Availability Zone. */
export const SAMPLE_IDS = {
  vpc: "vpc-00000000000000001",
  securityGroup: "sg-00000000000000001",
  subnets: ["subnet-0000000000000000a", "subnet-0000000000000000c"],
  privateSubnets: ["subnet-0000000000000010a", "subnet-0000000000000010c"],
};

export const SAMPLE_PUBLIC_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f nobody@example.com";

/** Values of variables without a default, by the end of their names. */
const SAMPLES: readonly (readonly [ending: string, sample: Json])[] = [
  ["ssh_public_key", SAMPLE_PUBLIC_KEY],
  ["key_name", "operators"],
  ["certificate_arn", "arn:aws:acm:REGION:123456789012:certificate/12345678-1234-1234-1234-123456789012"],
  ["web_acl_arn", "arn:aws:wafv2:REGION:123456789012:regional/webacl/sample/12345678-1234-1234-1234-123456789012"],
  ["topic_arn", "arn:aws:sns:REGION:123456789012:alarms"],
  ["vpc_id", SAMPLE_IDS.vpc],
  ["private_subnet_ids", SAMPLE_IDS.privateSubnets],
  ["subnet_ids", SAMPLE_IDS.subnets],
  ["security_group_ids", [SAMPLE_IDS.securityGroup]],
  ["instance_security_group_id", SAMPLE_IDS.securityGroup],
  ["instance_profile_arn", "arn:aws:iam::123456789012:instance-profile/sample"],
  ["customer_key_arn", "arn:aws:kms:REGION:123456789012:key/12345678-1234-1234-1234-123456789012"],
  ["trust_store_arn", "arn:aws:elasticloadbalancing:REGION:123456789012:truststore/sample/0123456789abcdef"],
  ["ami_id", "ami-0123456789abcdef0"],
  ["domain_name", "app.example.com"],
  ["cluster_name", "ecs"],
  ["image_tag", "1.0.0"],
  ["image", "public.ecr.aws/nginx/nginx:1.27"],
];

/** Returns a value of a type, for any other variable. */
function sampleOf(type: Json | undefined): Json {
  if (type === "number") return 1;
  if (type === "bool") return false;
  if (typeof type === "string" && /^(list|set)/.test(type)) return ["sample"];
  return typeof type === "string" && /^(map|object)/.test(type) ? {} : "sample";
}

/** Returns the variables, in the given order. */
export function variablesOf(
  variables: readonly (readonly [name: string, body: JsonObject])[],
  { elements }: Configuration,
): Variable[] {
  const region = variables.find(([name]) => name === "region")?.[1].default;
  const conditions = elements.flatMap(({ body }) =>
    objects(body.lifecycle).flatMap(({ precondition }) => objects(precondition)),
  );
  return variables.map(([name, body]) => {
    const messages = [...objects(body.validation), ...conditions]
      .map(({ error_message }) => String(error_message ?? ""))
      .filter((message) => message.startsWith(`${name} must `));
    const [, sample = sampleOf(body.type)] = SAMPLES.find(([ending]) => name.endsWith(ending)) ?? [];
    return {
      name,
      type: typeof body.type === "string" ? body.type : "any",
      description: typeof body.description === "string" ? body.description : "",
      isRequired: !("default" in body),
      default: body.default ?? null,
      rules: messages.map((message) => ruleOf(message.slice(name.length + 1))),
      sample: typeof sample === "string" ? sample.replace("REGION", String(region ?? "eu-west-1")) : sample,
    };
  });
}

/**
 * Returns the rule of an error message: the text before the received value, and a hint that starts with Write or For
 * example.
 */
function ruleOf(message: string): string {
  const [rule = ""] = message.split("; received ");
  const [sentence = ""] = rule.replace(/\$\{(var\.\w+)\}/g, "$1").split(/,? \$\{|\. (?=[A-Z])/);
  const [, hint = ""] = /\}\. ((?:Write|For example) [^$]*?)\.?$/.exec(message) ?? [];
  const must = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`.replace(/\.$/, "");
  return hint ? `${must}. ${hint}.` : `${must}.`;
}
