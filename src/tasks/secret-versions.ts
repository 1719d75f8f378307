import { DataAwsSecretsmanagerSecretVersions } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-versions";
import type { Construct } from "constructs";
import type { Secret } from "../iam/secret";
import { hcl } from "../terraform/expression";
import { isToken } from "../validation/token";

/** A secret of a container, and its name in messages and triggers: `web DATABASE_PASSWORD`. */
export interface NamedSecret {
  readonly name: string;
  readonly secret: Secret;
}

/**
 * Looks up the versions of the secrets that deploy their service. Returns the ids of the versions by the names of the secrets.
 * The data source has no values, so the state has none either.
 */
export function secretVersions(
  scope: Construct,
  secrets: readonly NamedSecret[],
  clusterArn: string,
): Readonly<Record<string, string>> {
  const lookups = new Map<string, DataAwsSecretsmanagerSecretVersions>();
  const lookUp = (name: string, secretId: string) => {
    const found = lookups.get(secretId);
    if (found) return found;
    const lookup = new DataAwsSecretsmanagerSecretVersions(scope, `versions_${name.replace(/[^A-Za-z0-9]+/g, "_")}`, {
      secretId,
      // ECS reads secrets of other regions too.
      region: isToken(secretId) ? undefined : secretId.split(":")[3],
    });
    lookups.set(secretId, lookup);
    return lookup;
  };
  const versions = secrets.flatMap(({ name, secret }): [string, string][] => {
    if (secret.deployedStage === undefined) return [];
    const lookup = lookUp(name, `${secret.arn(clusterArn)}`);
    const current = hcl`one([for version in ${lookup.fqn}.versions : version.version_id if contains(version.version_stages, ${secret.deployedStage})])`;
    return [[name, hcl`coalesce(${current}, "none")`.string]];
  });
  return Object.fromEntries(versions);
}
