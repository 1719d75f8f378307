import { ofType, type Stack } from "../stack";
import { objects } from "../terraform-json/configuration";
import { argument, clusterArgument } from "./argument";
import { variableEffects } from "./changes";
import { block, code, listed, section } from "./markdown";

export function newImage(stack: Stack): string {
  const services = ofType(stack, "aws_ecs_service");
  const effects = variableEffects(stack);
  const images = stack.variables.map(({ name }) => name).filter((name) => /_image(_tag)?$/.test(name));
  // With a repository of its own, a service has a variable for the tag, and one for an image of another repository.
  const isOverride = (name: string) => images.includes(`${name}_tag`);
  const names = images.filter((name) => effects.get(name) !== "next deployment" && !isOverride(name));
  const overrides = images.filter(isOverride);
  const outputs = stack.portable.outputs.map(([name]) => name);
  const parameters = outputs.filter((name) => /_image(_tag)?_parameter$/.test(name));
  const external = outputs.filter((name) => name.endsWith("_task_definition_to_deploy"));
  if (services.length === 0 || names.length + parameters.length + external.length === 0) return "";
  const [name] = names;
  return section(
    "Deploy a new image",
    name !== undefined &&
      (stack.options.module
        ? `Change the image variable of the service, for example ${code(name)}, in the \`module\` block, and apply.`
        : "Write the images and tags of all services to the file `images.auto.tfvars.json`, which Terraform reads automatically. It overrides " +
          `\`terraform.tfvars\`. To deploy one service, change its line, for example ${code(name)}, and apply.`),
    name !== undefined &&
      !stack.options.module &&
      block(
        "json",
        JSON.stringify(
          Object.fromEntries(names.map((one) => [one, one.endsWith("_tag") ? "1.0.0" : "REGISTRY/REPOSITORY:TAG"])),
          null,
          2,
        ),
      ),
    overrides.length > 0 &&
      `${listed(overrides.map(code))} ${overrides.length === 1 ? "is" : "are"} for an image of another repository. With it, the variable of the tag has no effect.`,
    parameters.length > 0 &&
      "These outputs are the names of SSM parameters. To deploy a service, write its new image to the parameter, and apply. A parameter whose " +
        `output ends in \`_image_tag_parameter\` has only the tag: ${listed(parameters.map(code))}.`,
    parameters.length > 0 &&
      block(
        "sh",
        `aws ssm put-parameter --name ${argument(stack, parameters[0] as string, "PARAMETER")} --value ${(parameters[0] as string).includes("_tag_") ? "TAG" : "IMAGE"} --overwrite`,
        "terraform plan -out=plan.tfplan",
        "terraform apply plan.tfplan",
      ),
    external.length > 0 &&
      "Terraform ignores the revision that these services run. Your pipeline deploys a revision that it registers from the output: " +
        `${listed(external.map(code))}.`,
    "ECS starts new tasks, and stops the old ones when the new ones are healthy. If they do not become healthy, the deployment circuit " +
      "breaker rolls back: see [If a service does not run](#if-a-service-does-not-run). [After the apply](#after-the-apply) says for which " +
      "services an apply waits.",
    ...shifts(stack),
  );
}

const STRATEGIES: Readonly<Record<string, string>> = { BLUE_GREEN: "blue/green", LINEAR: "linear", CANARY: "canary" };

/** Returns the paragraphs about services whose requests ECS moves from one revision to another. */
function shifts(stack: Stack): string[] {
  const shifted = ofType(stack, "aws_ecs_service").flatMap(({ name, body }) => {
    const [{ strategy } = {}] = objects(body.deployment_configuration);
    const text = STRATEGIES[`${strategy}`];
    return text === undefined ? [] : [`${code(name)} (${text})`];
  });
  if (shifted.length === 0) return [];
  return [
    `These services have another deployment strategy: ${listed(shifted)}. ECS starts all new tasks beside the old ones, and then moves the ` +
      "requests to them. It stops the old tasks after the bake time. ECS changes the weights in the listener rules, so Terraform ignores them. " +
      "To see the deployment, or to roll it back before the old tasks stop:",
    block(
      "sh",
      `aws ecs list-service-deployments --cluster ${clusterArgument(stack)} --service SERVICE --query 'serviceDeployments[0].[status,statusReason,serviceDeploymentArn]'`,
      "aws ecs stop-service-deployment --stop-type ROLLBACK --service-deployment-arn DEPLOYMENT_ARN",
    ),
  ];
}
