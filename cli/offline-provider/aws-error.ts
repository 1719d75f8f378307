/** An error with the text of AWS. Terraform prints the first line as the error, and the other lines below it. */
export class AwsError extends Error {}
