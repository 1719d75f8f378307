import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { paginateDescribeParameters, type SSMClient } from "@aws-sdk/client-ssm";
import type { ParameterFacts, SecretFacts } from "../facts";
import { allPages, inBatches } from "./paging";

/** Reads a secret of Secrets Manager without its value. Returns undefined if it does not exist. */
export async function readSecret(client: SecretsManagerClient, SecretId: string): Promise<SecretFacts | undefined> {
  try {
    const secret = await client.send(new DescribeSecretCommand({ SecretId }));
    return {
      arn: secret.ARN ?? SecretId,
      name: secret.Name ?? "",
      isDeleted: secret.DeletedDate !== undefined,
      hasValue: Object.values(secret.VersionIdsToStages ?? {}).some((stages) => stages.includes("AWSCURRENT")),
      keyId: secret.KmsKeyId,
    };
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

/** Whether a secret has a policy of its own, which can admit roles. */
export async function hasSecretPolicy(client: SecretsManagerClient, SecretId: string): Promise<boolean> {
  const { ResourcePolicy } = await client.send(new GetResourcePolicyCommand({ SecretId }));
  return ResourcePolicy !== undefined && ResourcePolicy !== "";
}

/** Reads parameters by their names, without their values. Those that do not exist are not in the result. */
export async function readParameters(client: SSMClient, names: readonly string[]): Promise<ParameterFacts[]> {
  const found = await inBatches(names, 50, (Values) =>
    allPages(
      paginateDescribeParameters({ client }, { ParameterFilters: [{ Key: "Name", Option: "Equals", Values }] }),
      ({ Parameters }) => Parameters,
    ),
  );
  return found.map(({ Name = "", KeyId }) => ({ name: Name, keyId: KeyId }));
}
