import { backendExample } from "./backend-example";
import type { Json } from "./configuration";
import { diagramText } from "./diagram/diagram";
import { svgOf } from "./diagram/draw";
import { displayName } from "./display-name";
import { GIT_IGNORE } from "./git-ignore";
import { hcl } from "./hcl";
import { policyFiles } from "./iam/policy-files";
import { type Files, portableJson } from "./portable-json";
import { readme } from "./readme";
import { REQUEST_PATH, sentence } from "./readme/intro";
import { refuseSecrets } from "./secrets";
import { type HandoverOptions, readStack } from "./stack";
import { planTest } from "./tests/plan-test";
import { tfvarsExample } from "./tfvars";

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
