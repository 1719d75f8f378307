import type { Stack } from "../stack";
import type { Backend } from "../terraform-json/configuration";
import { backendLines, credentialsText, sharedBackend } from "./backend-example";
import { block, code, section } from "./markdown";

/** Where the state is, how to take over the state of the app, and how to move it. */
export function state(stack: Stack): string {
  const own = sharedBackend(stack);
  return section("State", ...(stack.options.module ? ofModule(stack, own) : own ? ofBackend(own) : ofFile(stack)));
}

const ADDRESSES = "The addresses are those of the stack, so Terraform replaces nothing.";
const ONE_FOLDER = "Then run Terraform only in this folder. Two folders with one state undo each other's changes.";

/** An app with a backend that others can reach: this folder uses the same. */
function ofBackend(own: Backend): (string | false)[] {
  const { bucket, key, region } = own.body;
  const isS3 = own.type === "s3";
  return [
    isS3
      ? `The app stores the state in S3: the bucket ${code(String(bucket))}, the key ${code(String(key))}, the region ${code(String(region))}. ` +
        "`backend.tf.example` has this backend, so that this folder continues with the state of the app:"
      : `The app stores the state in the backend ${code(own.type)}. \`backend.tf.example\` has this backend, so that this folder continues ` +
        "with the state of the app:",
    block(
      "sh",
      "cp backend.tf.example backend.tf",
      "terraform init",
      "terraform plan             # of an existing stack must print: No changes",
    ),
    own.credentials.length > 0 && credentialsText(own.credentials),
    `${ADDRESSES} ${ONE_FOLDER}`,
    isS3 &&
      "To move the state to another bucket, change `backend.tf`, and copy the state with `terraform init -migrate-state`. To see whether the " +
        "bucket exists, and keeps earlier versions of the state:",
    isS3 && block("sh", `aws s3api get-bucket-versioning --bucket ${bucket} --region ${region}`),
  ];
}

/** An app with a file, or without a backend: a file, or a bucket to choose. */
function ofFile({ configuration: { backend }, options: { name } }: Stack): string[] {
  const file = backend === undefined ? undefined : fileOf(backend, name);
  return [
    ...(file === undefined
      ? [
          "The app has no backend. If the pipeline that deploys the app adds one, write the same backend to `backend.tf`, with the same key. Then " +
            "`terraform init` continues with that state, and `terraform plan` must print `No changes`.",
        ]
      : [
          `The app stores the state in the file ${code(file)} of its project. If the stack exists, copy its state to this folder before the first plan:`,
          block(
            "sh",
            `cp PROJECT/${file} terraform.tfstate`,
            "terraform init",
            "terraform plan             # must print: No changes",
          ),
        ]),
    `${ADDRESSES} ${ONE_FOLDER}`,
    "To share the state in a team, store it in S3, before the first apply or later. `-migrate-state` copies the state that exists:",
    block(
      "sh",
      "cp backend.tf.example backend.tf",
      "$EDITOR backend.tf        # set the bucket",
      "terraform init -migrate-state",
    ),
    "Without a backend, Terraform stores the state in `terraform.tfstate` in this folder. Keep this file, and never commit it.",
  ];
}

/** A module: the root module has the backend, and the addresses get the name of the module. */
function ofModule(stack: Stack, own: Backend | undefined): (string | false)[] {
  return [
    "The root module stores the state. " +
      (own
        ? "The app has this backend, which the root module can continue to use:"
        : "To share it in a team, give the root module a backend, for example:"),
    block("hcl", ...backendLines(stack)),
    own !== undefined && own.credentials.length > 0 && credentialsText(own.credentials),
    "If the stack exists without the module, give the root module the state of the app, run `terraform init`, and move each address into " +
      "the module. `MODULE` is the name of the `module` block:",
    block(
      "sh",
      "terraform state pull > before.tfstate      # a copy to go back to",
      "terraform state list | grep -v '^data\\.' | while read -r address; do",
      '  terraform state mv "$address" "module.MODULE.$address" < /dev/null',
      "done",
      "terraform plan             # must change nothing but outputs",
    ),
  ];
}

/**
 * Returns the path of the state in the project. The path of the backend starts in the folder where Terraform runs, at any
 * depth below the project.
 */
function fileOf({ body: { path } }: Backend, name: string): string {
  const text = typeof path === "string" ? path : "terraform.tfstate";
  if (/^([/\\~]|[A-Za-z]:)/.test(text)) return text.replace(/^.*[/\\]/, "");
  const up = /^(\.\.\/)+/.exec(text);
  return up ? text.slice(up[0].length) : `cdktf.out/stacks/${name}/${text.replace(/^\.\//, "")}`;
}
