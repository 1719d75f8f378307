import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsIamRoles } from "@cdktf/provider-aws/lib/data-aws-iam-roles";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { checkProps } from "../validation/check-props";
import { interfaceOf, string } from "../validation/schema";
import { nameRules, regionRule } from "../validation/values";

/** What the key is called, and where. */
export interface EncryptionKeyProps {
  /** What the alias is made from: `alias/<name>`. */
  readonly name: string;
  /** The region, for the log service's principal. */
  readonly region: string;
}

/** What a key's user does with it. */
const USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/**
 * A customer managed key for the instances' volumes, the log groups and ECS Exec sessions. Its policy admits Auto
 * Scaling's service-linked role, without which no instance starts, and CloudWatch Logs, without which there is no log
 * group.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export class EncryptionKey extends Construct {
  /** The key's ARN. */
  readonly keyArn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { name, region } = props;
    checkProps(this, { name: [name, nameRules], region: [region, [regionRule]] });
    const partition = new DataAwsPartition(this, "partition");
    const account = new DataAwsCallerIdentity(this, "account").accountId;
    // KMS refuses a policy that names a role which isn't there, with a message that doesn't say which.
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

    const purpose = "Encrypts volumes and logs and sessions of the ECS cluster";
    const key = new KmsKey(this, "resource", {
      description: purpose,
      enableKeyRotation: true,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          statement("AccountDecides", { AWS: arn("iam", `:${account}:root`) }, ["kms:*"]),
          statement("AutoScalingEncryptsVolumes", autoscaling, USE),
          statement("AutoScalingHandsVolumesToInstances", autoscaling, ["kms:CreateGrant"], {
            Bool: { "kms:GrantIsForAWSResource": "true" },
          }),
          statement("LogsEncryptTheseGroups", { Service: `logs.${region}.${partition.dnsSuffix}` }, USE, {
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
        precondition: [
          {
            condition: hcl`length(${roles.fqn}.names) == 1`.string,
            errorMessage:
              "The key's policy must name AWSServiceRoleForAutoScaling, which this account doesn't have yet. Make it with: aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com",
          },
        ],
      },
    });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.keyId });
    this.keyArn = key.arn;
  }
}

/** The field of an `encryptionKey` property. */
export const encryptionKeyField = interfaceOf<EncryptionKey>(
  "a key",
  "Use an EncryptionKey construct.",
)({
  keyArn: string(),
});
