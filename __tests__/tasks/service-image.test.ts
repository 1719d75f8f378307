import { Ec2Service, hcl, ServiceImage, type ServiceImageSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { at, count, emptyStack, mistakesOf, type Part, resolved, resource, synthesized } from "../support/synthesized";

function made(settings: ServiceImageSettings = {}, name = "order-history"): { json: Part; image: unknown } {
  const stack = emptyStack();
  const image = new ServiceImage(stack, "image", { clusterName: "Prod", name, ...settings });
  return { json: synthesized(stack), image: resolved(stack, image.image) };
}

describe("ServiceImage", () => {
  it("is a required variable, named after the service", () => {
    const { json, image } = made();
    expect(image).toBe("${var.order_history_image}");
    expect(at(json, "variable", "order_history_image")).toMatchObject({ type: "string", nullable: false });
    expect(at(json, "variable", "order_history_image")).not.toHaveProperty("default");
    expect(count(json, "aws_ecr_repository")).toBe(0);
  });

  it("has the given image as its default", () => {
    expect(at(made({ image: "nginx:1.27" }).json, "variable", "order_history_image", "default")).toBe("nginx:1.27");
  });

  it("says the same at plan that it says at synth", () => {
    const validations = at(made().json, "variable", "order_history_image", "validation") as Part[];
    expect(validations.map(({ error_message }) => error_message)).toEqual([
      "order_history_image must be 1 to 255 characters long; received ${jsonencode(var.order_history_image)}. ECS takes no longer one.",
      expect.stringMatching(/^order_history_image must be the name of a container image; received \$\{jsonencode/),
    ]);
    expect(mistakesOf(() => made({ image: "Nginx" }))).toEqual([
      expect.stringMatching(
        /^image must be the name of a container image; received "Nginx"\. Write registry, repository and tag/,
      ),
    ]);
  });

  it("takes no reference, since a variable's default can't be one", () => {
    expect(mistakesOf(() => made({ image: hcl`aws_ecr_repository.x.repository_url`.string }))).toEqual([
      "image must be plain text, since it is a variable's default; received a reference. Leave it out, and give the variable its value.",
    ]);
  });

  it("may be null with a repository, which means its image with the tag, which is required", () => {
    const { json, image } = made({ ecrRepository: true });
    expect(at(json, "variable", "order_history_image", "default")).toBeNull();
    expect(at(json, "variable", "order_history_image")).not.toHaveProperty("nullable");
    expect(at(json, "variable", "order_history_image_tag")).toMatchObject({ type: "string", nullable: false });
    expect(at(json, "variable", "order_history_image_tag")).not.toHaveProperty("default");
    expect(image).toBe(
      '${var.order_history_image == null ? "${aws_ecr_repository.image_repository.repository_url}:${var.order_history_image_tag}" : var.order_history_image}',
    );
    expect(at(json, "output", "order_history_repository_url", "value")).toBe(
      "${aws_ecr_repository.image_repository.repository_url}",
    );
  });
});

describe("EcrRepository", () => {
  it("encrypts images with the cluster's own key where it has one, and with ECR's where not", () => {
    const encryption = (customerKey: boolean) => {
      const stack = clusterStack({ customerKey });
      new Ec2Service(stack, "web", { cluster: stack, cpu: 128, memoryLimitMiB: 128, ecrRepository: true });
      return resource(synthesized(stack), "aws_ecr_repository.web_image_repository").encryption_configuration;
    };
    expect(encryption(true)).toEqual([{ encryption_type: "KMS", kms_key: "${aws_kms_key.encryption_key.arn}" }]);
    expect(encryption(false)).toBeUndefined();
  });

  it("keeps a tag's image for ever, scans each push, and stays while there are images", () => {
    expect(resource(made({ ecrRepository: true }).json, "aws_ecr_repository.image_repository")).toMatchObject({
      name: '${lower("${"Prod"}/${"order-history"}")}',
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      force_delete: false,
    });
  });

  it("removes images without a tag and those that are old, as is said", () => {
    const { json } = made({ ecrRepository: { keepImages: 5, keepUntaggedDays: 3, forceDelete: true } });
    const { policy } = resource(json, "aws_ecr_lifecycle_policy.image_repository_lifecycle_policy");
    expect(JSON.parse(String(policy)).rules).toEqual([
      {
        rulePriority: 1,
        description: "Images without a tag go after 3 days",
        selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 3 },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: "The last 5 images stay",
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 },
        action: { type: "expire" },
      },
    ]);
    expect(resource(json, "aws_ecr_repository.image_repository").force_delete).toBe(true);
  });

  it("refuses to keep nothing", () => {
    expect(mistakesOf(() => made({ ecrRepository: { keepImages: 0, keepUntaggedDays: 0 } }))).toEqual([
      "ecrRepository.keepImages must be a whole number from 1 to 1000 (images); received 0. 30 is the default.",
      "ecrRepository.keepUntaggedDays must be a whole number from 1 to 365 (days); received 0. 7 is the default.",
    ]);
  });
});
