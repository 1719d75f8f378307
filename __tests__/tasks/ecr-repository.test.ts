import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository as AwsEcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { TerraformVariable, Testing } from "cdktf";
import { EcrRepository, type EcrRepositoryProps } from "../../src";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

const synthesize = (props: Partial<EcrRepositoryProps> = {}): string =>
  Testing.synthScope((stack) => {
    new EcrRepository(stack, "repository", { clusterName: "Prod", name: "order-history", ...props });
  });

/** The lifecycle policy as text, as the provider expects it. */
const policy = (keepImages: number, keepUntaggedDays: number): string =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Delete images without a tag after ${keepUntaggedDays} days`,
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: keepUntaggedDays,
        },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: `Keep the newest ${keepImages} images`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepImages },
        action: { type: "expire" },
      },
    ],
  });

describe("EcrRepository", () => {
  it("has immutable tags, scans each pushed image, and cannot be deleted with images in it", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(AwsEcrRepository, {
      name: '${lower("${"Prod"}/${"order-history"}")}',
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      force_delete: false,
      tags: { Name: "Prod/order-history", Purpose: "The images of order-history" },
    });
    expect(json).not.toContain("kms_key");
    expect(resourceCounts(json)).toEqual({ aws_ecr_lifecycle_policy: 1, aws_ecr_repository: 1 });
  });

  it("deletes images without a tag after 7 days, and keeps 30 images", () => {
    expect(synthesize()).toHaveResourceWithProperties(EcrLifecyclePolicy, {
      repository: expect.stringMatching(/^\$\{aws_ecr_repository\.\w+\.name\}$/),
      policy: policy(30, 7),
    });
  });

  it("renders every setting", () => {
    const encryptionKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";
    const json = synthesize({ keepImages: 5, keepUntaggedDays: 3, forceDelete: true, encryptionKeyArn });
    expect(json).toHaveResourceWithProperties(EcrLifecyclePolicy, { policy: policy(5, 3) });
    expect(json).toHaveResourceWithProperties(AwsEcrRepository, {
      force_delete: true,
      encryption_configuration: [{ encryption_type: "KMS", kms_key: encryptionKeyArn }],
      lifecycle: { ignore_changes: ["encryption_configuration"] },
    });
  });

  it("offers the URL of the repository", () => {
    const stack = emptyStack();
    const { repositoryUrl } = new EcrRepository(stack, "repository", { clusterName: "prod", name: "web" });
    expect(resolved(stack, repositoryUrl)).toBe("${aws_ecr_repository.repository.repository_url}");
  });

  it("accepts a cluster's name and a number that only Terraform knows", () => {
    const json = Testing.synthScope((stack) => {
      const { stringValue: clusterName } = new TerraformVariable(stack, "cluster", { type: "string" });
      const { numberValue: keepImages } = new TerraformVariable(stack, "images", { type: "number" });
      new EcrRepository(stack, "repository", { clusterName, name: "web", keepImages });
    });
    expect(json).toHaveResourceWithProperties(AwsEcrRepository, {
      name: '${lower("${var.cluster}/${"web"}")}',
    });
    expect(json).toHaveResourceWithProperties(EcrLifecyclePolicy, {
      policy: expect.stringContaining('"countNumber":${var.images}'),
    });
  });

  it.each<[string, object, string]>([
    [
      "to keep no images",
      { keepImages: 0 },
      "keepImages must be a whole number from 1 to 1000 (images); received 0. For example 30.",
    ],
    [
      "to keep images without a tag for no day",
      { keepUntaggedDays: 0 },
      "keepUntaggedDays must be a whole number from 1 to 365 (days); received 0. For example 7.",
    ],
    [
      "a boolean in quotes",
      { forceDelete: "yes" },
      'forceDelete must be true or false; received "yes". Write it without quotes.',
    ],
    [
      "a name in upper case",
      { name: "Web" },
      'name must contain only lower-case letters, digits and hyphens, start with a letter and not end with a hyphen; received "Web". For example "users" or "order-history". Target groups, repositories and variables are named after it.',
    ],
    [
      "a cluster's name that is too short",
      { clusterName: "p" },
      'clusterName must be 3 to 24 characters long; received "p". The load balancer\'s name adds a suffix, and AWS limits it to 32 characters.',
    ],
    [
      "a key that is a number",
      { encryptionKeyArn: 5 },
      "encryptionKeyArn must be a string; received 5. Write it in quotes.",
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });
});
