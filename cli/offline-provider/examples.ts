import type { Configuration } from "./configuration";
import { DEFAULT_VPC_ID, subnetId } from "./data/network";

const SUBNETS = ["ap-northeast-2a", "ap-northeast-2b"].map((zone) => subnetId(DEFAULT_VPC_ID, zone));

/** Values for variables that have no default, by name, so that a plan can be looked at without inventing any. */
const EXAMPLES: readonly (readonly [name: RegExp, value: string])[] = [
  // Not a key of anybody's: its 32 bytes spell "offline-provider-example-key-32b".
  [
    /^ssh_public_key$/,
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9mZmxpbmUtcHJvdmlkZXItZXhhbXBsZS1rZXktMzJi example@offline-provider",
  ],
  [/^certificate_arn$/, "arn:aws:acm:ap-northeast-2:000000000000:certificate/00000000-0000-0000-0000-000000000000"],
  [/^alarm_topic_arn$/, "arn:aws:sns:ap-northeast-2:000000000000:alarms"],
  [/(^|_)domain_name$/, "app.example.com"],
  [/(^|_)image$/, "public.ecr.aws/docker/library/nginx:1.29"],
  [/(^|_)image_tag$/, "1.0.0"],
  [/(^|_)subnet_ids$/, JSON.stringify(SUBNETS)],
];

/** `TF_VAR_…` of example values for the variables that the configuration demands and the environment doesn't set. */
export function exampleVariables(configuration: Configuration, env: NodeJS.ProcessEnv): { [name: string]: string } {
  const variables = (configuration.variable ?? {}) as { readonly [name: string]: { readonly default?: unknown } };
  const found: { [name: string]: string } = {};
  for (const [name, variable] of Object.entries(variables)) {
    const example = EXAMPLES.find(([pattern]) => pattern.test(name));
    if (!("default" in variable) && example && env[`TF_VAR_${name}`] === undefined)
      found[`TF_VAR_${name}`] = example[1];
  }
  return found;
}
