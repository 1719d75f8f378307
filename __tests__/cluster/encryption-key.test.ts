import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsIamRoles } from "@cdktf/provider-aws/lib/data-aws-iam-roles";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Testing } from "cdktf";
import { EncryptionKey } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resource, synthesized } from "../support/synthesized";

Testing.setupJest();

const PARTITION = "${data.aws_partition.key_partition.partition}";
const ACCOUNT = "${data.aws_caller_identity.key_account.account_id}";
const USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/** Synthesizes a stack with readable addresses. */
function synthesize(): string {
  const stack = emptyStack();
  new EncryptionKey(stack, "key", { name: "prod", region: "eu-west-1" });
  return JSON.stringify(synthesized(stack));
}

describe("EncryptionKey", () => {
  const json = synthesize();
  const { Statement: statements } = JSON.parse(String(resource(JSON.parse(json), "aws_kms_key.key").policy));
  const statement = (sid: string) => statements.find(({ Sid }: { Sid: string }) => Sid === sid);

  it("creates one key that rotates, and an alias", () => {
    expect(json).toHaveResourceWithProperties(KmsKey, { enable_key_rotation: true });
    expect(json).toHaveResourceWithProperties(KmsAlias, {
      name: "alias/prod",
      target_key_id: "${aws_kms_key.key.key_id}",
    });
    expect(resourceCounts(json)).toMatchObject({ aws_kms_key: 1, aws_kms_alias: 1 });
  });

  it("leaves the account in control of the key", () => {
    expect(statement("AllowIamPolicies")).toMatchObject({
      Principal: { AWS: `arn:${PARTITION}:iam::${ACCOUNT}:root` },
      Action: ["kms:*"],
    });
  });

  it("lets Auto Scaling encrypt volumes and attach them to instances, and nothing else", () => {
    const Principal = {
      AWS: `arn:${PARTITION}:iam::${ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    };
    expect(statement("AllowAutoScaling")).toEqual({
      Sid: "AllowAutoScaling",
      Effect: "Allow",
      Principal,
      Action: USE,
      Resource: "*",
    });
    expect(statement("AllowAutoScalingToAttachVolumes")).toMatchObject({
      Principal,
      Action: ["kms:CreateGrant"],
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    });
  });

  it("lets CloudWatch Logs of the region use it for the log groups of this cluster only", () => {
    const group = (name: string) => `arn:${PARTITION}:logs:eu-west-1:${ACCOUNT}:log-group:${name}*`;
    expect(statement("AllowCloudWatchLogs")).toMatchObject({
      Principal: { Service: "logs.eu-west-1.${data.aws_partition.key_partition.dns_suffix}" },
      Action: USE,
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": [group("/ecs/prod"), group("aws-waf-logs-prod")] },
      },
    });
  });

  it("shows an account without Auto Scaling's role the command that creates it", () => {
    expect(json).toHaveDataSourceWithProperties(DataAwsIamRoles, {
      name_regex: "^AWSServiceRoleForAutoScaling$",
      path_prefix: "/aws-service-role/autoscaling.amazonaws.com/",
    });
    expect(json).toHaveResourceWithProperties(KmsKey, {
      lifecycle: {
        create_before_destroy: true,
        precondition: [
          {
            condition: "${length(data.aws_iam_roles.key_autoscaling_roles.names) == 1}",
            error_message:
              "This account has no role AWSServiceRoleForAutoScaling, which the key's policy must name. Create it: aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com",
          },
        ],
      },
    });
  });

  it("rejects a wrong name and a wrong region in one error", () => {
    expect(problemsOf(() => new EncryptionKey(emptyStack(), "key", { name: "a", region: "seoul" }))).toEqual([
      'name must be 3 to 24 characters long; received "a". The load balancer\'s name adds a suffix, and AWS limits it to 32 characters.',
      'region must be the code of an AWS region; received "seoul". Use a code such as ap-northeast-2. A zone such as ap-northeast-2a is not a region.',
    ]);
  });

  it("encrypts the volumes, the log group and ECS Exec sessions of a stack with customerKey", () => {
    const stack = JSON.stringify(synthesized(clusterStack({ customerKey: true })));
    const kms_key_id = "${aws_kms_key.encryption_key.arn}";
    expect(stack).toHaveResourceWithProperties(LaunchTemplate, {
      block_device_mappings: [expect.objectContaining({ ebs: expect.objectContaining({ kms_key_id }) })],
    });
    expect(stack).toHaveResourceWithProperties(CloudwatchLogGroup, { name: "/ecs/${var.name}", kms_key_id });
    expect(stack).toHaveResourceWithProperties(EcsCluster, {
      configuration: {
        execute_command_configuration: expect.objectContaining({
          kms_key_id,
          log_configuration: expect.objectContaining({ cloud_watch_encryption_enabled: true }),
        }),
      },
    });
  });

  it("does not exist in a stack by default", () => {
    const stack = JSON.stringify(synthesized(clusterStack()));
    expect(resourceCounts(stack)).not.toHaveProperty("aws_kms_key");
    expect(stack).not.toContain("kms");
  });
});
