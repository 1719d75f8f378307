import { diagramText } from "../diagram/diagram";
import { svgOf } from "../diagram/draw";
import { GIT_IGNORE } from "../git-ignore";
import { hcl } from "../hcl";
import { policyFiles } from "../iam/policy-files";
import { readme } from "../readme";
import { backendExample } from "../readme/backend-example";
import { REQUEST_PATH, sentence } from "../readme/intro";
import { tfvarsExample } from "../readme/tfvars-example";
import { type HandoverOptions, readStack } from "../stack";
import type { Json } from "../terraform-json/configuration";
import { displayName } from "../terraform-json/display-name";
import { type Files, portableJson } from "../terraform-json/portable-json";
import { refuseSecrets } from "../terraform-json/secrets";
import { planTest } from "../tests/plan-test";

/**
 * The whole folder, from a stack's JSON and nothing else: the same JSON gives the same bytes.
 *
 * @param json the parsed `cdk.tf.json`
 * @throws HandoverError for a secret in it, or for what can't be handed over
 */
export async function handoverFolder(json: Json, options: HandoverOptions): Promise<Files> {
  refuseSecrets(json);
  const stack = readStack(json, options);
  const region = displayName("${var.region}", stack.configuration.variables) ?? "REGION";
  const { overview, requestPath } = stack;
  return {
    ...(options.hcl ? hcl(stack.portable) : portableJson(stack.portable)),
    ".gitignore": GIT_IGNORE,
    "README.md": readme(stack),
    "diagram.svg": await svgOf(overview, sentence(stack), diagramText(overview).join(". ")),
    ...(requestPath
      ? { "request-path.svg": await svgOf(requestPath, REQUEST_PATH, diagramText(requestPath).join(". ")) }
      : {}),
    ...policyFiles(stack.statements),
    "tests/plan.tftest.hcl": planTest(stack),
    ...(options.module
      ? {}
      : {
          "backend.tf.example": backendExample(options.name, region),
          "terraform.tfvars.example": tfvarsExample(stack.variables),
        }),
  };
}
