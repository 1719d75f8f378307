import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { type Expression, hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { type Rule, violationTemplate } from "../validation/rule";

/** The value of a parameter until CI writes the first image. It is a valid tag and a valid image, so that a plan succeeds. */
const NO_IMAGE = "none";

export interface ImageParameterOptions {
  readonly clusterName: string;
  /** The name of the image. */
  readonly name: string;
  /** The start of the output's name. */
  readonly prefix: string;
  /** What the value is: `tag` or `image`. */
  readonly content: "tag" | "image";
  /** The rules of the value, which Terraform checks at plan. */
  readonly rules: readonly Rule<string>[];
  /** The value that Terraform creates the parameter with. @default - none: services with the image have no tasks until CI writes it */
  readonly firstValue?: string;
}

/** The conditions that are true until an image exists, by the image, for each app. */
const AWAITED = new WeakMap<object, Map<string, Expression>>();

function awaitedIn(scope: Construct): Map<string, Expression> {
  const awaited = AWAITED.get(scope.node.root) ?? new Map<string, Expression>();
  AWAITED.set(scope.node.root, awaited);
  return awaited;
}

/** Returns the condition that is true until all images of a task exist. Without parameters, it is undefined. */
export function awaitsImage(scope: Construct, images: readonly unknown[]): Expression | undefined {
  const conditions = [...new Set(images)].flatMap((image) => awaitedIn(scope).get(String(image)) ?? []);
  const [first, ...others] = conditions;
  return others.reduce((all, other) => hcl`${all} || ${other}`, first as Expression) as Expression | undefined;
}

/**
 * Creates the SSM parameter that CI writes the image to, and its output. Terraform creates it with a first value and ignores
 * the value afterwards. The AWS provider reads `insecure_value` at each refresh, so a plan uses what CI wrote last.
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/internal/service/ssm/parameter.go
 */
export function createImageParameter(scope: Construct, options: ImageParameterOptions): SsmParameter {
  const { clusterName, name, prefix, content, rules, firstValue = NO_IMAGE } = options;
  const parameterName = `/ecs/${clusterName}/${name}/image`;
  const reference = "self.insecure_value";
  const parameter = new SsmParameter(scope, "parameter", {
    // SSM reserves names that start with aws or ssm, with which a cluster's name can start.
    name: parameterName,
    type: "String",
    // A plan shows an insecure value. The argument `value` would be "(sensitive value)".
    insecureValue: firstValue,
    tags: purposeTags(parameterName, `The ${content} that ${name} runs`),
    lifecycle: {
      ignoreChanges: ["insecure_value"],
      postcondition: rules.map((rule) => ({
        condition: `\${${rule.condition(reference)}}`,
        errorMessage: violationTemplate("The value of the SSM parameter ${self.name}", rule, reference),
      })),
    },
  });
  const output = new TerraformOutput(scope, "image_parameter", {
    description: `The name of the SSM parameter that your pipeline writes the ${content} of ${name} to.`,
    value: parameter.name,
  });
  output.overrideLogicalId(`${prefix}_${content === "tag" ? "image_tag" : "image"}_parameter`);
  return parameter;
}

/** Records that tasks with an image cannot start until CI has written a parameter. */
export function awaitParameter(scope: Construct, image: string, parameter: SsmParameter): void {
  awaitedIn(scope).set(image, hcl`${parameter.insecureValue} == ${NO_IMAGE}`);
}
