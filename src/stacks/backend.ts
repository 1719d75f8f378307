import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import { bucketRules, regionRule } from "../validation/aws-rules";
import { matchesNot, type Rule } from "../validation/rule";
import { plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";

/** An S3 bucket for the state. A file beside the state locks it, which needs Terraform 1.10 or newer. */
export interface S3BackendSettings {
  /** The bucket. It must exist. */
  readonly bucket: string;
  /** The bucket's region, which can differ from the cluster's. */
  readonly region: string;
  /** The state's key. @default - `<stack id>/terraform.tfstate` */
  readonly key?: string;
  /** The KMS key that encrypts the state. @default - the bucket's own encryption */
  readonly kmsKeyId?: string;
}

/** Terraform does not evaluate expressions in a backend. An absolute path would tie the JSON to one machine. */
const path: readonly Rule<string>[] = [
  matchesNot("[$%\\x00-\\x1f]|^$", "be text without $ and %", "Terraform evaluates nothing in a backend."),
  matchesNot(
    "^([/\\\\~]|[A-Za-z]:)",
    "be relative",
    "It is relative to the folder where Terraform runs, cdktf.out/stacks/<stack id>, so that it is the same on every machine.",
  ),
];
const pathField = plain(string(...path));

export const s3BackendSchema = schemaOf<S3BackendSettings>()({
  bucket: plain(string(...bucketRules)),
  region: plain(string(regionRule)),
  key: pathField.optional(),
  kmsKeyId: pathField.optional(),
});

/** Where Terraform keeps the state: set one of the two. */
export interface BackendSettings {
  /** A file, relative to the folder where Terraform runs. @default - `terraform.<stack id>.tfstate` beside `cdktf.json` */
  readonly local?: string;
  /** An S3 bucket. @default - a local file */
  readonly s3?: S3BackendSettings;
}

export const backendSchema = schemaOf<BackendSettings>()(
  { local: pathField.optional(), s3: s3BackendSchema.optional() },
  function* oneBackend(_: Known<BackendSettings>, given: Given<BackendSettings>): Findings<BackendSettings> {
    if (given("local") !== given("s3")) return;
    const received = given("local") ? "both" : "neither";
    yield { at: "local", must: "be set, or s3, but not both", fix: "Set one of the two.", received };
  },
);

/** The versions of Terraform that can read the synthesized JSON. */
const REQUIRED_TERRAFORM_VERSION = ">= 1.10";

/**
 * Declares the Terraform version, and where Terraform keeps the state. Every stack has a backend, because without one CDKTF writes an absolute path of
 * the synthesizing machine into the JSON.
 *
 * @param stackId the start of the default path and of the default key
 */
export function declareBackend(stack: TerraformStack, stackId: string, backend: BackendSettings = {}): void {
  stack.addOverride("terraform.required_version", REQUIRED_TERRAFORM_VERSION);
  if (!backend.s3) {
    // Relative to cdktf.out/stacks/<id>, where Terraform runs: beside cdktf.json, and not in a folder that people delete.
    new LocalBackend(stack, { path: backend.local ?? `../../../terraform.${stackId}.tfstate` });
    return;
  }
  const { bucket, region, key = `${stackId}/terraform.tfstate`, kmsKeyId } = backend.s3;
  // CDKTF's type does not have the lock file of Terraform 1.10.
  new S3Backend(stack, { bucket, region, key, kmsKeyId, encrypt: true }).addOverride("use_lockfile", true);
}
