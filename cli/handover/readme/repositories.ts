import { ofType, type Stack } from "../stack";
import type { Element } from "../terraform-json/configuration";
import { block, code, listed, paragraphs } from "./markdown";
import { serviceName } from "./services";

/**
 * The first apply of a stack whose services start images from repositories that it creates: the repositories, the images,
 * and then everything else.
 */
export function firstApply(stack: Stack): string {
  const repositories = ofType(stack, "aws_ecr_repository").filter(
    (repository) => usersOf(stack, repository).length > 0,
  );
  if (repositories.length === 0) return "";
  const address = (repository: Element) =>
    stack.options.module ? `module.MODULE.${repository.address}` : repository.address;
  const services = repositories.flatMap((repository) => usersOf(stack, repository));
  return paragraphs(
    "### First apply with a repository",
    `Services start images from repositories that this folder creates: ${listed([...new Set(services)].map(code))}. A service whose image does not exist ` +
      "fails, so create the repositories and push the images first. `IMAGE` is an image on your machine, and `TAG` is the tag that you set in the " +
      "variables:",
    block(
      "sh",
      "terraform init",
      `terraform apply ${repositories.map((repository) => `-target=${address(repository)}`).join(" ")}`,
      ...repositories.flatMap((repository) => [
        `REPOSITORY=${repositoryUrl(stack, repository)}`,
        'aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY%%/*}"',
        'docker tag IMAGE "$REPOSITORY:TAG"',
        'docker push "$REPOSITORY:TAG"',
      ]),
      "terraform plan -out=plan.tfplan",
      "terraform apply plan.tfplan",
    ),
    "Terraform warns that `-target` is for exceptional cases. This is one. The architecture of the images must be that of the instance types.",
  );
}

/** The services whose image is a parameter have no tasks until a pipeline writes the first image. */
export function firstParameters(stack: Stack): string {
  const services = ofType(stack, "aws_ecs_service").filter(({ body }) => !startsAtOnce(stack, body.desired_count));
  if (services.length === 0) return "";
  return (
    `${listed(services.map((service) => code(serviceName(stack, service))))} ${services.length === 1 ? "has" : "have"} no tasks until an image is in the ` +
    "SSM parameter of the service. The first apply succeeds without images. Then push the images, write the parameters as in " +
    "[Deploy a new image](#deploy-a-new-image), and apply again."
  );
}

/** Returns the names of the services that start with an image of a repository. */
function usersOf(stack: Stack, repository: Element): string[] {
  const { references } = stack;
  return references
    .to(repository)
    .filter(({ type }) => type === "aws_ecs_task_definition")
    .flatMap((task) => references.to(task))
    .filter(({ type, body }) => type === "aws_ecs_service" && startsAtOnce(stack, body.desired_count))
    .map((service) => serviceName(stack, service));
}

/** Whether the number of tasks does not depend on a parameter with the image. */
const startsAtOnce = ({ references }: Stack, count: Element["body"][string] | undefined): boolean =>
  !references.in(count ?? null).some(({ type }) => type === "aws_ssm_parameter");

function repositoryUrl({ portable, options }: Stack, { address }: Element): string {
  const [output] = portable.outputs.find(([, { value }]) => value === `\${${address}.repository_url}`) ?? [];
  if (output === undefined) return "REPOSITORY_URL";
  // Only the root module has outputs.
  const inModule = `"$(echo module.MODULE.${output} | terraform console | tr -d '"')"`;
  return options.module ? inModule : `"$(terraform output -raw ${output})"`;
}
