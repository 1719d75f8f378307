import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { TerraformVariable, Testing } from "cdktf";
import {
  Ec2Service,
  EcrRepository as EcrRepositoryConstruct,
  hcl,
  Secret,
  ServiceImage,
  type ServiceImageProps,
  TaskDefinition,
} from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { at, emptyStack, ofType, type Part, resolved, synthesized } from "../support/synthesized";

Testing.setupJest();

function create(props: Partial<ServiceImageProps> = {}): { json: Part; image: unknown } {
  const stack = emptyStack();
  const image = new ServiceImage(stack, "image", { clusterName: "Prod", name: "order-history", ...props });
  return { json: synthesized(stack), image: resolved(stack, image.image) };
}

describe("ServiceImage", () => {
  it("declares a required variable with the service's name", () => {
    const { json, image } = create();
    expect(image).toBe("${var.order_history_image}");
    expect(at(json, "variable", "order_history_image")).toEqual({
      type: "string",
      description: "The image that order-history runs, with its tag.",
      nullable: false,
      validation: expect.any(Array),
    });
    expect(resourceCounts(JSON.stringify(json))).toEqual({});
  });

  it("uses image as the variable's default", () => {
    expect(at(create({ image: "nginx:1.27" }).json, "variable", "order_history_image", "default")).toBe("nginx:1.27");
  });

  it("checks the same rules at plan as at synth", () => {
    const validations = at(create().json, "variable", "order_history_image", "validation") as Part[];
    const messages = (name: string, received: string) => [
      `${name} must be 1 to 255 characters long; received ${received}. ECS rejects longer names.`,
      `${name} must be the name of a container image; received ${received}. Write registry, repository and tag, such as "nginx:1.27" or "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/users:7".`,
    ];
    expect(validations.map(({ error_message }) => error_message)).toEqual(
      messages("order_history_image", "${jsonencode(var.order_history_image)}"),
    );
    expect(problemsOf(() => create({ image: "" }))).toEqual(messages("image", '""'));
    expect(problemsOf(() => create({ image: "Nginx" }))).toEqual([messages("image", '"Nginx"')[1]]);
  });

  it("declares variables that can be null or a tag, and a repository, with ecrRepository", () => {
    const { json, image } = create({ ecrRepository: true });
    expect(at(json, "variable", "order_history_image", "default")).toBeNull();
    expect(at(json, "variable", "order_history_image")).not.toHaveProperty("nullable");
    expect(at(json, "variable", "order_history_image_tag")).toEqual({
      type: "string",
      description:
        "The tag of the image in the repository of order-history. It has no default, because tags are immutable.",
      nullable: false,
      validation: [
        {
          condition: '${can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.order_history_image_tag))}',
          error_message:
            "order_history_image_tag must be the tag of a container image; received ${jsonencode(var.order_history_image_tag)}. Use 1 to 128 letters, digits, underscores, dots and hyphens, such as a commit's hash.",
        },
      ],
    });
    expect(image).toBe(
      '${var.order_history_image == null ? "${aws_ecr_repository.image_repository.repository_url}:${var.order_history_image_tag}" : var.order_history_image}',
    );
    expect(at(json, "output", "order_history_repository_url", "value")).toBe(
      "${aws_ecr_repository.image_repository.repository_url}",
    );
  });

  it("accepts null at plan with a repository", () => {
    const [first] = at(
      create({ ecrRepository: true }).json,
      "variable",
      "order_history_image",
      "validation",
    ) as readonly Part[];
    expect(first?.condition).toMatch(/^\$\{var\.order_history_image == null \? true : /);
  });

  it("passes its settings and the key to the repository", () => {
    const encryptionKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";
    const json = Testing.synthScope((stack) => {
      const { stringValue: clusterName } = new TerraformVariable(stack, "cluster", { type: "string" });
      const ecrRepository = { forceDelete: true };
      new ServiceImage(stack, "image", { clusterName, name: "web", ecrRepository, encryptionKeyArn });
    });
    expect(json).toHaveResourceWithProperties(EcrRepository, {
      name: '${lower("${var.cluster}/${"web"}")}',
      force_delete: true,
      encryption_configuration: [{ encryption_type: "KMS", kms_key: encryptionKeyArn }],
    });
  });

  it.each([
    [true, [{ encryption_type: "KMS", kms_key: "${aws_kms_key.encryption_key.arn}" }]],
    [false, undefined],
  ])("encrypts a service's images with the cluster's own key, if it has one: %s", (customerKey, encryption) => {
    const stack = clusterStack({ customerKey });
    new Ec2Service(stack, "web", { cluster: stack, cpu: 128, memoryLimitMiB: 128, ecrRepository: true });
    const json = Testing.synth(stack, true);
    if (encryption) {
      expect(json).toHaveResourceWithProperties(EcrRepository, { encryption_configuration: encryption });
    } else {
      expect(json).toHaveResource(EcrRepository);
      expect(json).not.toHaveResourceWithProperties(EcrRepository, { encryption_configuration: expect.anything() });
    }
  });

  it("creates a parameter in place of the variables, with imageParameter", () => {
    const { json, image } = create({ imageParameter: true });
    expect(JSON.stringify(json)).toHaveResourceWithProperties(SsmParameter, {
      name: "/ecs/Prod/order-history/image",
      type: "String",
      insecure_value: "none",
      lifecycle: expect.objectContaining({ ignore_changes: ["insecure_value"] }),
    });
    expect(resourceCounts(JSON.stringify(json))).toEqual({ aws_ssm_parameter: 1 });
    expect(at(json, "variable")).toBeUndefined();
    expect(image).toBe("${aws_ssm_parameter.image_parameter.insecure_value}");
    expect(at(json, "output", "order_history_image_parameter", "value")).toBe(
      "${aws_ssm_parameter.image_parameter.name}",
    );
  });

  it("creates the parameter with image as its first value", () => {
    const { json } = create({ imageParameter: true, image: "nginx:1.27" });
    expect(at(json, "resource", "aws_ssm_parameter", "image_parameter", "insecure_value")).toBe("nginx:1.27");
  });

  it("takes only the tag from the parameter, with a repository", () => {
    const { json, image } = create({ imageParameter: true, ecrRepository: true });
    expect(image).toBe(
      "${aws_ecr_repository.image_repository.repository_url}:${aws_ssm_parameter.image_parameter.insecure_value}",
    );
    expect(resourceCounts(JSON.stringify(json))).toEqual({
      aws_ecr_lifecycle_policy: 1,
      aws_ecr_repository: 1,
      aws_ssm_parameter: 1,
    });
    expect(at(json, "variable")).toBeUndefined();
  });

  it("rejects the name of another service of the stack, because both would have one variable", () => {
    const stack = emptyStack();
    const props = { clusterName: "prod", name: "web" };
    new ServiceImage(stack, "one", props);
    expect(problemsOf(() => new ServiceImage(stack, "two", props))).toEqual([
      'name must be unique in the stack; received "web". test/one has this name too. Use another name for one of the two.',
    ]);
    expect(problemsOf(() => new ServiceImage(emptyStack(), "two", props))).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      "an image that only Terraform knows, because it is a variable's default",
      { image: hcl`aws_ecr_repository.x.repository_url`.string },
      "image must be known when the code runs; received a token. Write the value itself instead of a token.",
    ],
    [
      "a repository that is a string",
      { ecrRepository: "yes" },
      'ecrRepository must be true, false, settings or an ECR repository; received "yes". Use an EcrRepository, or an object with repositoryUrl or repositoryArn.',
    ],
    [
      "to keep no images",
      { ecrRepository: { keepImages: 0 } },
      "ecrRepository.keepImages must be a whole number from 1 to 1000 (images); received 0. For example 30.",
    ],
    [
      "an unknown setting of the repository",
      { ecrRepository: { keepImage: 5 } },
      'Unknown setting "ecrRepository.keepImage". Did you mean "keepImages"?',
    ],
    [
      "a name that only Terraform knows, because the variable has it too",
      { name: hcl`var.x`.string },
      "name must be known when the code runs; received a token. Write the value itself instead of a token.",
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => create(props))).toEqual([message]);
  });

  it("has the construct's id as its name by default", () => {
    const stack = emptyStack();
    new ServiceImage(stack, "app");
    expect(Object.keys(at(synthesized(stack), "variable") as Part)).toEqual(["app_image"]);
    expect(problemsOf(() => new ServiceImage(emptyStack(), "App"))).toEqual([
      expect.stringContaining("name must contain only lower-case letters"),
    ]);
  });

  it("is one variable and one repository for all services, tasks and sidecars that run it", () => {
    const stack = clusterStack();
    const image = new ServiceImage(stack, "app", { clusterName: stack.cluster.clusterName, ecrRepository: true });
    const sidecar = { name: "agent", image };
    const web = new Ec2Service(stack, "web", { cluster: stack, image, sidecars: [sidecar] });
    const worker = new Ec2Service(stack, "worker", { cluster: stack, image, command: ["work"] });
    new TaskDefinition(stack, "migration", { cluster: stack, name: "migration", containers: [{ name: "run", image }] });
    const json = synthesized(stack);
    const names = Object.keys(at(json, "variable") as Part).filter((name) => name.includes("image"));
    expect(names).toEqual(["app_image", "app_image_tag"]);
    expect(Object.keys(ofType(json, "aws_ecr_repository"))).toEqual(["app_repository"]);
    for (const definition of Object.values(ofType(json, "aws_ecs_task_definition"))) {
      const text = String(definition.container_definitions);
      expect(text).toContain(
        '"image" = tostring(var.app_image == null ? "${aws_ecr_repository.app_repository.repository_url}:',
      );
    }
    expect([web.repository, worker.repository]).toEqual([undefined, undefined]);
  });

  it("can have the name of a service that runs it", () => {
    const stack = clusterStack();
    const image = new ServiceImage(stack, "app", { image: "app:1" });
    expect(problemsOf(() => new Ec2Service(stack, "service", { cluster: stack, serviceName: "app", image }))).toEqual(
      [],
    );
  });

  it("runs the images of a repository that exists, by its URL or its ARN", () => {
    const url = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shared/app";
    const { json, image } = create({ clusterName: undefined, ecrRepository: { repositoryUrl: url } });
    const chosen = (own: string) =>
      `\${var.order_history_image == null ? "${own}:\${var.order_history_image_tag}" : var.order_history_image}`;
    expect(image).toBe(chosen(url));
    expect(resourceCounts(JSON.stringify(json))).toEqual({});
    expect(at(json, "output")).toBeUndefined();
    const repositoryArn = "arn:aws:ecr:eu-west-1:111122223333:repository/shared/app";
    expect(create({ ecrRepository: { repositoryArn } }).image).toContain(
      `\${split(":", "${repositoryArn}")[4]}.dkr.ecr.\${split(":", "${repositoryArn}")[3]}.`,
    );
  });

  it("runs the images of a repository of the app", () => {
    const stack = emptyStack();
    const repository = new EcrRepositoryConstruct(stack, "shared", { clusterName: "prod", name: "shared" });
    const image = new ServiceImage(stack, "app", { ecrRepository: repository });
    expect(resolved(stack, image.image)).toContain("aws_ecr_repository.shared.repository_url");
    expect(ofType(synthesized(stack), "aws_ecr_repository")).toHaveProperty("shared");
  });
});

