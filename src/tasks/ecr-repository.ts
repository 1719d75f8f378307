import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository as AwsEcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules, serviceNameRules } from "../validation/aws-rules";
import { wholeNumber } from "../validation/rule";
import { boolean, number, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";

/** The settings of a repository beside its name. */
export interface EcrRepositorySettings {
  /** Images to keep. ECR deletes older ones. @default 30 */
  readonly keepImages?: number;
  /** Days to keep an image without a tag. @default 7 */
  readonly keepUntaggedDays?: number;
  /** Let `destroy` delete the repository's images too. Otherwise it fails while the repository has images. @default false */
  readonly forceDelete?: boolean;
}

export const ecrRepositorySettingsSchema = schemaOf<EcrRepositorySettings>()({
  keepImages: number(wholeNumber(1, 1000, "images", "For example 30.")).default(30),
  keepUntaggedDays: number(wholeNumber(1, 365, "days", "For example 7.")).default(7),
  forceDelete: boolean().default(false),
});

/** The repository of one service's images. */
export interface EcrRepositoryProps extends EcrRepositorySettings {
  /** The cluster's name. The repository's name is `<cluster>/<name>` in lower case. */
  readonly clusterName: string;
  /** The service's name. */
  readonly name: string;
  /**
   * The ARN of the KMS key that encrypts the images. A repository keeps the encryption that it was created with, so a change
   * has no effect on one that exists. Do not delete the key while the repository exists.
   * @default - ECR's own encryption
   */
  readonly encryptionKeyArn?: string;
}

export const ecrRepositoryPropsSchema = schemaOf<EcrRepositoryProps>()({
  ...ecrRepositorySettingsSchema.shape,
  clusterName: string(...clusterNameRules),
  name: string(...serviceNameRules),
  encryptionKeyArn: string().optional(),
});

/** A private repository with immutable tags. ECR scans each pushed image, and deletes old images. */
export class EcrRepository extends Construct {
  /** The URL without a tag: `<account>.dkr.ecr.<region>.amazonaws.com/<cluster>/<name>`. */
  readonly repositoryUrl: string;
  /** The repository's ARN. */
  readonly repositoryArn: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: EcrRepositoryProps) {
    super(scope, id);
    const { clusterName, name, keepImages, keepUntaggedDays, forceDelete, encryptionKeyArn } = validate(
      this,
      ecrRepositoryPropsSchema,
      props,
    );
    const repositoryName = hcl`lower("\${${clusterName}}/\${${name}}")`.string;
    const repository = new AwsEcrRepository(this, "resource", {
      name: repositoryName,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      // ECR uses the key with a grant from the repository's creator. Pulling an image needs no permission on the key.
      // https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
      encryptionConfiguration:
        encryptionKeyArn === undefined ? undefined : [{ encryptionType: "KMS", kmsKey: literal(encryptionKeyArn) }],
      forceDelete,
      tags: purposeTags(`${clusterName}/${name}`, `The images of ${name}`),
      // ECR cannot change it. A replacement would lose the images, and fails while there are any.
      lifecycle: { ignoreChanges: ["encryption_configuration"] },
    });
    this.node.defaultChild = repository;
    this.repositoryUrl = repository.repositoryUrl;
    this.repositoryArn = repository.arn;
    const expire = (rulePriority: number, description: string, selection: object) => ({
      rulePriority,
      description,
      selection,
      action: { type: "expire" },
    });
    new EcrLifecyclePolicy(this, "lifecycle_policy", {
      repository: repository.name,
      policy: JSON.stringify({
        rules: [
          expire(1, `Delete images without a tag after ${keepUntaggedDays} days`, {
            tagStatus: "untagged",
            countType: "sinceImagePushed",
            countUnit: "days",
            countNumber: keepUntaggedDays,
          }),
          expire(2, `Keep the newest ${keepImages} images`, {
            tagStatus: "any",
            countType: "imageCountMoreThan",
            countNumber: keepImages,
          }),
        ],
      }),
    });
  }
}
