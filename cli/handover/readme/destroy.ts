import { ofType, type Stack } from "../stack";
import { type Element, objects } from "../terraform-json/configuration";
import { block, code, listed, paragraphs, section } from "./markdown";

export function destroy(stack: Stack): string {
  const { module } = stack.options;
  return section(
    "Destroy",
    module && "Remove the `module` block and apply, or run:",
    block("sh", module ? "terraform destroy -target=module.NAME" : "terraform destroy"),
    ofType(stack, "aws_autoscaling_group").length > 0 &&
      "It takes a few minutes. Terraform deletes the services first, then the instances, then the cluster.",
    ...unprotect(stack),
    ofType(stack, "aws_ecr_repository").length > 0 &&
      "First delete the images in the repositories. AWS does not delete a repository that has images.",
  );
}

/** Returns how to destroy a stack with resources that Terraform must not destroy: without Node.js, a file overrides them. */
function unprotect(stack: Stack): (string | false)[] {
  const { module } = stack.options;
  const isProtected = ({ mode, body }: Element) =>
    mode === "resource" && objects(body.lifecycle).some(({ prevent_destroy }) => prevent_destroy === true);
  const all = stack.portable.elements.filter(isProtected);
  const balancers = all.filter(({ type }) => type === "aws_lb");
  const retained = all.filter(({ type }) => type !== "aws_lb").map(({ address }) => address);
  const off = { enable_deletion_protection: false, lifecycle: { prevent_destroy: false } };
  const override = { resource: { aws_lb: Object.fromEntries(balancers.map(({ name }) => [name, off])) } };
  return [
    balancers.length > 0 &&
      paragraphs(
        "The load balancer is protected, so `terraform destroy` fails at the plan and deletes nothing. To switch the protection off, " +
          `write this to \`override.tf.json\` in ${module ? "the folder of the module" : "this folder"}:`,
        block("json", JSON.stringify(override, null, 2)),
        "Run `terraform apply`, then `terraform destroy`. Delete the file afterwards, because it also switches the protection off for " +
          "the next apply.",
      ),
    retained.length > 0 &&
      paragraphs(
        `Terraform never destroys ${listed(retained.map(code))}, so \`terraform destroy\` fails at the plan. To keep ` +
          `${retained.length > 1 ? "them" : "it"} in AWS and destroy the rest, remove ${retained.length > 1 ? "them" : "it"} from the state first:`,
        block("sh", ...retained.map((address) => `terraform state rm ${module ? `module.NAME.${address}` : address}`)),
      ),
  ];
}
