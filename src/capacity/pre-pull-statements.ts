import type { Cluster } from "../cluster/cluster";
import { PULL_ACTIONS, repositoryArn } from "../iam/execution-role";
import type { PolicyStatement } from "../iam/policy-statement";
import { siblingArn } from "../terraform/arn";
import { hcl } from "../terraform/expression";
import { isToken } from "../validation/token";
import type { ResolvedCapacity } from "./capacity-settings";
import { MAIN_CAPACITY } from "./capacity-values";

/** Whose images the instances pull. */
interface PrePulling {
  readonly cluster: Cluster;
  /** The start of the groups' names. */
  readonly name: string;
  /** AWS's managed policy can pull images from every repository. */
  readonly isLeastPrivilege: boolean;
}

/** Returns the permissions of the instances for `prePulledImages`: the lifecycle hook of a warm pool, and images in ECR. */
export function prePullStatements(
  capacities: readonly ResolvedCapacity[],
  { cluster, name, isLeastPrivilege }: PrePulling,
): PolicyStatement[] {
  const { clusterArn } = cluster;
  const pooled = capacities.filter(({ prePulledImages, warmPool }) => prePulledImages && warmPool);
  const groups = pooled.map((capacity) => {
    const group = capacity.name === MAIN_CAPACITY ? name : `${name}-${capacity.name}`;
    return siblingArn(clusterArn, "autoscaling", `autoScalingGroup:*:autoScalingGroupName/${group}-instances`).string;
  });
  const images = isLeastPrivilege ? capacities.flatMap(({ prePulledImages = [] }) => prePulledImages) : [];
  const partition = hcl`split(":", ${clusterArn})[1]`.string;
  const everyRepository = siblingArn(clusterArn, "ecr", "repository/*").string;
  const repositories = images.flatMap((image) =>
    isToken(image) ? everyRepository : (repositoryArn(partition, image) ?? []),
  );
  return [
    ...(groups.length > 0 ? [{ actions: ["autoscaling:CompleteLifecycleAction"], resources: groups }] : []),
    ...(repositories.length > 0
      ? [
          { actions: PULL_ACTIONS, resources: [...new Set(repositories)] },
          { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
        ]
      : []),
  ];
}
