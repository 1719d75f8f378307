/** `backend.tf.example`: the state in S3, locked by a file beside it, which needs Terraform 1.10. */
export const backendExample = (
  stack: string,
  region: string,
): string => `# Copy this file to backend.tf and fill it in: the state is then in S3, for everyone, and locked while somebody applies.
terraform {
  backend "s3" {
    bucket       = "BUCKET"
    key          = "${stack}/terraform.tfstate"
    region       = "${region}"
    encrypt      = true
    use_lockfile = true
  }
}
`;
