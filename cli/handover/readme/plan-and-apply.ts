import { ofType, type Stack } from "../stack";
import { sharedBackend } from "./backend-example";
import { dns } from "./dns";
import { block, code, listed, paragraphs, section } from "./markdown";
import { firstApply, firstParameters } from "./repositories";
import { describeServices, waitingServices } from "./services";

/** Returns the variables without a default. */
export const requiredIn = ({ variables }: Stack): string[] =>
  variables.filter(({ isRequired }) => isRequired).map(({ name }) => name);

/** The commands of each apply, the steps of the first, and how to see that the system runs. */
export function planAndApply(stack: Stack): string {
  const required = requiredIn(stack).map(code);
  return section(
    "Plan and apply",
    "If the stack exists, continue with its [state](#state). Otherwise, the plan creates everything a second time.",
    block(
      "sh",
      ...(sharedBackend(stack) ? ["cp backend.tf.example backend.tf   # the backend of the app"] : []),
      ...(stack.variables.length > 0
        ? [
            "cp terraform.tfvars.example terraform.tfvars",
            `$EDITOR terraform.tfvars${required.length > 0 ? "       # set the required variables" : ""}`,
          ]
        : []),
      "terraform init",
      "terraform plan -out=plan.tfplan",
      "terraform apply plan.tfplan",
    ),
    required.length > 0 &&
      `Required: ${listed(required)}. ${required.length < stack.variables.length ? "All other variables have defaults." : ""}`.trimEnd(),
    "Commit `.terraform.lock.hcl`, which `terraform init` writes. It pins the provider.",
    firstApply(stack) !== "" &&
      "The very first apply needs the steps of [First apply with a repository](#first-apply-with-a-repository).",
    firstApply(stack),
    ...afterApply(stack),
  );
}

/** How to see that the system runs, which a green apply does not always mean. */
export function afterApply(stack: Stack): (string | false)[] {
  const hasServices = ofType(stack, "aws_ecs_service").length > 0;
  const parts = [hasServices && deployments(stack), ...url(stack), dns(stack)].filter(Boolean);
  return parts.length > 0 ? ["### After the apply", ...parts] : [];
}

function deployments(stack: Stack): string {
  const { waiting, others } = waitingServices(stack);
  return paragraphs(
    waiting.length > 0 &&
      `\`terraform apply\` waits for the deployments of ${listed(waiting.map(code))}. It fails with the reason of ECS when a deployment fails or is ` +
        "rolled back. The service then stays in the state: correct the cause, and apply again.",
    others.length > 0 &&
      `\`terraform apply\` does not wait for ${listed(others.map(code))}. It succeeds, and the deployment can fail or be rolled back afterwards.`,
    firstParameters(stack),
    "To see the tasks and the last deployment of each service, which must be `COMPLETED`:",
    block("sh", ...describeServices(stack)),
  );
}

function url(stack: Stack): (string | false)[] {
  const hasOutput = (output: string) => stack.portable.outputs.some(([name]) => name === output);
  if (!hasOutput("url") || stack.options.module) return [];
  const hasServices = ofType(stack, "aws_ecs_service").length > 0;
  const hasDomain = ofType(stack, "aws_route53_record").length > 0;
  const isHttps = !hasDomain && ofType(stack, "aws_lb_listener").some(({ body }) => body.protocol === "HTTPS");
  return [
    `The first apply takes a few minutes. Then check the URL${hasServices ? "" : ", which returns 404 until you add a service"}:`,
    block("sh", `curl -i${isHttps ? "k" : ""} "$(terraform output -raw url)"`),
    isHttps &&
      "`-k` accepts the certificate, which is for your domain and not for the load balancer's own name. Once a record of your domain refers to the load balancer, use the domain, without `-k`.",
  ];
}
