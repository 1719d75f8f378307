/** Why user data cannot have the password of a registry, for the agent of each AMI family. */
export const noRegistryPassword = {
  must: "not be set, because user data is not secret",
  fix: "Push the images to ECR with ecrRepository. On Amazon Linux, a line of extraUserData can also read the password from Secrets Manager.",
} as const;

/** Why user data cannot have AWS credentials. */
export const noAwsCredentials = {
  must: noRegistryPassword.must,
  fix: "Give the permissions to the instance role with instancePolicyArns.",
} as const;
