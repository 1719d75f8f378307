import type { Configuration } from "./configuration";
import { type Fixtures, zoneNames } from "./data/fixtures";
import { DEFAULT_VPC_ID, subnetId } from "./data/network";
import { FAKE_ACCOUNT, fakeArn, fakeHexId } from "./plan/fake";

/** What example values depend on. */
interface Place {
  readonly region: string;
  readonly vpcId: string;
  readonly fixtures: Fixtures;
}

const arn = (service: string, resource: string) => {
  return ({ region, fixtures: { partition, account } }: Place) =>
    fakeArn({ region, partition, account }, service, resource);
};
const globalArn = (service: string, resource: string) => {
  return ({ region, fixtures: { partition, account } }: Place) =>
    fakeArn({ region, partition, account }, service, resource, true);
};
const ID = "00000000-0000-0000-0000-000000000000";

/** Example values by the names of variables, so that a plan needs no values. */
const EXAMPLES: readonly (readonly [name: RegExp, value: (place: Place) => string])[] = [
  [
    /^ssh_public_key$/,
    // Nobody's key: its 32 bytes are the text "offline-provider-example-key-32b".
    () => "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9mZmxpbmUtcHJvdmlkZXItZXhhbXBsZS1rZXktMzJi example@offline-provider",
  ],
  [/^key_name$/, () => "example"],
  [/(^|_)certificate_arn$/, arn("acm", `certificate/${ID}`)],
  [/^alarm_topic_arn$/, arn("sns", "alarms")],
  [/(^|_)ami_id$/, () => fakeHexId("ami", "example")],
  [/(^|_)web_acl_arn$/, arn("wafv2", `regional/webacl/example/${ID}`)],
  [/(^|_)trust_store_arn$/, arn("elasticloadbalancing", "truststore/example/0123456789abcdef")],
  [/^customer_key_arn$/, arn("kms", `key/${ID}`)],
  [/^instance_profile_arn$/, globalArn("iam", "instance-profile/example")],
  [/^instance_security_group_id$/, () => fakeHexId("sg", "example")],
  [/(^|_)domain_name$/, () => "app.example.com"],
  [/(^|_)image$/, () => "public.ecr.aws/docker/library/nginx:1.29"],
  [/(^|_)image_tag$/, () => "1.0.0"],
  [/(^|_)subnet_ids$/, (place) => JSON.stringify(zoneNames(place).map((zone) => subnetId(place.vpcId, zone)))],
  [/(^|_)security_group_ids$/, () => JSON.stringify([fakeHexId("sg", "example")])],
];

/** The values that Terraform gets for a plan of an app. */
export interface ExampleValues {
  readonly region: string;
  /** `TF_VAR_…` for each variable that has neither a default nor a value. */
  readonly env: { readonly [name: string]: string };
  /** The account, which also has the VPC that the configuration names. */
  readonly fixtures: Fixtures;
}

/**
 * Returns example values for the variables that have neither a default nor a value.
 *
 * @param args the arguments for `terraform plan`, which can set variables. Files of variables are not read.
 */
export function exampleValues(
  configuration: Configuration,
  fixtures: Fixtures,
  { env, args }: { readonly env: NodeJS.ProcessEnv; readonly args: readonly string[] },
): ExampleValues {
  const variables = (configuration.variable ?? {}) as { readonly [name: string]: { readonly default?: unknown } };
  const given = { ...env, ...fromArguments(args) };
  const value = (name: string) => given[`TF_VAR_${name}`] ?? variables[name]?.default;
  const region = String(value("region") ?? "ap-northeast-2");
  const vpcId = value("vpc_id");
  const isOther = typeof vpcId === "string" && !fixtures.otherVpcs.includes(vpcId) && vpcId !== DEFAULT_VPC_ID;
  const known = { ...fixtures, account: allowedAccount(value("allowed_account_ids"), fixtures.account) };
  const place: Place = {
    region,
    vpcId: typeof vpcId === "string" ? vpcId : DEFAULT_VPC_ID,
    fixtures: isOther ? { ...known, otherVpcs: [...fixtures.otherVpcs, vpcId] } : known,
  };
  const examples = Object.entries(variables).flatMap(([name, variable]) => {
    const example = EXAMPLES.find(([pattern]) => pattern.test(name))?.[1];
    if ("default" in variable || !example || given[`TF_VAR_${name}`] !== undefined) return [];
    return [[`TF_VAR_${name}`, example(place)]];
  });
  return { region, env: Object.fromEntries(examples), fixtures: place.fixtures };
}

/** Returns the first account that a stack allows, in place of the made-up one. A plan in another account fails. */
function allowedAccount(allowed: unknown, account: string): string {
  if (account !== FAKE_ACCOUNT) return account;
  const text = Array.isArray(allowed) ? allowed.join(" ") : String(allowed);
  return text.includes(FAKE_ACCOUNT) ? account : (/[0-9]{12}/.exec(text)?.[0] ?? account);
}

/** Returns the values of `-var name=value` and `-var=name=value`, as environment variables. */
function fromArguments(args: readonly string[]): { readonly [name: string]: string } {
  const found: { [name: string]: string } = {};
  for (const [index, arg] of args.entries()) {
    const set = /^--?var$/.test(arg) ? args[index + 1] : /^--?var=(.*)$/s.exec(arg)?.[1];
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(set ?? "") ?? [];
    if (name !== undefined && value !== undefined) found[`TF_VAR_${name.trim()}`] = value;
  }
  return found;
}
