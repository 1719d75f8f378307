import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository as AwsEcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import { serviceNameRules } from "../services/service-rules";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { propMistakes, refuse } from "../validation/check-props";
import { wholeNumber } from "../validation/rule";
import { nameRules } from "../validation/values";

/** What a repository has beside its name. */
export interface EcrRepositorySettings {
  /** How many images are kept, 1 to 1000; older ones are removed. @default 30 */
  readonly keepImages?: number;
  /** Days that an image without a tag is kept, 1 to 365. @default 7 */
  readonly keepUntaggedDays?: number;
  /** Let `destroy` take the images along. @default false: a repository with images in it stays, and destroy fails */
  readonly forceDelete?: boolean;
}

/** A repository for one service's images. */
export interface EcrRepositoryProps extends EcrRepositorySettings {
  /** The cluster's name: the repository is `<cluster>/<name>`, in lower case. */
  readonly clusterName: string;
  /** The service's name. */
  readonly name: string;
  /** The KMS key that the images are encrypted with; another one replaces the repository. @default - ECR's own */
  readonly encryptionKeyArn?: string;
}

/** Every way in which a repository's settings break a rule. */
export const ecrRepositoryMistakes = (settings: EcrRepositorySettings, prefix = ""): string[] =>
  propMistakes({
    [`${prefix}keepImages`]: [settings.keepImages, [wholeNumber(1, 1000, "images", "30 is the default.")]],
    [`${prefix}keepUntaggedDays`]: [settings.keepUntaggedDays, [wholeNumber(1, 365, "days", "7 is the default.")]],
  });

/** A private repository whose tags never change their image, scanned on each push, that removes old images itself. */
export class EcrRepository extends Construct {
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<cluster>/<name>`, without a tag. */
  readonly repositoryUrl: string;

  /** @throws {SettingsError} with every mistake at once */
  constructor(scope: Construct, id: string, props: EcrRepositoryProps) {
    super(scope, id);
    const { clusterName, name, keepImages = 30, keepUntaggedDays = 7, forceDelete = false, encryptionKeyArn } = props;
    refuse(this, [
      ...propMistakes({ clusterName: [clusterName, nameRules], name: [name, serviceNameRules] }),
      ...ecrRepositoryMistakes(props),
    ]);
    const repositoryName = hcl`lower("\${${clusterName}}/\${${name}}")`.string;
    const repository = new AwsEcrRepository(this, "resource", {
      name: repositoryName,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      // ECR takes the key by a grant of whoever makes the repository; who pulls needs no right on it.
      // https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
      encryptionConfiguration:
        encryptionKeyArn === undefined ? undefined : [{ encryptionType: "KMS", kmsKey: literal(encryptionKeyArn) }],
      forceDelete,
      tags: purposeTags(`${clusterName}/${name}`, `The images of ${name}`),
    });
    this.repositoryUrl = repository.repositoryUrl;
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
          expire(1, `Images without a tag go after ${keepUntaggedDays} days`, {
            tagStatus: "untagged",
            countType: "sinceImagePushed",
            countUnit: "days",
            countNumber: keepUntaggedDays,
          }),
          expire(2, `The last ${keepImages} images stay`, {
            tagStatus: "any",
            countType: "imageCountMoreThan",
            countNumber: keepImages,
          }),
        ],
      }),
    });
  }
}
