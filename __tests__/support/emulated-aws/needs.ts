import type { Answers } from "./clients";
import { block, blocks, number, type Resources, text, texts } from "./resources";

/** The types of Arm processors: a digit and a "g", such as t4g and c7gd. */
const ARM = /^\w+\dg\w*\./;

/** The answers about what instances and tasks need before they start. Secrets, parameters and images of other stacks exist. */
export function needAnswers(resources: Resources): Answers {
  return {
    DescribeLaunchTemplateVersions: (input) => ({
      LaunchTemplateVersions: resources
        .where("aws_launch_template", "id", text(input, "LaunchTemplateId"))
        .map((template) => {
          const profile = block(template, "iam_instance_profile");
          return {
            ...{ VersionNumber: number(template, "latest_version"), DefaultVersion: true },
            LaunchTemplateData: {
              ...{ ImageId: template.image_id, InstanceType: template.instance_type },
              IamInstanceProfile: { Arn: profile.arn || undefined, Name: profile.name },
              BlockDeviceMappings: blocks(template, "block_device_mappings").map((one) => ({
                Ebs: { KmsKeyId: block(one, "ebs").kms_key_id || undefined },
              })),
            },
          };
        }),
    }),
    DescribeInstanceTypes: (input) => ({
      InstanceTypes: texts(block(input, "Filters"), "Values").map((InstanceType) => ({
        ...{ InstanceType, NetworkInfo: { MaximumNetworkInterfaces: 3 } },
        ProcessorInfo: { SupportedArchitectures: [ARM.test(InstanceType) ? "arm64" : "x86_64"] },
      })),
    }),
    DescribeVolumes: () => ({ Volumes: [] }),
    DescribeLogGroups: (input) => ({
      logGroups: resources
        .of("aws_cloudwatch_log_group")
        .filter((group) => text(group, "name").startsWith(text(input, "logGroupNamePrefix")))
        .map(({ name, kms_key_id }) => ({ logGroupName: name, kmsKeyId: kms_key_id || undefined })),
    }),
    DescribeSecret: ({ SecretId }) => ({ ARN: SecretId, Name: SecretId, VersionIdsToStages: { a: ["AWSCURRENT"] } }),
    GetResourcePolicy: () => ({}),
    DescribeParameters: (input) => ({
      Parameters: texts(block(input, "ParameterFilters"), "Values").map((Name) => ({ Name })),
    }),
    BatchGetImage: (input) => ({
      images: blocks(input, "imageIds").map((imageId) => ({ imageId, imageManifest: "{}" })),
    }),
    GetRepositoryPolicy: () => ({}),
    DescribePullThroughCacheRules: () => ({ pullThroughCacheRules: [] }),
    DescribeKey: ({ KeyId }) => ({ KeyMetadata: { Arn: KeyId, KeyState: "Enabled" } }),
  };
}
