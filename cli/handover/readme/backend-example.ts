/** Renders `backend.tf.example`: the state in S3 with a lock file, which requires Terraform 1.10. */
export const backendExample = (
  stack: string,
  region: string,
): string => `# To store the state in S3, copy this file to backend.tf and replace BUCKET. A lock file prevents two applies at once.
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
