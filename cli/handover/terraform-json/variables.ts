import { type Configuration, type Json, type JsonObject, objects } from "./configuration";

/** What a person has to know of a variable to set it. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly isSensitive: boolean;
  readonly default: JsonObject[string];
  /** What Terraform accepts, in the words of the messages that it prints otherwise. */
  readonly accepted: readonly string[];
  /** A value that is accepted, for tests and examples. Nobody has the key. */
  readonly sample: Json;
}

/** Ids that nobody takes for real ones, in the form that AWS gives them; a subnet's last letter is its zone's. */
export const SAMPLE_IDS = {
  vpc: "vpc-00000000000000001",
  securityGroup: "sg-00000000000000001",
  subnets: ["subnet-0000000000000000a", "subnet-0000000000000000c"],
  privateSubnets: ["subnet-0000000000000010a", "subnet-0000000000000010c"],
};

export const SAMPLE_PUBLIC_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f nobody@example.com";

/** Values for variables that have no default, by what their names end in. */
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
  ["domain_name", "app.example.com"],
  ["cluster_name", "ecs"],
  ["image_tag", "1.0.0"],
  ["image", "public.ecr.aws/nginx/nginx:1.27"],
];

/** For any other variable: something of its type. */
function anySample(type: Json | undefined): Json {
  if (type === "number") return 1;
  if (type === "bool") return false;
  if (typeof type === "string" && /^(list|set)/.test(type)) return ["sample"];
  return typeof type === "string" && /^(map|object)/.test(type) ? {} : "sample";
}

/** The variables in the order of the configuration's file. */
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
    const [, sample = anySample(body.type)] = SAMPLES.find(([ending]) => name.endsWith(ending)) ?? [];
    return {
      name,
      type: typeof body.type === "string" ? body.type : "any",
      description: typeof body.description === "string" ? body.description : "",
      isRequired: !("default" in body),
      isSensitive: body.sensitive === true,
      default: body.default ?? null,
      accepted: messages.map((message) => requirement(message.slice(name.length + 1))),
      sample: typeof sample === "string" ? sample.replace("REGION", String(region ?? "eu-west-1")) : sample,
    };
  });
}

/** What must be: a message up to what was received. What it says then of how to write a value is kept, too. */
function requirement(message: string): string {
  const [before = "", ...after] = message.split("${");
  // What was received is told after a semicolon, or after a colon.
  const end = before.includes("; ") ? before.indexOf("; ") : before.lastIndexOf(": ");
  const rule = after.length > 0 && end > 0 ? before.slice(0, end) : before;
  const [sentence = ""] = rule.split(/\. (?=[A-Z])/);
  const [, hint = ""] = /\}\. ((?:Write|For example) [^$]*?)\.?$/.exec(message) ?? [];
  const must = sentence.replace(/[\s.,;]+$/, "");
  return hint ? `${must}. ${hint}` : must;
}
