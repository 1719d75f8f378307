import { siblingArn } from "../terraform/arn";
import { type Expression, hcl } from "../terraform/expression";
import { isToken } from "../validation/check-props";
import { custom } from "../validation/schema";

// The characters that names may have, and no more: the ARN becomes a resource of the execution role's policy, where a `*`
// would be every secret of the account.
const SECRET_ARN =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+(:[^:]*:[^:]*:[^:]*)?$/;
const PARAMETER =
  /^(\/?[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*|arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:parameter(\/[A-Za-z0-9_.-]+)+)$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/;

/** Options of any secret. */
export interface SecretOptions {
  /** The ARN of the customer's KMS key that it is encrypted with. @default - AWS's own key, which needs no rights */
  readonly encryptionKeyArn?: string;
}

/** Options of a secret in Secrets Manager. */
export interface SecretsManagerOptions extends SecretOptions {
  /** One key of a secret that is JSON. @default - the whole secret */
  readonly jsonKey?: string;
  /** @default - the current version */
  readonly versionStage?: string;
  /** @default - the current version */
  readonly versionId?: string;
}

/**
 * A value that ECS reads when a container starts and hands to it as an environment variable: it is in no Terraform
 * state. A new value reaches containers that start after it.
 */
export class Secret {
  private constructor(
    /** Which service keeps it, as IAM calls it. */
    readonly service: "ssm" | "secretsmanager",
    private readonly reference: string,
    private readonly suffix: string,
    readonly encryptionKeyArn: string | undefined,
  ) {}

  /**
   * A parameter of the Systems Manager.
   * @param parameter its name (`/prod/users/password`) or its ARN
   */
  static fromSsmParameter(parameter: string, options: SecretOptions = {}): Secret {
    return new Secret("ssm", parameter, "", options.encryptionKeyArn);
  }

  /**
   * A secret of the Secrets Manager, whole or one value of its JSON.
   * @param secretArn the whole ARN, with the six characters that Secrets Manager puts after the name
   */
  static fromSecretsManager(secretArn: string, options: SecretsManagerOptions = {}): Secret {
    const { jsonKey = "", versionStage = "", versionId = "" } = options;
    const suffix = jsonKey || versionStage || versionId ? `:${jsonKey}:${versionStage}:${versionId}` : "";
    return new Secret("secretsmanager", secretArn, suffix, options.encryptionKeyArn);
  }

  /** What ECS is told: the ARN with the key and the version. */
  valueFrom(clusterArn: string): string | Expression {
    return this.service === "ssm" ? this.arn(clusterArn) : `${this.reference}${this.suffix}`;
  }

  /** What IAM is told: IAM's resources have no JSON key, stage or version. */
  arn(clusterArn: string): string | Expression {
    const { reference, service } = this;
    if (service === "secretsmanager") {
      return isToken(reference)
        ? hcl`join(":", slice(split(":", ${reference}), 0, 7))`
        : reference.split(":").slice(0, 7).join(":");
    }
    // A token may be either; only ARNs have colons.
    const named = (name: string) => siblingArn(clusterArn, "ssm", hcl`"parameter/\${trimprefix(${name}, "/")}"`.string);
    if (isToken(reference)) return hcl`strcontains(${reference}, ":") ? ${reference} : ${named(reference)}`;
    return reference.startsWith("arn:")
      ? reference
      : siblingArn(clusterArn, "ssm", `parameter/${reference.replace(/^\//, "")}`);
  }

  /** Every way in which the secret can't be what was meant. */
  mistakes(name: string): string[] {
    const { reference, service, suffix, encryptionKeyArn } = this;
    const mistakes: string[] = [];
    if (!isToken(reference)) {
      if (service === "ssm" && !PARAMETER.test(reference)) {
        mistakes.push(
          `${name} must be the name or the ARN of an SSM parameter; received ${JSON.stringify(reference)}. List those there are: aws ssm describe-parameters --query Parameters[].Name`,
        );
      }
      if (service === "secretsmanager" && !SECRET_ARN.test(reference)) {
        mistakes.push(
          `${name} must be the ARN of a secret; received ${JSON.stringify(reference)}. List those there are: aws secretsmanager list-secrets --query SecretList[].ARN`,
        );
      }
      if (suffix && reference.split(":").length > 7) {
        mistakes.push(
          `${name} must name its key and version once; received ${JSON.stringify(reference + suffix)}. Leave them out of the ARN, or out of the options.`,
        );
      }
    }
    if (encryptionKeyArn !== undefined && !isToken(encryptionKeyArn) && !KEY_ARN.test(encryptionKeyArn)) {
      mistakes.push(
        `${name}.encryptionKeyArn must be the ARN of a KMS key; received ${JSON.stringify(encryptionKeyArn)}. Find it: aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn`,
      );
    }
    return mistakes;
  }
}

/** The field of a secret. A Secret is valid once it exists: its factories reject wrong arguments. */
export const secretField = custom<Secret>(
  "a Secret",
  "Use Secret.fromSsmParameter or Secret.fromSecretsManager.",
  (value) => value instanceof Secret,
);
