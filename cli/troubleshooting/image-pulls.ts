import type { Symptom } from "./symptom";

/** Why Docker cannot pull an image. A message can match several of them, so the special ones are first. */
export const IMAGE_PULLS: readonly Symptom[] = [
  {
    id: "pull-through-denied",
    words: /ecr:(BatchImportUpstreamImage|CreateRepository)\b/,
    seen: "`AccessDenied` with `ecr:BatchImportUpstreamImage` or `ecr:CreateRepository`",
    cause: "The image comes through a pull-through cache.",
    fix: "Set `pullThroughCache: true` for the container.",
  },
  {
    id: "pull-denied",
    words: /not authorized to perform: ecr:/,
    seen: "`AccessDenied` with another `ecr:` action",
    cause: "The execution role does not allow the action, or the repository is in another account.",
    fix: "Deploy the stack again, which restores the role's policy. Admit this account in the policy of a repository in another account.",
  },
  {
    id: "disk-full",
    words: /no space left on device/i,
    seen: "`no space left on device`",
    cause: "The volume of the instance is full.",
    fix: 'Raise `root_volume_gib`, or lower `taskCleanupWaitSeconds`. With `imagePullBehavior: "prefer-cached"`, the agent never deletes images: remove the setting, or replace the instances regularly with `maxInstanceLifetimeDays`. To free space at once, run the commands.',
    commands: ["aws ssm start-session --target INSTANCE", "sudo docker system prune --all --force"],
  },
  {
    id: "image-architecture",
    words: /no matching manifest|matching platform|image (operating system|architecture)/i,
    seen: "`no matching manifest for linux/arm64`, `does not contain descriptor matching platform`",
    cause: "The image is for another architecture than the instances.",
    fix: "Build the image for the architecture of `instance_types`, or for both.",
    commands: ["docker buildx build --platform linux/amd64,linux/arm64 --push --tag IMAGE ."],
  },
  {
    id: "pull-limit",
    words: /toomanyrequests|pull rate limit/i,
    seen: "`toomanyrequests`",
    cause: "Docker Hub limits anonymous pulls.",
    fix: "Use an ECR pull-through cache with `pullThroughCache: true`, or public.ecr.aws.",
  },
  {
    id: "registry-unreachable",
    words:
      /CannotPull.*(i\/o timeout|deadline exceeded|Client\.Timeout|request canceled|no such host|connection refused)/i,
    seen: "`i/o timeout`, `Client.Timeout exceeded`",
    cause: "The instance has no route to the registry.",
    fix: "See [not in the cluster](#an-instance-is-not-in-the-cluster). Private instances without NAT need the VPC endpoints `ecr.api`, `ecr.dkr` and `s3`: set `vpcEndpoints`. They can only pull from ECR then.",
  },
  {
    id: "no-registry-credentials",
    words: /no basic auth credentials/i,
    seen: "`no basic auth credentials`, for another tool's task definition",
    cause:
      'The task has no execution role. With `instancePolicy: "least-privilege"`, the instance is not allowed to pull images.',
    fix: "Give the task an execution role with `AmazonECSTaskExecutionRolePolicy`. Services of this library have one.",
  },
  {
    id: "registry-credentials",
    words: /pull access denied|CannotPull.*(\b401\b|unauthorized|authentication required)/i,
    seen: "`pull access denied`, `401`",
    cause: "The image name is wrong, or the registry rejects the credentials.",
    fix: "Check the name of the image. Check that the secret of `repositoryCredentials` has the keys `username` and `password`. Without credentials, push the image to ECR: `ecrRepository` creates a repository.",
  },
  {
    id: "image-not-found",
    words: /manifest unknown|name unknown|ImageNotFound|CannotPull.*(not found|does not exist)/i,
    seen: "`not found`, `manifest unknown`",
    cause: "The tag does not exist, or the repository is in another region.",
    fix: "Correct the service's image variable. The command lists the tags of a repository.",
    commands: ["aws ecr describe-images --repository-name NAME"],
  },
  {
    id: "pull-failed",
    words: /CannotPull/,
    vague: true,
    seen: "`CannotPullContainerError` with another reason",
    cause: "Docker cannot pull the image.",
    fix: "Read the reason. Check that the repository and the tag exist, and that the instance can reach the registry.",
  },
];
