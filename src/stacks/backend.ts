import { LocalBackend, S3Backend } from "cdktf";
import type { Construct } from "constructs";
import type { BackendSettings } from "./settings";

/**
 * Declares where Terraform keeps the state. There is always a backend, because CDKTF writes the synthesizing machine's
 * own path into the JSON where there is none.
 *
 * @param stackId what the state's default key in S3 is made from
 */
export function declareBackend(stack: Construct, stackId: string, backend: BackendSettings): void {
  if ("local" in backend) {
    new LocalBackend(stack, { path: backend.local });
    return;
  }
  const { bucket, region, key = `${stackId}/terraform.tfstate`, kmsKeyId } = backend.s3;
  // CDKTF's type doesn't know the lock file of Terraform 1.10 yet.
  new S3Backend(stack, { bucket, region, key, kmsKeyId, encrypt: true }).addOverride("use_lockfile", true);
}
