import type { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { type Expression, hcl } from "../terraform/expression";
import { clusterNameRules, serviceNameRules } from "../validation/aws-rules";
import type { Problem } from "../validation/problem";
import { matches } from "../validation/rule";
import { anyOf, attributeOf, boolean, interfaceOf, plain, schemaOf, string, variable } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isPlainObject, isToken } from "../validation/token";
import { throwIfInvalid, validate } from "../validation/validate";
import { declareVariable } from "../validation/variables";
import { type ImageReference, imageField, imageRules } from "./container-image";
import { EcrRepository, type EcrRepositorySettings, ecrRepositorySettingsSchema } from "./ecr-repository";
import { awaitParameter, createImageParameter } from "./image-parameter";

/** A repository of ECR that exists, or that another stack or account creates. */
export type EcrRepositoryReference =
  | {
      /** The URL without a tag: `<account>.dkr.ecr.<region>.amazonaws.com/<name>`. */
      readonly repositoryUrl: string;
    }
  | {
      /** The ARN. The image is in the account and the region of the ARN. */
      readonly repositoryArn: string;
    };

/** Where the images of a service come from. */
export interface ImageSourceSettings {
  /**
   * `true`, or settings, creates a repository for the images. A repository that exists, such as one of another account, is an
   * object with its `repositoryUrl` or its `repositoryArn`. If the variable `<service>_image` is null, the service runs the
   * image in the repository with the tag in the variable `<service>_image_tag`.
   * @default false
   */
  readonly ecrRepository?: boolean | EcrRepositorySettings | EcrRepositoryReference;
  /**
   * Creates the SSM parameter `/ecs/<cluster>/<service>/image`, which replaces the variables. Your pipeline writes the image to
   * it, or with `ecrRepository` the tag, and each plan reads it. The service has no tasks until then.
   * @default false
   */
  readonly imageParameter?: boolean;
}

const REPOSITORY = "Use an EcrRepository, or an object with repositoryUrl or repositoryArn.";
const repositoryUrl = string(
  matches(
    "^[0-9]{12}[.]dkr[.-]ecr(-fips)?[.][a-z0-9.-]+/[a-z0-9._/-]+$",
    "be the URL of a repository of ECR, without a tag",
    "Find it: aws ecr describe-repositories --query repositories[].repositoryUri",
  ),
);
const repositoryArn = string(
  matches(
    "^arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/[a-z0-9._/-]+$",
    "be the ARN of a repository of ECR",
    "Find it: aws ecr describe-repositories --query repositories[].repositoryArn",
  ),
);

/** The field of a repository that exists. A construct reads its URL. */
const repositoryReference = anyOf(
  attributeOf(
    interfaceOf<{ readonly repositoryUrl: string }>("an ECR repository", REPOSITORY)({ repositoryUrl }),
    "repositoryUrl",
  ),
  attributeOf(
    interfaceOf<{ readonly repositoryArn: string }>("an ECR repository", REPOSITORY)({ repositoryArn }),
    "repositoryArn",
  ),
);

export const imageSourceSchema = schemaOf<ImageSourceSettings>()({
  ecrRepository: plain(anyOf(boolean(), repositoryReference, ecrRepositorySettingsSchema))
    .with({ type: "true, false, settings or an ECR repository", fix: REPOSITORY })
    .default(false),
  imageParameter: plain(boolean()).default(false),
});

/** The image of a service. */
export interface ServiceImageSettings extends ImageSourceSettings {
  /**
   * The image, with its tag. A text is the default of the variable `<service>_image`, or the first value of `imageParameter`. A
   * `ServiceImage`, or a reference to a resource of the app, replaces both.
   * @default - none: the variable is required, or null with `ecrRepository`
   */
  readonly image?: string | ImageReference;
}

export const serviceImageSettingsSchema = schemaOf<ServiceImageSettings>()(
  { image: imageField.optional(), ...imageSourceSchema.shape },
  tagOfParameter,
);

/** With a repository, the parameter contains a tag. */
function* tagOfParameter(
  { image, imageParameter, ecrRepository }: Known<ServiceImageSettings>,
  given: Given<ServiceImageSettings>,
): Findings<ServiceImageSettings> {
  const hasRepository = given("ecrRepository") && ecrRepository !== false;
  if (!imageParameter || !hasRepository || image === undefined) return;
  const fix = "The parameter has the tag of an image in the repository. Remove image, or ecrRepository.";
  yield { at: "image", must: "not be set with imageParameter and ecrRepository", fix };
}

/** An image that several services, tasks and sidecars can share. */
export interface ServiceImageProps extends ImageSourceSettings {
  /**
   * The default of the variable `<name>_image`, or the first value of `imageParameter`.
   * @default - none: the variable is required, or null with `ecrRepository`
   */
  readonly image?: string;
  /** The cluster's name, which the names of a new repository and of a parameter start with. @default - none: required to create them */
  readonly clusterName?: string;
  /** The image's name. The variable is `<name>_image`, with underscores instead of hyphens. @default - the construct's id */
  readonly name?: string;
  /** The ARN of the key that encrypts the repository's images. @default - ECR's own encryption */
  readonly encryptionKeyArn?: string;
}

