import { diagramText } from "../diagram/diagram";
import { svgOf } from "../diagram/draw";
import { hcl } from "../hcl";
import { planStatements } from "../iam/deploy-policy";
import { policyFiles } from "../iam/policy-files";
import { readme } from "../readme";
import { backendExample } from "../readme/backend-example";
import { REQUEST_PATH, summary } from "../readme/intro";
import { tfvarsExample } from "../readme/tfvars-example";
import { type HandoverOptions, readStack } from "../stack";
import type { Json } from "../terraform-json/configuration";
import { type Files, portableJson } from "../terraform-json/portable-json";
import { throwIfSecrets } from "../terraform-json/secrets";
import { planTest } from "../tests/plan-test";
import { changesFile, type History, nextHistory, versionText } from "./history";
import { snapshotOf } from "./snapshot";

/** `.gitignore`: files that Terraform and the README's commands write, and files that can contain secrets. */
const GIT_IGNORE = `.terraform/
*.tfstate
*.tfstate.*
*.tfvars
*.tfplan
filled-*-policy*.json
`;

/** What the command writes. */
export interface Handover {
  readonly files: Files;
  readonly history: History;
}

/**
 * Returns the files of the folder. They depend only on the JSON, the options and the history.
 *
 * @param json the parsed `cdk.tf.json`
 * @param previous the history of the folder. Undefined for a new folder.
 * @param release the version that is handed over
 * @throws HandoverError for a secret in the JSON, and for a block or a type that the hand-over does not know
 */
export async function handoverFiles(
  json: Json,
  options: HandoverOptions,
  previous?: History,
  release?: string,
): Promise<Handover> {
  throwIfSecrets(json);
  const read = readStack(json, options);
  const snapshot = snapshotOf(read);
  const history = nextHistory(previous, snapshot, release);
  const stack = { ...read, version: versionText(history, snapshot) };
  const { overview, requestPath } = stack;
  const files = {
    ...(options.hcl ? hcl(stack.portable) : portableJson(stack.portable)),
    ".gitignore": GIT_IGNORE,
    "README.md": readme(stack),
    "CHANGES.md": changesFile(history, snapshot),
    "diagram.svg": await svgOf(overview, `${options.name}: ${summary(stack)}`, diagramText(overview).join(". ")),
    ...(requestPath
      ? { "request-path.svg": await svgOf(requestPath, REQUEST_PATH, diagramText(requestPath).join(". ")) }
      : {}),
    ...policyFiles("deploy-policy", stack.statements),
    ...policyFiles("plan-policy", planStatements(stack.statements)),
    "tests/plan.tftest.hcl": planTest(stack),
    ...(options.module
      ? {}
      : {
          "backend.tf.example": backendExample(stack),
          ...(stack.variables.length > 0 ? { "terraform.tfvars.example": tfvarsExample(stack.variables) } : {}),
        }),
  };
  return { files, history };
}
