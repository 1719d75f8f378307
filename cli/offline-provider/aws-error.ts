/** An error that AWS returns, in its words. Terraform prints the first line as the error and the others below it. */
export class AwsError extends Error {}
