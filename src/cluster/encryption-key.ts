import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsIamRoles } from "@cdktf/provider-aws/lib/data-aws-iam-roles";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules, regionRule } from "../validation/aws-rules";
import { matches } from "../validation/rule";
import { interfaceOf, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";

/** The key's name and region. */
export interface EncryptionKeyProps {
  /** The cluster's name. The alias is `alias/<name>`, and the key encrypts the log groups whose names start with `/ecs/<name>`. */
  readonly name: string;
  /** The region of the log groups. */
  readonly region: string;
}

export const encryptionKeyPropsSchema = schemaOf<EncryptionKeyProps>()({
  name: string(...clusterNameRules),
  region: string(regionRule),
});

/** The actions of AWS's services that use the key. */
const USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/**
 * A customer managed key for the instances' volumes, the log groups and ECS Exec sessions. Its policy admits the
 * service-linked role of Auto Scaling, which starts instances, and CloudWatch Logs, which creates log groups.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export class EncryptionKey extends Construct implements KeyReference {
  /** The key's ARN. */
  readonly keyArn: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { name, region } = validate(this, encryptionKeyPropsSchema, props);
    const partition = new DataAwsPartition(this, "partition");
    const account = new DataAwsCallerIdentity(this, "account").accountId;
    // KMS rejects a policy that names a missing role, with a message that does not name the role.
    const roles = new DataAwsIamRoles(this, "autoscaling_roles", {
      nameRegex: "^AWSServiceRoleForAutoScaling$",
      pathPrefix: "/aws-service-role/autoscaling.amazonaws.com/",
    });
    const arn = (service: string, rest: string) => `arn:${partition.partition}:${service}:${rest}`;
    const autoscaling = {
      AWS: arn("iam", `:${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`),
    };
    const statement = (Sid: string, Principal: object, Action: readonly string[], Condition?: object) => ({
      Sid,
      Effect: "Allow",
      Principal,
      Action,
      Resource: "*",
      ...(Condition ? { Condition } : {}),
    });

    const purpose = "Encrypts the data of the ECS cluster";
    const key = new KmsKey(this, "resource", {
      description: purpose,
      enableKeyRotation: true,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          statement("AllowIamPolicies", { AWS: arn("iam", `:${account}:root`) }, ["kms:*"]),
          statement("AllowAutoScaling", autoscaling, USE),
          statement("AllowAutoScalingToAttachVolumes", autoscaling, ["kms:CreateGrant"], {
            Bool: { "kms:GrantIsForAWSResource": "true" },
          }),
          statement("AllowCloudWatchLogs", { Service: `logs.${region}.${partition.dnsSuffix}` }, USE, {
            ArnLike: {
              "kms:EncryptionContext:aws:logs:arn": [`/ecs/${name}`, `aws-waf-logs-${name}`].map((group) =>
                arn("logs", `${region}:${account}:log-group:${group}*`),
              ),
            },
          }),
        ],
      }),
      tags: purposeTags(name, purpose),
      lifecycle: {
        // What it encrypts must stop using it first.
        createBeforeDestroy: true,
        precondition: [
          {
            condition: hcl`length(${roles.fqn}.names) == 1`.string,
            errorMessage:
              "This account has no role AWSServiceRoleForAutoScaling, which the key's policy must name. Create it: aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com",
          },
        ],
      },
    });
    this.node.defaultChild = key;
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.keyId });
    this.keyArn = key.arn;
  }
}

/** The ARN of a key. An alias can lead to another key later. */
export const keyArnRule = matches(
  "^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$",
  "be the ARN of a KMS key",
  "List the keys: aws kms list-keys",
);

/** A KMS key: an {@link EncryptionKey}, or one that exists, such as `{ keyArn: "arn:aws:kms:…" }`. */
export interface KeyReference {
  /** The key's ARN. Its policy must admit what the construct encrypts. */
  readonly keyArn: string;
}

/** The field of an `encryptionKey` property. */
export const encryptionKeyField = interfaceOf<KeyReference>(
  "an encryption key",
  "Use an EncryptionKey construct, or { keyArn }.",
)({
  keyArn: string(),
});