describe("the image of a service", () => {
  it("can be a reference, which replaces the variable", () => {
    const stack = clusterStack();
    new Ec2Service(stack, "web", { cluster: stack, image: hcl`"nginx:\${1 + 1}"`.string });
    const json = synthesized(stack);
    expect(at(json, "variable", "web_image")).toBeUndefined();
    expect(at(json, "resource", "aws_ecs_task_definition", "web_task_definition", "container_definitions")).toContain(
      '"image" = tostring("nginx:${1 + 1}")',
    );
  });

  it("cannot be a reference with ecrRepository", () => {
    const stack = clusterStack();
    const image = new ServiceImage(stack, "app");
    expect(problemsOf(() => new Ec2Service(stack, "web", { cluster: stack, image, ecrRepository: true }))).toEqual([
      "ecrRepository must not be set with an image that is a reference; received true. Set ecrRepository of the ServiceImage, or remove one of the two.",
    ]);
  });
});

describe("repositoryCredentials", () => {
  const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:registry-AbCdEf";
  const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";

  it("are in the container, and the execution role can read them", () => {
    const stack = clusterStack();
    const repositoryCredentials = Secret.fromSecretsManager(SECRET, { encryptionKeyArn: KEY });
    new Ec2Service(stack, "web", { cluster: stack, image: "registry.example.com/web:1", repositoryCredentials });
    const json = JSON.stringify(synthesized(stack));
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining(
        `"repositoryCredentials" = { "credentialsParameter" = "${SECRET}" }`,
      ),
    });
    for (const permission of [
      `["secretsmanager:GetSecretValue"], "Resource" = ["${SECRET}"`,
      `["kms:Decrypt"], "Resource" = ["${KEY}"]`,
    ]) {
      expect(json).toHaveResourceWithProperties(IamRolePolicy, { policy: expect.stringContaining(permission) });
    }
  });
});
