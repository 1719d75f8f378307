import { TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { clusterNameRules, serviceNameRules } from "../validation/aws-rules";
import type { Problem } from "../validation/problem";
import { matches } from "../validation/rule";
import { anyOf, boolean, plain, schemaOf, string, variable } from "../validation/schema";
import { show } from "../validation/show";
import { throwIfInvalid, validate } from "../validation/validate";
import { declareVariable } from "../validation/variables";
import { imageRules } from "./container-image";
import { EcrRepository, type EcrRepositorySettings, ecrRepositorySettingsSchema } from "./ecr-repository";

/** The source of a service's image. */
export interface ServiceImageSettings {
  /** The default of the variable `<service>_image`. @default - none: the variable is required, or null with `ecrRepository` */
  readonly image?: string;
  /**
   * Create a repository for the images. If the variable `<service>_image` is null, the service runs the image in this
   * repository with the tag in the variable `<service>_image_tag`.
   * @default false
   */
  readonly ecrRepository?: boolean | EcrRepositorySettings;
}

export const serviceImageSettingsSchema = schemaOf<ServiceImageSettings>()({
  image: plain(string(...imageRules)).optional(),
  ecrRepository: plain(anyOf(boolean(), ecrRepositorySettingsSchema)).default(false),
});

/** The image of one service. */
export interface ServiceImageProps extends ServiceImageSettings {
  /** The cluster's name, which the repository's name starts with. */
  readonly clusterName: string;
  /** The service's name. The variable is `<name>_image`, with underscores instead of hyphens. */
  readonly name: string;
  /** The ARN of the key that encrypts the repository's images. @default - ECR's own encryption */
  readonly encryptionKeyArn?: string;
}

export const serviceImagePropsSchema = schemaOf<ServiceImageProps>()({
  ...serviceImageSettingsSchema.shape,
  clusterName: string(...clusterNameRules),
  name: plain(string(...serviceNameRules)),
  encryptionKeyArn: string().optional(),
});

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

/** The variable of a service's image, and its repository with `ecrRepository`. */
export class ServiceImage extends Construct {
  /** The image to run. */
  readonly image: string;
  /** The repository, with `ecrRepository`. */
  readonly repository?: EcrRepository;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ServiceImageProps) {
    super(scope, id);
    const { clusterName, name, image, ecrRepository, encryptionKeyArn } = validate(
      this,
      serviceImagePropsSchema,
      props,
    );
    throwIfInvalid(this, takenName(this, name, "name"));
    const stack = TerraformStack.of(this);
    OWNERS.set(stack, (OWNERS.get(stack) ?? new Map<string, string>()).set(name, this.node.path));
    const prefix = name.replace(/-/g, "_");
    const imageVariable = `${prefix}_image`;
    const imageField = string(...imageRules);
    if (ecrRepository === false) {
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
    this.repository = new EcrRepository(this, "repository", {
      ...(ecrRepository === true ? {} : ecrRepository),
      clusterName,
      name,
      encryptionKeyArn,
    });
    const own = `${this.repository.repositoryUrl}:${tag.stringValue}`;
    this.image = hcl`${given.value} == null ? ${own} : ${given.value}`.string;
    const output = new TerraformOutput(this, "repository_url", {
      description: `The URL of the repository for the images of ${name}.`,
      value: this.repository.repositoryUrl,
    });
    output.overrideLogicalId(`${prefix}_repository_url`);
  }
}
