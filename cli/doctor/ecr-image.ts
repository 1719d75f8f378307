import type { Place } from "./needed-secrets";

/** An image in ECR. */
export interface EcrImage {
  readonly repository: string;
  /** The ARN of the repository. */
  readonly repositoryArn: string;
  /** A tag, or a digest that begins with `sha256:`. */
  readonly tag: string;
  /** Whether the repository is in the account and the region of the cluster. */
  readonly isOwn: boolean;
}

const ADDRESS =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([\w-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\/([^:@]+)(?::([^@]+))?(?:@(sha256:\w+))?$/;

/** Returns the image in ECR that an address names, or undefined for another registry. */
export function ecrImage(image: string, { partition, region, account }: Place): EcrImage | undefined {
  const [, itsAccount, itsRegion, repository, tag = "latest", digest] = ADDRESS.exec(image) ?? [];
  if (repository === undefined) return undefined;
  return {
    repository,
    repositoryArn: `arn:${partition}:ecr:${itsRegion}:${itsAccount}:repository/${repository}`,
    tag: digest ?? tag,
    isOwn: itsAccount === account && itsRegion === region,
  };
}
