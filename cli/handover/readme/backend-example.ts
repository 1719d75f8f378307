import { block } from "../hcl/block";
import { indented, withoutMarks } from "../hcl/value";
import type { Stack } from "../stack";
import type { Backend } from "../terraform-json/configuration";
import { displayName } from "../terraform-json/display-name";
import { listed } from "./markdown";

/** Backends that store the state in a file. */
const isLocal = ({ type }: Backend): boolean => type === "local";

/** Returns the backend of the app that others can reach. Undefined for a file, and for an app without a backend. */
export function sharedBackend({ configuration: { backend } }: Stack): Backend | undefined {
  return backend === undefined || isLocal(backend) ? undefined : backend;
}

/** Returns the `terraform` block with the backend of the app, or with a bucket to choose. Locks need Terraform 1.10. */
export function backendLines(stack: Stack): string[] {
  const own = sharedBackend(stack);
  const placeholder = {
    ...{ bucket: "BUCKET", key: `${stack.options.name}/terraform.tfstate`, region: regionOf(stack) },
    ...{ encrypt: true, use_lockfile: true },
  };
  const { type, body } = own ?? { type: "s3", body: placeholder };
  const head = type === "cloud" ? ["cloud"] : ["backend", type];
  // These parts are blocks: of `cloud` and `remote`, and of `kubernetes`.
  return ["terraform {", ...indented(block(head, body, { workspaces: {}, exec: {} }, { "": "literal" })), "}"];
}

const regionOf = ({ configuration }: Stack): string =>
  displayName("${var.region}", configuration.variables) ?? "REGION";

/** Renders `backend.tf.example`: the backend of the app, or the state in S3 with a lock file. */
export function backendExample(stack: Stack): string {
  const own = sharedBackend(stack);
  const comment = own
    ? "The backend of the app. Copy this file to backend.tf before the first terraform init."
    : "To store the state in S3, copy this file to backend.tf and replace BUCKET. A lock file prevents two applies at once.";
  const missing = own?.credentials ?? [];
  return withoutMarks([
    `# ${comment}`,
    ...(missing.length > 0 ? [`# ${credentialsText(missing)}`] : []),
    ...backendLines(stack),
  ]);
}

/** Returns what to do about arguments that the hand-over leaves out. */
export const credentialsText = (names: readonly string[]): string =>
  `The app also sets ${listed(names)}, which can contain credentials. Give ${names.length === 1 ? "it" : "them"} to terraform init with ` +
  "-backend-config, or set the environment variables of the backend.";
