import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The oldest Terraform that the project's configurations run on: S3 lock files came with it. */
export const MIN_TERRAFORM = { major: 1, minor: 10 } as const;

/** `TERRAFORM_BINARY_NAME` is also what cdktf's own jest matchers obey. */
export function terraformBinary(): string {
  return process.env.TERRAFORM_BINARY_NAME || "terraform";
}

/** Terraform is not there, or too old; the message says what to do. */
export class TerraformBinaryError extends Error {}

/** The versions of the binaries that were there: none changes while a process runs. */
const versions = new Map<string, string>();

/** @throws TerraformBinaryError */
export async function terraformVersion(binary = terraformBinary()): Promise<string> {
  const found = `${binary} by ${process.env.PATH}`;
  const version = versions.get(found) ?? (await askVersion(binary));
  versions.set(found, version);
  return version;
}

async function askVersion(binary: string): Promise<string> {
  const run = promisify(execFile);
  let stdout: string;
  try {
    ({ stdout } = await run(binary, ["version", "-json"], { env: { ...process.env, CHECKPOINT_DISABLE: "1" } }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new TerraformBinaryError(
        `"${binary}" was not found. Install Terraform ${supported()} (https://developer.hashicorp.com/terraform/install) ` +
          "or name it in TERRAFORM_BINARY_NAME.",
      );
    }
    throw new TerraformBinaryError(`"${binary} version" failed: ${(error as Error).message}`);
  }
  return supportedVersion((JSON.parse(stdout) as { terraform_version: string }).terraform_version);
}

/** The version itself. @throws TerraformBinaryError when it is older than the project supports */
export function supportedVersion(version: string): string {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > MIN_TERRAFORM.major || (major === MIN_TERRAFORM.major && minor >= MIN_TERRAFORM.minor)) return version;
  throw new TerraformBinaryError(
    `Terraform ${version} is too old: this project needs ${supported()} (S3 lock files, validations across variables). ` +
      "Install a newer one: https://developer.hashicorp.com/terraform/install",
  );
}

function supported(): string {
  return `${MIN_TERRAFORM.major}.${MIN_TERRAFORM.minor} or newer`;
}
