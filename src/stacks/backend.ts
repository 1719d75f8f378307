import { isAbsolute, relative, resolve, sep } from "node:path";
import { App, LocalBackend, S3Backend, type TerraformBackend, type TerraformStack } from "cdktf";
import { bucketRules, regionRule } from "../validation/aws-rules";
import { matches, matchesNot, type Rule } from "../validation/rule";
import { anyOf, choice, plain, schemaOf, string } from "../validation/schema";
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
const plainText = matchesNot(
  "[$%\\x00-\\x1f]|^$",
  "be text without $ and %",
  "Write plain text. Terraform evaluates no expressions in a backend.",
);

const path: readonly Rule<string>[] = [
  plainText,
  matchesNot(
    "^([/\\\\~]|[A-Za-z]:)",
    "be relative",
    "Write a path from the folder where Terraform runs, cdktf.out/stacks/<stack id>. An absolute path fits only one machine.",
  ),
];
const pathField = plain(string(...path));

/** The provider rejects a key that starts with a slash. */
const key = matchesNot("^/", "not start with /", "For example prod/terraform.tfstate.");

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id */
const kmsKey = matches(
  "^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:)?(key/|alias/)?[a-zA-Z0-9/_-]+$",
  "be the ID or the ARN of a KMS key",
  "List them: aws kms list-keys.",
);

export const s3BackendSchema = schemaOf<S3BackendSettings>()({
  bucket: plain(string(...bucketRules)),
  region: plain(string(regionRule)),
  key: plain(string(plainText, key)).optional(),
  kmsKeyId: plain(string(plainText, kmsKey)).optional(),
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
    yield given("local")
      ? { at: "local", must: "not be set with s3", fix: "Remove one of the two." }
      : { at: "local", must: "be set, or s3", fix: "Set one of the two." };
  },
);

/** The field of a `backend` setting. */
export const backendField = anyOf(plain(choice(false)), backendSchema);

/** The versions of Terraform that can read the synthesized JSON. */
export const REQUIRED_TERRAFORM_VERSION = ">= 1.10";

/**
 * Returns the way from a stack's folder, where Terraform runs, to the folder of `cdktf.json`, where the app runs. The state
 * must not be in the output folder, which people delete. From an output folder outside the project, the way leads to the
 * folder that holds the output folder, so that the JSON is the same on every machine.
 */
function projectFolder(stack: TerraformStack): string {
  const outdir = relative(process.cwd(), resolve(App.of(stack).outdir)).split(sep);
  const isOutside = outdir[0] === ".." || isAbsolute(outdir[0] as string);
  return Array(isOutside ? 3 : outdir.filter(Boolean).length + 2)
    .fill("..")
    .join("/");
}

/**
 * Creates the backend of a stack. Every stack has one, because without a backend CDKTF writes an absolute path of the
 * synthesizing machine into the JSON.
 *
 * @param stackId the start of the default path and of the default key
 */
export function createBackend(stack: TerraformStack, stackId: string, backend: BackendSettings = {}): TerraformBackend {
  if (!backend.s3) {
    return new LocalBackend(stack, { path: backend.local ?? `${projectFolder(stack)}/terraform.${stackId}.tfstate` });
  }
  const { bucket, region, key = `${stackId}/terraform.tfstate`, kmsKeyId } = backend.s3;
  const s3 = new S3Backend(stack, { bucket, region, key, kmsKeyId, encrypt: true });
  // CDKTF's type does not have the lock file of Terraform 1.10.
  s3.addOverride("use_lockfile", true);
  return s3;
}
