import type { Configuration } from "./configuration";

/** Values for variables that have no default, so that a plan can be looked at without inventing any. */
const EXAMPLES: { readonly [variable: string]: string } = {
  // Not a key of anybody's: its 32 bytes spell "offline-provider-example-key-32b".
  ssh_public_key:
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9mZmxpbmUtcHJvdmlkZXItZXhhbXBsZS1rZXktMzJi example@offline-provider",
  certificate_arn: "arn:aws:acm:ap-northeast-2:000000000000:certificate/00000000-0000-0000-0000-000000000000",
  domain_name: "app.example.com",
};

/** `TF_VAR_…` of example values for the variables that the configuration demands and the environment doesn't set. */
export function exampleVariables(configuration: Configuration, env: NodeJS.ProcessEnv): { [name: string]: string } {
  const variables = (configuration.variable ?? {}) as { readonly [name: string]: { readonly default?: unknown } };
  const wanted = Object.entries(variables).filter(([name, variable]) => {
    return !("default" in variable) && EXAMPLES[name] !== undefined && env[`TF_VAR_${name}`] === undefined;
  });
  return Object.fromEntries(wanted.map(([name]) => [`TF_VAR_${name}`, EXAMPLES[name] ?? ""]));
}
