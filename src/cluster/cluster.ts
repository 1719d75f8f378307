import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsAccountSettingDefault } from "@cdktf/provider-aws/lib/ecs-account-setting-default";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { IamServiceLinkedRole } from "@cdktf/provider-aws/lib/iam-service-linked-role";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { literal } from "../terraform/literal";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules, logRetentionRule, regionRule } from "../validation/aws-rules";
import { boolean, choice, interfaceOf, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import { namespaceArnRule } from "./cloud-map-namespace";
import { type ClusterAttributes, clusterFromAttributes } from "./cluster-attributes";
import type { EcsClusterTarget } from "./ecs-cluster-target";
import { encryptionKeyField, type KeyReference } from "./encryption-key";
import { type ExecuteCommandS3, executeCommandS3Schema } from "./execute-command-s3";

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html */
export const CONTAINER_INSIGHTS = ["enhanced", "enabled", "disabled"] as const;

/** The ECS cluster. */
export interface ClusterProps {
  /** The cluster's name. Other names start with it. */
  readonly name: string;
  /** The region of the provider. With it, a plan in another region than the cluster's fails. @default - no check */
  readonly region?: string;
  /** Days that the log group keeps the output of ECS Exec sessions. @default 14 */
  readonly logRetentionDays?: number;
  /** Keeps the log group in AWS when the cluster is destroyed. To create the cluster again, import the log group. @default - false: the output is deleted with the cluster */
  readonly retainLogGroup?: boolean;
  /** CloudWatch Container Insights. `enhanced` also measures each task and container. @default "enabled" */
  readonly containerInsights?: (typeof CONTAINER_INSIGHTS)[number];
  /** Logs the output of ECS Exec sessions. @default true */
  readonly executeCommandLogging?: boolean;
  /** Logs the output of ECS Exec sessions to a bucket too. @default - only to the log group */
  readonly executeCommandS3?: ExecuteCommandS3;
  /** The key that encrypts the log group and ECS Exec sessions. @default - a key that AWS owns */
  readonly encryptionKey?: KeyReference;
  /**
   * The key that encrypts the EBS volumes of tasks that name no key themselves. It must be a key of one region.
   * @default - the account's key for EBS, `aws/ebs`
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ebs-kms-encryption.html
   */
  readonly managedStorageKey?: KeyReference;
  /**
   * Creates `AWSServiceRoleForECS`, which an account that never used ECS does not have. The apply fails when the account
   * already has the role. @default false
   */
  readonly serviceLinkedRole?: boolean;
  /**
   * Switches `awsvpcTrunking` on for the whole account in the region, before the instances start. Instances of types that
   * support it then have a trunk network interface, which serves more tasks in awsvpc mode. Terraform switches it off for
   * the account when the setting is removed.
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
   */
  readonly awsvpcTrunking?: boolean;
  /** The namespace of services with Service Connect that name none, by ARN. @default - none */
  readonly serviceConnectDefaults?: { readonly namespace: string };
}

export const clusterPropsSchema = schemaOf<ClusterProps>()(
  {
    name: string(...clusterNameRules),
    region: string(regionRule).optional(),
    logRetentionDays: number(logRetentionRule).default(14),
    retainLogGroup: boolean().optional(),
    containerInsights: plain(choice(...CONTAINER_INSIGHTS)).default("enabled"),
    executeCommandLogging: plain(boolean()).default(true),
    executeCommandS3: executeCommandS3Schema.optional(),
    encryptionKey: encryptionKeyField.optional(),
    managedStorageKey: encryptionKeyField.optional(),
    serviceLinkedRole: plain(boolean()).default(false),
    awsvpcTrunking: plain(boolean()).default(false),
    serviceConnectDefaults: schemaOf<NonNullable<ClusterProps["serviceConnectDefaults"]>>()({
      namespace: string(namespaceArnRule),
    }).optional(),
  },
  bucketWithLogging,
);

/** A cluster that does not log sessions would ignore the bucket. */
export function* bucketWithLogging(
  { executeCommandLogging }: Known<Pick<ClusterProps, "executeCommandLogging">>,
  given: Given<Pick<ClusterProps, "executeCommandS3">>,
): Findings<Pick<ClusterProps, "executeCommandS3">> {
  if (executeCommandLogging !== false || !given("executeCommandS3")) return;
  const fix = "Remove executeCommandLogging, or this.";
  yield { at: "executeCommandS3", must: "not be set with executeCommandLogging false", fix };
}

/** The ECS cluster, and the log group for the output of ECS Exec sessions. */
export class Cluster extends Construct {
  /**
   * Returns a cluster that someone else created, for the `cluster` property of services. It creates and looks up nothing.
   * @throws {SettingsError} with every problem of the attributes
   */
  static fromClusterAttributes(attributes: ClusterAttributes): EcsClusterTarget {
    return clusterFromAttributes(attributes);
  }

  /** The cluster's name, as a reference to the cluster. Resources that use it are created after it and deleted before it. */
  readonly clusterName: string;
  /** The cluster's ARN. */
  readonly clusterArn: string;
  /**
   * The cluster's name, taken from its ARN. Terraform knows the ARN only after it created the cluster, so a data source that
   * uses this name is read after that.
   */
  readonly nameOnceMade: string;
  /** The ARN of the key of ECS Exec sessions. A task role needs `kms:Decrypt` on it. */
  readonly executeCommandKeyArn?: string;
  /** The bucket for the output of ECS Exec sessions. A task role needs permissions on it. */
  readonly executeCommandS3?: ExecuteCommandS3;
  /** The ARN of the key of the EBS volumes of tasks. The role with which ECS creates them needs permissions on it. */
  readonly managedStorageKeyArn?: string;
  /** The log group's name. */
  readonly logGroupName: string;
  /** Whether Container Insights measures the cluster. */
  readonly hasContainerInsights: boolean;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const settings = validate(this, clusterPropsSchema, props);
    const { name, containerInsights, encryptionKey, executeCommandS3: bucket, managedStorageKey } = settings;
    this.executeCommandKeyArn = encryptionKey?.keyArn;
    this.executeCommandS3 = bucket;
    this.managedStorageKeyArn = managedStorageKey?.keyArn;
    this.hasContainerInsights = containerInsights !== "disabled";

    const logs = new CloudwatchLogGroup(this, "log_group", {
      name: `/ecs/${name}`,
      retentionInDays: settings.logRetentionDays,
      skipDestroy: settings.retainLogGroup,
      kmsKeyId: encryptionKey?.keyArn,
      tags: purposeTags(`/ecs/${name}`, "Output of ECS Exec sessions in the cluster"),
    });
    this.logGroupName = logs.name;

    const prerequisites = [
      ...(settings.serviceLinkedRole
        ? [
            new IamServiceLinkedRole(this, "service_linked_role", {
              awsServiceName: "ecs.amazonaws.com",
              description: "Lets ECS manage resources in this account",
            }),
          ]
        : []),
      ...(settings.awsvpcTrunking
        ? [new EcsAccountSettingDefault(this, "awsvpc_trunking", { name: "awsvpcTrunking", value: "enabled" })]
        : []),
    ];
    const cluster = new EcsCluster(this, "resource", {
      name,
      setting: [{ name: "containerInsights", value: containerInsights }],
      configuration: {
        executeCommandConfiguration: {
          kmsKeyId: encryptionKey?.keyArn,
          ...(settings.executeCommandLogging
            ? {
                logging: "OVERRIDE",
                logConfiguration: {
                  cloudWatchLogGroupName: logs.name,
                  cloudWatchEncryptionEnabled: encryptionKey ? true : undefined,
                  ...(bucket && {
                    s3BucketName: literal(bucket.bucketName),
                    s3KeyPrefix: bucket.keyPrefix === undefined ? undefined : literal(bucket.keyPrefix),
                    // Sessions then need a bucket with default encryption.
                    s3BucketEncryptionEnabled: true,
                  }),
                },
              }
            : { logging: "NONE" }),
        },
        managedStorageConfiguration: managedStorageKey && { kmsKeyId: managedStorageKey.keyArn },
      },
      serviceConnectDefaults: settings.serviceConnectDefaults,
      tags: purposeTags(name, "Runs services on EC2 instances"),
      // ECS returns the existing cluster for a name that exists, and a second state would then own the first one's cluster.
      // CloudWatch Logs rejects a name that exists. https://github.com/hashicorp/terraform-provider-aws/issues/44817
      dependsOn: [logs, ...prerequisites],
      lifecycle: settings.region === undefined ? undefined : staysIn(settings.region),
    });
    this.node.defaultChild = cluster;
    this.clusterName = cluster.name;
    this.clusterArn = cluster.arn;
    this.nameOnceMade = hcl`element(split("/", ${cluster.arn}), 1)`.string;
  }
}

/**
 * The AWS provider reads and changes existing resources in the region of the state, and creates new ones in the region of its
 * configuration. A state would then have resources in two regions.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
 */
const staysIn = (region: string) => ({
  postcondition: [
    {
      condition: hcl`self.region == ${region}`.string,
      errorMessage: `The region of a cluster cannot change; received ${region}, and the cluster is in ${hcl`self.region`}. Set the region back. For a cluster in another region, use another stack, or another state.`,
    },
  ],
});

/** The field of a `cluster` property that needs the construct itself. */
export const clusterField = interfaceOf<Cluster>(
  "a cluster",
  "Use a Cluster construct.",
)({
  clusterName: string(),
  clusterArn: string(),
  nameOnceMade: string(),
  logGroupName: string(),
  executeCommandKeyArn: string().optional(),
  executeCommandS3: executeCommandS3Schema.optional(),
  managedStorageKeyArn: string().optional(),
  hasContainerInsights: plain(boolean()),
});
