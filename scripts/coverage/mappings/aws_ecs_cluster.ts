import type { Mapping } from "../cover";

const EXEC = "configuration.execute_command_configuration";

/** The arguments of `aws_ecs_cluster`. */
export const AWS_ECS_CLUSTER: Mapping = {
  [`${EXEC}.kms_key_id`]: ["ClusterProps.encryptionKey", "EcsClusterSettings.customerKey"],
  [`${EXEC}.log_configuration.cloud_watch_encryption_enabled`]: { fixed: "True with `customerKey`." },
  [`${EXEC}.log_configuration.cloud_watch_log_group_name`]: { fixed: "Always the log group of the cluster." },
  [`${EXEC}.log_configuration.s3_bucket_encryption_enabled`]: { fixed: "True with `executeCommandS3`." },
  [`${EXEC}.log_configuration.s3_bucket_name`]: "ExecuteCommandS3.bucketName",
  [`${EXEC}.log_configuration.s3_key_prefix`]: "ExecuteCommandS3.keyPrefix",
  [`${EXEC}.logging`]: ["ClusterProps.executeCommandLogging", "EcsClusterSettings.executeCommandLogging"],
  "configuration.managed_storage_configuration.fargate_ephemeral_storage_kms_key_id": {
    outOfScope: "It is for Fargate.",
  },
  "configuration.managed_storage_configuration.kms_key_id": [
    "ClusterProps.managedStorageKey",
    "EcsClusterSettings.managedStorageEncryption",
  ],
  name: ["ClusterProps.name", "EcsClusterValues.name"],
  region: { fixed: "Always the region of the provider." },
  "service_connect_defaults.namespace": [
    "ClusterProps.serviceConnectDefaults",
    "EcsClusterSettings.defaultCloudMapNamespace",
  ],
  "setting[].name": { fixed: "Always `containerInsights`, the only setting." },
  "setting[].value": ["ClusterProps.containerInsights", "EcsClusterSettings.containerInsights"],
  tags: { fixed: "Always the name and the purpose, with the tags of the stack." },
};
