import { TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { imageRules, imageTagRules } from "../services/service-rules";
import { hcl } from "../terraform/expression";
import { isToken, propMistakes, refuse } from "../validation/check-props";
import { nullable } from "../validation/rule";
import { declare } from "../validation/variables";
import { EcrRepository, type EcrRepositorySettings, ecrRepositoryMistakes } from "./ecr-repository";

/** Where a service's image comes from. */
export interface ServiceImageSettings {
  /** The default of the variable `<service>_image`. @default - none: the variable is required; with `ecrRepository` it is null */
  readonly image?: string;
  /** Make a repository for the images; `<service>_image` may then be null, which means this repository's image with the tag in the variable `<service>_image_tag`. @default false */
  readonly ecrRepository?: boolean | EcrRepositorySettings;
}

/** The image of one service, which is what changes daily. */
export interface ServiceImageProps extends ServiceImageSettings {
  readonly clusterName: string;
  /** The service's name; the variable is `<name>_image`, with underscores for hyphens. */
  readonly name: string;
  /** The key for the images of its own repository. @default - ECR's own */
  readonly encryptionKeyArn?: string;
}

/** What Terraform calls a service's image. */
export const imageVariable = (service: string): string => `${service.replace(/-/g, "_")}_image`;

/** Every way in which an image's settings break a rule, in the words that Terraform has for the variable. */
export const serviceImageMistakes = ({ image, ecrRepository }: ServiceImageSettings): string[] => [
  ...propMistakes({ image: [image, imageRules] }),
  ...(isToken(image)
    ? [
        "image must be plain text, since it is a variable's default; received a reference. Leave it out, and give the variable its value.",
      ]
    : []),
  ...(typeof ecrRepository === "object" ? ecrRepositoryMistakes(ecrRepository, "ecrRepository.") : []),
];

/** By stack: which construct has which variable. */
const OWNERS = new WeakMap<object, Map<string, string>>();

/** Two services of one name would have one variable, and one service in ECS. */
export function nameMistakes(scope: Construct, name: string): string[] {
  const owner = OWNERS.get(TerraformStack.of(scope))?.get(name);
  return owner === undefined
    ? []
    : [
        `serviceName must be one of its kind in the stack; received ${JSON.stringify(name)}, which ${owner} has too. Give one of them another serviceName.`,
      ];
}

/** The variable of a service's image, and its repository where it has one. */
export class ServiceImage extends Construct {
  /** The image to run. */
  readonly image: string;
  readonly repository?: EcrRepository;

  /** @throws {SettingsError} with every mistake at once */
  constructor(scope: Construct, id: string, props: ServiceImageProps) {
    super(scope, id);
    const { clusterName, name, image, ecrRepository = false } = props;
    refuse(this, [...serviceImageMistakes(props), ...nameMistakes(this, name)]);
    const stack = TerraformStack.of(this);
    OWNERS.set(stack, (OWNERS.get(stack) ?? new Map<string, string>()).set(name, this.node.path));
    const variable = imageVariable(name);
    if (ecrRepository === false) {
      this.image = declare(this, {
        name: variable,
        type: "string",
        description: `The image that ${name} runs, with its tag.`,
        default: image,
        rules: imageRules,
      }).stringValue;
      return;
    }
    const given = declare(this, {
      name: variable,
      type: "string",
      description: `The image that ${name} runs, with its tag; null means its own repository's, with ${variable}_tag.`,
      default: image ?? null,
      nullable: true,
      rules: imageRules.map((rule) => nullable(rule)),
    });
    const tag = declare(this, {
      name: `${variable}_tag`,
      type: "string",
      description: `The tag of ${name}'s image in its own repository. There is no default, since tags are immutable.`,
      rules: imageTagRules,
    });
    this.repository = new EcrRepository(this, "repository", {
      clusterName,
      name,
      encryptionKeyArn: props.encryptionKeyArn,
      ...(typeof ecrRepository === "object" ? ecrRepository : {}),
    });
    const own = `${this.repository.repositoryUrl}:${tag.stringValue}`;
    this.image = hcl`${given.value} == null ? ${own} : ${given.value}`.string;
    const output = new TerraformOutput(this, "repository_url", {
      description: `Where to push the images of ${name}.`,
      value: this.repository.repositoryUrl,
    });
    output.overrideLogicalId(`${name.replace(/-/g, "_")}_repository_url`);
  }
}