export const serviceImagePropsSchema = schemaOf<ServiceImageProps>()(
  {
    image: plain(string(...imageRules)).optional(),
    ...imageSourceSchema.shape,
    clusterName: string(...clusterNameRules).optional(),
    name: plain(string(...serviceNameRules)).optional(),
    encryptionKeyArn: string().optional(),
  },
  tagOfParameter,
  function* nameOfCluster({ ecrRepository, imageParameter }, given) {
    if (given("clusterName")) return;
    const at = "clusterName";
    if (ecrRepository === true || isPlainObject(ecrRepository))
      yield { at, must: "be set to create a repository", fix: "The repository's name starts with it." };
    else if (imageParameter)
      yield { at, must: "be set with imageParameter", fix: "The parameter's name starts with it." };
  },
);

/** The rules of names apply to an id that is the name. */
const nameSchema = schemaOf<{ readonly name: string }>()({ name: string(...serviceNameRules) });

const tagRule = matches(
  "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$",
  "be the tag of a container image",
  "Use 1 to 128 letters, digits, underscores, dots and hyphens, such as a commit's hash.",
);

/** The path of the construct that has a service's variables, by the service's name, for each stack. */
const OWNERS = new WeakMap<TerraformStack, Map<string, string>>();

/** Finds another service of the stack with the same name: both would have the same variable. @param path the setting of the name */
export function takenName(scope: Construct, name: string, path: string): Problem[] {
  const owner = OWNERS.get(TerraformStack.of(scope))?.get(name);
  if (owner === undefined) return [];
  const fix = `${owner} has this name too. Use another name for one of the two.`;
  return [{ path, rule: "must be unique in the stack", received: show(name), fix }];
}

/**
 * The variable of an image, or its parameter with `imageParameter`, and its repository with `ecrRepository`. Pass it as `image` to each container that runs it.
 *
 * @example
 * const image = new ServiceImage(stack, "app", { image: "example/app:1" });
 * new Ec2Service(stack, "web", { cluster: stack, image });
 * new Ec2Service(stack, "worker", { cluster: stack, image, command: ["work"] });
 */
export class ServiceImage extends Construct implements ImageReference {
  /** The image to run. */
  readonly image: string;
  /** The repository that `ecrRepository` creates. */
  readonly repository?: EcrRepository;
  /** The SSM parameter that `imageParameter` creates. */
  readonly parameter?: SsmParameter;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ServiceImageProps = {}) {
    super(scope, id);
    const settings = validate(this, serviceImagePropsSchema, props);
    const { clusterName = "", name = id, image, ecrRepository, encryptionKeyArn, imageParameter } = settings;
    if (settings.name === undefined) validate(this, nameSchema, { name });
    throwIfInvalid(this, takenName(this, name, "name"));
    const stack = TerraformStack.of(this);
    OWNERS.set(stack, (OWNERS.get(stack) ?? new Map<string, string>()).set(name, this.node.path));
    const prefix = name.replace(/-/g, "_");
    if (ecrRepository !== false && typeof ecrRepository !== "string") {
      this.repository = new EcrRepository(this, "repository", {
        ...(ecrRepository === true ? {} : ecrRepository),
        clusterName,
        name,
        encryptionKeyArn,
      });
      this.node.defaultChild = this.repository.node.defaultChild;
      const output = new TerraformOutput(this, "repository_url", {
        description: `The URL of the repository for the images of ${name}.`,
        value: this.repository.repositoryUrl,
      });
      output.overrideLogicalId(`${prefix}_repository_url`);
    }
    const url =
      ecrRepository === false ? undefined : (this.repository?.repositoryUrl ?? urlOf(ecrRepository as string));
    if (imageParameter) {
      const ofContent = url === undefined ? imageRules : [tagRule];
      const names = { clusterName, name, prefix, content: url === undefined ? "image" : "tag" } as const;
      this.parameter = createImageParameter(this, { ...names, rules: ofContent, firstValue: image });
      const { insecureValue } = this.parameter;
      this.image = url === undefined ? insecureValue : `${url}:${insecureValue}`;
      if (image === undefined) awaitParameter(this, this.image, this.parameter);
      return;
    }
    const imageVariable = `${prefix}_image`;
    const imageField = string(...imageRules);
    if (url === undefined) {
      const field = variable(imageField, `The image that ${name} runs, with its tag.`);
      this.image = declareVariable(this, { name: imageVariable, field, value: image }).stringValue;
      return;
    }
    const given = declareVariable(this, {
      name: imageVariable,
      field: variable(
        imageField.nullable(),
        `The image that ${name} runs, with its tag. If it is null, ${name} runs the image in its own repository with the tag ${imageVariable}_tag.`,
      ),
      value: image ?? null,
    });
    const tag = declareVariable(this, {
      name: `${imageVariable}_tag`,
      field: variable(
        string(tagRule),
        `The tag of the image in the repository of ${name}. It has no default, because tags are immutable.`,
      ),
    });
    const own = `${url}:${tag.stringValue}`;
    this.image = hcl`${given.value} == null ? ${own} : ${given.value}`.string;
  }
}

/** Returns the URL of a repository. @param repository its URL or its ARN */
function urlOf(repository: string): string | Expression {
  if (!isToken(repository) && !repository.startsWith("arn:")) return repository;
  const part = (index: number) => hcl`split(":", ${repository})[${index}]`;
  const suffix = hcl`${part(1)} == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"`;
  const url = hcl`"\${${part(4)}}.dkr.ecr.\${${part(3)}}.\${${suffix}}/\${trimprefix(${part(5)}, "repository/")}"`;
  return isToken(repository) ? hcl`startswith(${repository}, "arn:") ? ${url} : ${repository}` : url;
}
