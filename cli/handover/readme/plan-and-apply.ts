import { ofType, type Stack } from "../stack";
import { sharedBackend } from "./backend-example";
import { block, code, listed, section } from "./markdown";

/** Returns the variables without a default. */
export const requiredIn = ({ variables }: Stack): string[] =>
  variables.filter(({ isRequired }) => isRequired).map(({ name }) => name);

export function planAndApply(stack: Stack): string {
  const required = requiredIn(stack).map(code);
  const hasServices = ofType(stack, "aws_ecs_service").length > 0;
  const hasOutput = (output: string) => stack.portable.outputs.some(([name]) => name === output);
  const hasDomain = ofType(stack, "aws_route53_record").length > 0;
  const isHttps = !hasDomain && ofType(stack, "aws_lb_listener").some(({ body }) => body.protocol === "HTTPS");
  return section(
    "Plan and apply",
    "If the stack exists, continue with its [state](#state). Otherwise, the plan creates everything a second time.",
    block(
      "sh",
      ...(sharedBackend(stack) ? ["cp backend.tf.example backend.tf   # the backend of the app"] : []),
      "cp terraform.tfvars.example terraform.tfvars",
      `$EDITOR terraform.tfvars${required.length > 0 ? "       # set the required variables" : ""}`,
      "terraform init",
      "terraform plan -out=plan.tfplan",
      "terraform apply plan.tfplan",
    ),
    required.length > 0 && `Required: ${listed(required)}. All other variables have defaults.`,
    "Commit `.terraform.lock.hcl`, which `terraform init` writes. It pins the provider.",
    ...(hasOutput("url")
      ? [
          `The first apply takes a few minutes. Then check the URL${hasServices ? "" : ", which returns 404 until you add a service"}:`,
          ...(isHttps
            ? [
                block("sh", 'curl -ik "$(terraform output -raw url)"'),
                "`-k` accepts the certificate, which is for your domain and not for the load balancer's own name. Once a record of your domain refers to the load balancer, use the domain, without `-k`.",
              ]
            : [block("sh", 'curl -i "$(terraform output -raw url)"')]),
          !hasDomain &&
            hasOutput("load_balancer_dns_name") &&
            "To point a domain name at the load balancer, create an alias record with the outputs `load_balancer_dns_name` and " +
              "`load_balancer_zone_id` in Route 53. With another DNS provider, create a CNAME record with the value of " +
              "`load_balancer_dns_name`.",
        ]
      : []),
  );
}
