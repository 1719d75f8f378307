import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../command-line";

/** The oldest Terraform that this project supports. Lock files in S3 need this version. */
export const MIN_TERRAFORM = { major: 1, minor: 10 } as const;

/**
 * Returns the name of the binary: `TERRAFORM_BINARY_NAME`, which the Jest matchers of CDKTF also use, or `terraform`, or `tofu`
 * where only OpenTofu is installed.
 */
export function terraformBinary(): string {
  const { TERRAFORM_BINARY_NAME: name, PATH = "" } = process.env;
  if (name) return name;
  return !isInstalled("terraform", PATH) && isInstalled("tofu", PATH) ? "tofu" : "terraform";
}

const isInstalled = (binary: string, path: string): boolean =>
  path.split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, binary)));

/** The pages that say how to install each product. */
const INSTALL = {
  Terraform: "https://developer.hashicorp.com/terraform/install",
  OpenTofu: "https://opentofu.org/docs/intro/install",
} as const;

/** Terraform is missing or too old. The message says how to fix it. */
export class TerraformBinaryError extends UsageError {}

/** The known versions of binaries. They do not change while a process runs. */
const versions = new Map<string, string>();

/** Returns the version of a binary. @throws {TerraformBinaryError} */
export async function terraformVersion(binary = terraformBinary()): Promise<string> {
  const found = `${binary} by ${process.env.PATH}`;
  const version = versions.get(found) ?? (await readVersion(binary));
  versions.set(found, version);
  return version;
}

async function readVersion(binary: string): Promise<string> {
  const run = promisify(execFile);
  let stdout: string;
  try {
    ({ stdout } = await run(binary, ["version", "-json"], { env: { ...process.env, CHECKPOINT_DISABLE: "1" } }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new TerraformBinaryError(
        `"${binary}" was not found. Install Terraform ${supported()} (${INSTALL.Terraform}), or ` +
          `OpenTofu ${supported()} (${INSTALL.OpenTofu}), whose binary is tofu. Or set TERRAFORM_BINARY_NAME to the ` +
          "path of a binary.",
      );
    }
    throw new TerraformBinaryError(`"${binary} version" failed: ${(error as Error).message}`);
  }
  const product = basename(binary).startsWith("tofu") ? "OpenTofu" : "Terraform";
  return supportedVersion((JSON.parse(stdout) as { terraform_version: string }).terraform_version, product);
}

/** Returns the version. @throws {TerraformBinaryError} when this project does not support it */
export function supportedVersion(version: string, product: keyof typeof INSTALL = "Terraform"): string {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > MIN_TERRAFORM.major || (major === MIN_TERRAFORM.major && minor >= MIN_TERRAFORM.minor)) return version;
  throw new TerraformBinaryError(
    `${product} ${version} is too old. This project needs ${supported()}, for lock files in S3 and validations across variables. ` +
      `Install a newer version: ${INSTALL[product]}`,
  );
}

function supported(): string {
  return `${MIN_TERRAFORM.major}.${MIN_TERRAFORM.minor} or newer`;
}
