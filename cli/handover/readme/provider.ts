import type { Stack } from "../stack";
import { isObject } from "../terraform-json/configuration";
import { block, code, section } from "./markdown";

/** How to use a newer version of the provider, of which AWS's API and Terraform require one from time to time. */
export function provider({ portable: { versions }, options }: Stack): string {
  const providers = versions.required_providers;
  const aws = isObject(providers) && isObject(providers.aws) ? providers.aws : {};
  const { version = "" } = aws;
  const [tested = "", major = ""] = /(\d+)\.\d+\.\d+/.exec(String(version)) ?? [];
  if (tested === "") return "";
  const file = options.hcl ? "versions.tf" : "versions.tf.json";
  const raise = options.module
    ? [
        `${code(file)} accepts the versions ${code(String(version))}. The root module's \`.terraform.lock.hcl\` has the one that Terraform uses. To use a newer one, run in the root module:`,
        block("sh", "terraform init -upgrade", "terraform plan -out=plan.tfplan"),
      ]
    : [
        `${code(file)} names the version ${code(tested)}, and \`.terraform.lock.hcl\` its checksums. To use a newer one, for example for a new version of ` +
          "Terraform, write it to a file of your own, which the next hand-over keeps. Terraform reads files with this ending last:",
        block(
          "hcl",
          "# versions_override.tf",
          "terraform {",
          "  required_providers {",
          "    aws = {",
          '      source  = "hashicorp/aws"',
          `      version = "~> ${tested.split(".").slice(0, 2).join(".")}"`,
          "    }",
          "  }",
          "}",
        ),
        block("sh", "terraform init -upgrade", "terraform test", "terraform plan -out=plan.tfplan"),
      ];
  return section(
    "Update the provider",
    ...raise,
    "The plan must print `No changes`, or only changes that the provider's changelog explains. Then commit `.terraform.lock.hcl`. To go back, restore that " +
      `file${options.module ? "" : ", remove your file"}, and run \`terraform init\` again.`,
    `This folder is tested with version ${tested} only. Later versions of ${major} keep its arguments: the provider removes arguments only in a new ` +
      `major version. Before you use version ${Number(major) + 1}, read its upgrade guide, ` +
      "[hashicorp/aws](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides), and ask for a hand-over with it: " +
      "change this folder by hand only if nobody can write a new one. Try it in an account without users first.",
  );
}
