import { type Diagram, diagramText } from "../diagram/diagram";
import { ofType, type Stack } from "../stack";
import { isObject } from "../terraform-json/configuration";
import { displayName } from "../terraform-json/display-name";
import { block, code, listed, paragraphs, section, table } from "./markdown";

export const REQUEST_PATH = "The path of a request, from the URL to a container";

const image = (title: string, file: string, diagram: Diagram): string[] => [
  `![${title}](${file})`,
  `<details><summary>The same as text</summary>\n\n${block("text", ...diagramText(diagram))}\n\n</details>`,
];

/** The first screen: what the folder creates, as a sentence and as diagrams, and what it requires. */
export function intro(stack: Stack): string[] {
  return [
    paragraphs(
      `# ${stack.options.name}`,
      sentence(stack),
      stack.options.module
        ? "It is a Terraform module and needs nothing but Terraform. It was written by `npm run handover`: change it there, or take it over and change it here."
        : "It is plain Terraform and needs nothing but Terraform. It was written by `npm run handover`: change it there, or take it over and change it here.",
      ...image(
        "What the stack consists of, what may connect to what, and what uses what",
        "diagram.svg",
        stack.overview,
      ),
      ...(stack.requestPath ? [`${REQUEST_PATH}:`, ...image(REQUEST_PATH, "request-path.svg", stack.requestPath)] : []),
    ),
    requirements(stack),
  ];
}

/** `This folder makes an ECS cluster on EC2 instances in the region's default VPC, …`. */
export function sentence(stack: Stack): string {
  const count = (type: string): number => ofType(stack, type).length;
  const vpc = ofType(stack, "aws_vpcs", "data").some(({ body }) => JSON.stringify(body).includes("is-default"))
    ? "the region's default VPC"
    : "a VPC that is there already";
  const parts = [
    ...(count("aws_ecs_cluster") > 0 ? ["an ECS cluster"] : []),
    ...(count("aws_autoscaling_group") > 0 ? ["the EC2 instances that it runs on"] : []),
    ...(count("aws_lb") > 0 ? ["an application load balancer"] : []),
    ...(count("aws_ecs_service") > 0
      ? [count("aws_ecs_service") === 1 ? "one service" : `${count("aws_ecs_service")} services`]
      : []),
  ];
  const region = displayName("${var.region}", stack.configuration.variables);
  return (
    `This folder makes ${listed(parts.length > 0 ? parts : ["the resources listed below"])} in ${vpc}` +
    `${region ? ` (${code(region)} unless told otherwise)` : ""}. It makes no network of its own, so what lives in that VPC is in reach from the first minute.`
  );
}

function requirements({ portable: { versions }, options, configuration }: Stack): string {
  const region = displayName("${var.region}", configuration.variables) ?? "REGION";
  const providers = isObject(versions.required_providers) ? Object.entries(versions.required_providers) : [];
  const rows = [
    ["Terraform", code(String(versions.required_version ?? "any version"))],
    ...providers.map(([name, requirement]) => [
      `Provider ${code(isObject(requirement) ? String(requirement.source) : name)}`,
      isObject(requirement) ? code(String(requirement.version ?? "any version")) : code(String(requirement)),
    ]),
    ["AWS credentials", "of a role with the rights below, in the environment or a profile"],
    [
      "AWS CLI 2, with its Session Manager plugin",
      "not to plan and apply: for the commands below that start with `aws`, and for those in the outputs",
    ],
  ];
  return section(
    "Requirements",
    table(["What", "Which"], rows),
    !options.module && "`terraform init` fetches the provider. No Node, no CDKTF.",
    "The `aws` commands below ask the region that the CLI is set to. Set it to that of this stack first:",
    block("sh", `export AWS_REGION=${region}`),
  );
}
