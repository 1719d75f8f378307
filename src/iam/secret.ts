import { DataAwsSecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-version";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import type { Construct } from "constructs";
import { siblingArn } from "../terraform/arn";
import { type Expression, hcl } from "../terraform/expression";
import { kmsKeyArnRule } from "../validation/aws-rules";
import { matches, type Rule } from "../validation/rule";
import {
  anyOf,
  attributeOf,
  boolean,
  custom,
  interfaceOf,
  plain,
  schemaOf,
  sensitive,
  string,
  unavailable,
  withDefaults,
} from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";

/** Options of every secret. */
export interface SecretOptions {
  /** The ARN of the customer managed KMS key that encrypts it. @default - AWS's key, which needs no permission */
  readonly encryptionKeyArn?: string;
}

/** Options of a secret in Secrets Manager. */
export interface SecretsManagerOptions extends SecretOptions {
  /** The name of one value, when the secret is JSON. @default - the whole secret */
  readonly jsonKey?: string;
  /** The staging label of a version, such as `AWSPREVIOUS`. @default - the current version */
  readonly versionStage?: string;
  /** The id of a version. @default - the current version */
  readonly versionId?: string;
  /**
   * Deploy the service when the secret has a new version. The next plan shows it. Terraform reads the ids of the versions,
   * and never a value.
   * @default false
   */
  readonly redeployOnChange?: boolean;
}

/** A resource of the app that has an ARN, such as a `SecretsmanagerSecret` or an `SsmParameter` of CDKTF. */
export interface ArnReference {
  /** The ARN. */
  readonly arn: string;
}

const secretOptionsSchema = schemaOf<SecretOptions>()({
  encryptionKeyArn: string(kmsKeyArnRule).optional(),
});

const ssmOptionsSchema = schemaOf<SecretOptions>()({
  ...secretOptionsSchema.shape,
  ...unavailable(
    ["redeployOnChange"],
    "Terraform would read the parameter's value into its state. Use a secret of Secrets Manager, or deploy again after a change: aws ecs update-service --force-new-deployment.",
  ),
});

const part = string(
  matches("^[^:]*$", "contain no colon", "ECS separates the ARN, the key and the version with colons."),
).optional();
const secretsManagerOptionsSchema = schemaOf<SecretsManagerOptions>()(
  {
    ...secretOptionsSchema.shape,
    jsonKey: part,
    versionStage: part,
    versionId: part,
    redeployOnChange: plain(boolean()).default(false),
  },
  function* changingVersion({ redeployOnChange }, given) {
    if (!redeployOnChange || !given("versionId")) return;
    yield {
      at: "redeployOnChange",
      must: "not be true with versionId",
      fix: "A version never changes. Remove one of the two.",
    };
  },
);

/** The arguments of {@link Secret.fromSsmParameter}. */
interface SsmParameter {
  readonly parameter: string | ArnReference;
  readonly options?: SecretOptions;
}
/** The arguments of {@link Secret.fromSecretsManager}. */
interface SecretsManagerSecret {
  readonly secretArn: string | ArnReference;
  readonly options?: SecretsManagerOptions;
}

/** The field of a text, or of a resource that has an ARN. A construct reads the text or the ARN. */
const textOrArn = (rule: Rule<string>) =>
  anyOf(
    string(rule),
    attributeOf(
      interfaceOf<ArnReference>(
        "a resource with an ARN",
        "Use a string, or a resource of the app.",
      )({ arn: string(rule) }),
      "arn",
    ),
  );

/** A parameter that reads a secret of Secrets Manager. Its name has the characters of a secret's name. */
const OF_SECRET = "aws/reference/secretsmanager/[A-Za-z0-9/_+=.@!-]+";

// Both are sensitive: a caller can pass the secret's value instead, which must not appear in a log. Neither accepts `*`,
// because the ARN becomes a resource of the execution role's policy.
const ssmParameterSchema = schemaOf<SsmParameter>()({
  parameter: sensitive(
    textOrArn(
      matches(
        `^(/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*|/?${OF_SECRET}|arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:parameter(/${OF_SECRET}|(/[A-Za-z0-9_.-]+)+))$`,
        "be the name or the ARN of an SSM parameter",
        "List the parameters: aws ssm describe-parameters --query Parameters[].Name",
      ),
    ),
  ),
  options: withDefaults(ssmOptionsSchema),
});
const secretsManagerSecretSchema = schemaOf<SecretsManagerSecret>()(
  {
    secretArn: sensitive(
      textOrArn(
        matches(
          "^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+(:[^:]*:[^:]*:[^:]*)?$",
          "be the ARN of a secret",
          "List the secrets: aws secretsmanager list-secrets --query SecretList[].ARN",
        ),
      ),
    ),
    options: withDefaults(secretsManagerOptionsSchema),
  },
  function* wholeArn({ secretArn: arn }: Known<SecretsManagerSecret>): Findings<SecretsManagerSecret> {
    const [, , , region, , , name] = typeof arn === "string" ? arn.split(":") : [];
    if (name === undefined || /-[A-Za-z0-9]{6}$/.test(name)) return;
    yield {
      at: "secretArn",
      must: "have the hyphen and the six characters that Secrets Manager adds to the name",
      // The value is an ARN here, so it is safe to show the name in it.
      fix: `Print the whole ARN: aws secretsmanager describe-secret --region ${region} --secret-id '${name}' --query ARN --output text`,
    };
  },
  function* oneKeyAndVersion({ secretArn: arn, options }: Known<SecretsManagerSecret>): Findings<SecretsManagerSecret> {
    if (typeof arn !== "string" || options === undefined || arn.split(":").length <= 7) return;
    const { jsonKey, versionStage, versionId } = options;
    if (!jsonKey && !versionStage && !versionId) return;
    const fix = "Remove them from the ARN, or from the options.";
    yield { at: "secretArn", must: "not have a key and a version when the options have them", fix };
  },
);

/**
 * A value that ECS reads when a container starts, and passes to it as an environment variable. The value is never in
 * Terraform's state. A new value reaches only containers that start later.
 */
export class Secret {
  private constructor(
    /** The service that stores it, as IAM names it. */
    readonly service: "ssm" | "secretsmanager",
    private readonly reference: string,
    private readonly suffix: string,
    /** The ARN of the customer managed KMS key that encrypts the secret. @default - AWS's key */
    readonly encryptionKeyArn: string | undefined,
    /** The staging label whose new versions deploy the service. @default - none */
    readonly deployedStage: string | undefined,
  ) {}

  /**
   * Returns a parameter of Systems Manager.
   * @param parameter its name (`/prod/users/password`), its ARN, or a resource of the app
   * @throws {SettingsError} with every problem of the arguments, without the parameter
   */
  static fromSsmParameter(parameter: string | ArnReference, options?: SecretOptions): Secret {
    const settings = validate("Secret.fromSsmParameter", ssmParameterSchema, { parameter, options });
    return new Secret("ssm", settings.parameter, "", settings.options.encryptionKeyArn, undefined);
  }

  /**
   * Returns a secret of Secrets Manager, or one value of its JSON.
   * @param secretArn the whole ARN, with the six characters that Secrets Manager adds to the name, or a resource of the app
   * @throws {SettingsError} with every problem of the arguments, without the ARN
   */
  static fromSecretsManager(secretArn: string | ArnReference, options?: SecretsManagerOptions): Secret {
    const settings = validate("Secret.fromSecretsManager", secretsManagerSecretSchema, { secretArn, options });
    const { jsonKey = "", versionStage = "", versionId = "", encryptionKeyArn, redeployOnChange } = settings.options;
    const suffix = jsonKey || versionStage || versionId ? `:${jsonKey}:${versionStage}:${versionId}` : "";
    const deployedStage = redeployOnChange ? versionStage || "AWSCURRENT" : undefined;
    return new Secret("secretsmanager", settings.secretArn, suffix, encryptionKeyArn, deployedStage);
  }

  /** Returns the reference for ECS: the ARN with the key and the version. */
  valueFrom(clusterArn: string): string | Expression {
    return this.service === "ssm" ? this.arn(clusterArn) : `${this.reference}${this.suffix}`;
  }

  /**
   * Creates the data source that reads the value, and returns the value. Terraform then stores the value in its state.
   * @param id the id of the data source
   */
  lookUpValue(scope: Construct, id: string, clusterArn: string): string {
    const { service, reference, suffix } = this;
    if (service === "ssm") return new DataAwsSsmParameter(scope, id, { name: reference }).value;
    const [jsonKey = "", versionStage = "", versionId = ""] = isToken(reference)
      ? suffix.split(":").slice(1)
      : `${reference}${suffix}`.split(":").slice(7);
    const arn = this.arn(clusterArn);
    const secret = new DataAwsSecretsmanagerSecretVersion(scope, id, {
      secretId: typeof arn === "string" ? arn : arn.string,
      versionStage: versionStage || undefined,
      versionId: versionId || undefined,
    });
    return jsonKey === "" ? secret.secretString : hcl`jsondecode(${secret.secretString})[${jsonKey}]`.string;
  }

  /** Whether the reference names one value or one version of the secret, and not the whole secret. */
  get isPart(): boolean {
    return this.suffix !== "" || (!isToken(this.reference) && this.reference.split(":").length > 7);
  }

  /**
   * Returns the ARN of the secret that an SSM parameter refers to, for IAM: SSM reads the secret with the role's
   * permissions. Returns undefined for any other secret, and for a token.
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
   */
  referencedSecretArn(clusterArn: string): Expression | undefined {
    const { reference, service } = this;
    const [, name] = /(?:^|:parameter)\/?aws\/reference\/secretsmanager\/(.+)$/.exec(reference) ?? [];
    if (service !== "ssm" || name === undefined || isToken(reference)) return undefined;
    return siblingArn(reference.startsWith("arn:") ? reference : clusterArn, "secretsmanager", `secret:${name}-??????`);
  }

  /** Returns the ARN for IAM, which has no key and no version. */
  arn(clusterArn: string): string | Expression {
    const { reference, service } = this;
    if (service === "secretsmanager") {
      return isToken(reference)
        ? hcl`join(":", slice(split(":", ${reference}), 0, 7))`
        : reference.split(":").slice(0, 7).join(":");
    }
    // A token can be a name or an ARN. Only an ARN has colons.
    const named = (name: string) => siblingArn(clusterArn, "ssm", hcl`"parameter/\${trimprefix(${name}, "/")}"`.string);
    if (isToken(reference)) return hcl`strcontains(${reference}, ":") ? ${reference} : ${named(reference)}`;
    return reference.startsWith("arn:")
      ? reference
      : siblingArn(clusterArn, "ssm", `parameter/${reference.replace(/^\//, "")}`);
  }
}

/** The field of a secret. A Secret is valid once it exists, because its factories reject wrong arguments. */
export const secretField = custom<Secret>(
  "a Secret",
  "Use Secret.fromSsmParameter or Secret.fromSecretsManager.",
  (value) => value instanceof Secret,
);
