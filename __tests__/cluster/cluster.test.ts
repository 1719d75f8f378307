import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsAccountSettingDefault } from "@cdktf/provider-aws/lib/ecs-account-setting-default";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { IamServiceLinkedRole } from "@cdktf/provider-aws/lib/iam-service-linked-role";
import { TerraformVariable, Testing } from "cdktf";
import { Cluster, type ClusterProps, EncryptionKey } from "../../src";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved, synthesized } from "../support/synthesized";

Testing.setupJest();

/** Synthesizes a stack with readable addresses. */
function synthesize(props: Partial<ClusterProps> = {}): string {
  const stack = emptyStack();
  new Cluster(stack, "cluster", { name: "prod", ...props });
  return JSON.stringify(synthesized(stack));
}

const problems = (props: object) => problemsOf(() => synthesize(props));

describe("Cluster", () => {
  it("has its name, a purpose and Container Insights", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(EcsCluster, {
      name: "prod",
      setting: [{ name: "containerInsights", value: "enabled" }],
      tags: { Name: "prod", Purpose: "Runs services on EC2 instances" },
    });
    expect(resourceCounts(json)).toEqual({ aws_ecs_cluster: 1, aws_cloudwatch_log_group: 1 });
  });

  it("compares its region with the provider's, if that is given", () => {
    expect(synthesize()).not.toContain("postcondition");
    expect(synthesize({ region: "eu-west-1" })).toHaveResourceWithProperties(EcsCluster, {
      lifecycle: { postcondition: [expect.objectContaining({ condition: '${self.region == "eu-west-1"}' })] },
    });
  });

  it.each([
    ["enhanced", true],
    ["disabled", false],
  ] as const)("sets Container Insights to %s", (containerInsights, isMeasured) => {
    expect(synthesize({ containerInsights })).toHaveResourceWithProperties(EcsCluster, {
      setting: [{ name: "containerInsights", value: containerInsights }],
    });
    const cluster = new Cluster(emptyStack(), "cluster", { name: "prod", containerInsights });
    expect(cluster.hasContainerInsights).toBe(isMeasured);
  });

  it("logs the output of ECS Exec sessions to a log group that keeps it for 14 days", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(CloudwatchLogGroup, { name: "/ecs/prod", retention_in_days: 14 });
    expect(json).toHaveResourceWithProperties(EcsCluster, {
      configuration: {
        execute_command_configuration: {
          logging: "OVERRIDE",
          log_configuration: { cloud_watch_log_group_name: "${aws_cloudwatch_log_group.cluster_log_group.name}" },
        },
      },
    });
  });

  it("does not log ECS Exec sessions with executeCommandLogging false", () => {
    expect(synthesize({ executeCommandLogging: false })).toHaveResourceWithProperties(EcsCluster, {
      configuration: { execute_command_configuration: { logging: "NONE" } },
      // The log group's name collides first when a second state creates the same cluster.
      depends_on: ["aws_cloudwatch_log_group.cluster_log_group"],
    });
  });

  it("also logs sessions to an encrypted bucket with executeCommandS3", () => {
    const executeCommandS3 = { bucketName: "sessions", keyPrefix: "audit/prod" };
    expect(synthesize({ executeCommandS3 })).toHaveResourceWithProperties(EcsCluster, {
      configuration: {
        execute_command_configuration: {
          logging: "OVERRIDE",
          log_configuration: {
            cloud_watch_log_group_name: "${aws_cloudwatch_log_group.cluster_log_group.name}",
            ...{ s3_bucket_name: "sessions", s3_key_prefix: "audit/prod", s3_bucket_encryption_enabled: true },
          },
        },
      },
    });
    expect(problems({ executeCommandS3, executeCommandLogging: false })).toEqual([
      'executeCommandS3 must not be set with executeCommandLogging false; received {"bucketName": "sessions", "keyPrefix": "audit/prod"}. Remove executeCommandLogging, or this.',
    ]);
  });

  it("encrypts the volumes of tasks with managedStorageKey, and has no storage configuration without it", () => {
    const keyArn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";
    expect(synthesize({ managedStorageKey: { keyArn } })).toHaveResourceWithProperties(EcsCluster, {
      configuration: expect.objectContaining({ managed_storage_configuration: { kms_key_id: keyArn } }),
    });
    expect(synthesize()).not.toContain("managed_storage_configuration");
  });

  it("keeps the log group in AWS with retainLogGroup", () => {
    expect(synthesize({ retainLogGroup: true })).toHaveResourceWithProperties(CloudwatchLogGroup, {
      skip_destroy: true,
    });
    expect(synthesize()).not.toHaveResourceWithProperties(CloudwatchLogGroup, { skip_destroy: true });
  });

  it("encrypts the log group and ECS Exec sessions with encryptionKey", () => {
    const stack = emptyStack();
    const encryptionKey = new EncryptionKey(stack, "key", { name: "prod", region: "eu-west-1" });
    const cluster = new Cluster(stack, "cluster", { name: "prod", encryptionKey });
    const json = JSON.stringify(synthesized(stack));
    expect(json).toHaveResourceWithProperties(CloudwatchLogGroup, { kms_key_id: "${aws_kms_key.key.arn}" });
    expect(json).toHaveResourceWithProperties(EcsCluster, {
      configuration: {
        execute_command_configuration: expect.objectContaining({
          kms_key_id: "${aws_kms_key.key.arn}",
          log_configuration: expect.objectContaining({ cloud_watch_encryption_enabled: true }),
        }),
      },
    });
    expect(resolved(stack, cluster.executeCommandKeyArn)).toBe("${aws_kms_key.key.arn}");
  });

  it("creates the service-linked role before the cluster with serviceLinkedRole", () => {
    const json = synthesize({ serviceLinkedRole: true });
    expect(json).toHaveResourceWithProperties(IamServiceLinkedRole, { aws_service_name: "ecs.amazonaws.com" });
    expect(json).toHaveResourceWithProperties(EcsCluster, {
      depends_on: [
        "aws_cloudwatch_log_group.cluster_log_group",
        "aws_iam_service_linked_role.cluster_service_linked_role",
      ],
    });
  });

  it("returns its name and ARN as references, so that resources which use them depend on it", () => {
    const stack = emptyStack();
    const { clusterName, clusterArn, nameOnceMade } = new Cluster(stack, "cluster", { name: "prod" });
    expect([clusterName, clusterArn, nameOnceMade].map((value) => resolved(stack, value))).toEqual([
      "${aws_ecs_cluster.cluster.name}",
      "${aws_ecs_cluster.cluster.arn}",
      '${element(split("/", aws_ecs_cluster.cluster.arn), 1)}',
    ]);
  });

  it("accepts a name and a retention from variables", () => {
    const json = Testing.synthScope((stack) => {
      const name = new TerraformVariable(stack, "name", { type: "string" });
      const days = new TerraformVariable(stack, "days", { type: "number" });
      new Cluster(stack, "cluster", { name: name.stringValue, logRetentionDays: days.value });
    });
    expect(json).toHaveResourceWithProperties(EcsCluster, { name: "${var.name}" });
    expect(json).toHaveResourceWithProperties(CloudwatchLogGroup, {
      name: "/ecs/${var.name}",
      retention_in_days: "${var.days}",
    });
  });

  it("rejects a retention that CloudWatch does not have, and lists the others", () => {
    expect(problems({ logRetentionDays: 15 })).toEqual([
      "logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; received 15. CloudWatch Logs accepts only these numbers of days.",
    ]);
  });

  it("names the construct and every problem in one error", () => {
    expect(() => synthesize({ name: "-x", logRetentionDays: 2 })).toThrow('Cluster "test/cluster" has 3 problems:');
  });

  it.each<[string, object, string]>([
    [
      "an unknown level of Container Insights",
      { containerInsights: "on" },
      'containerInsights must be one of "enhanced", "enabled", "disabled"; received "on". Choose one of these.',
    ],
    [
      "a hyphen at the start of the name",
      { name: "-prod" },
      'name must contain only letters, digits and hyphens, and neither start nor end with a hyphen; received "-prod". AWS rejects other names of load balancers.',
    ],
    [
      "a prefix that AWS reserves",
      { name: "internal-prod" },
      'name must not be internal or sg, nor start with internal- or sg-; received "internal-prod". The load balancer\'s name is <name>-alb, and AWS reserves these prefixes. Choose another name.',
    ],
    [
      "the ARN of a key in place of the key",
      { encryptionKey: "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d" },
      'encryptionKey must be an encryption key; received "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d". Use an EncryptionKey construct, or { keyArn }.',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problems(props)).toEqual([message]);
  });

  it("switches awsvpcTrunking on before the cluster and its instances exist", () => {
    const json = synthesize({ awsvpcTrunking: true });
    expect(json).toHaveResourceWithProperties(EcsAccountSettingDefault, { name: "awsvpcTrunking", value: "enabled" });
    expect(json).toHaveResourceWithProperties(EcsCluster, {
      depends_on: [
        "aws_cloudwatch_log_group.cluster_log_group",
        "aws_ecs_account_setting_default.cluster_awsvpc_trunking",
      ],
    });
  });
});
