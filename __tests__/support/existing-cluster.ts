import type { Fixtures } from "../../cli/offline-provider";

const REGION = "ap-northeast-2";
const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:000000000000:${resource}`;

/** Returns an account with the resources of a cluster that a stack of services looks up. */
export function existingCluster(
  name = "ecs",
  { instanceTypes = ["t3.small"], maxSize = 2 }: { instanceTypes?: readonly string[]; maxSize?: number } = {},
): Partial<Fixtures> & { readonly existing: Fixtures["existing"] } {
  const tags = (purpose: string, of = `${name}-instances`) => ({ Cluster: name, Name: of, Purpose: purpose });
  return {
    existing: {
      aws_ecs_cluster: [{ arn: arn("ecs", `cluster/${name}`), cluster_name: name, tags: { Cluster: name } }],
      aws_security_group: [
        { id: "sg-0ff11e0000000001", vpc_id: "vpc-0ff11e0000000001", tags: tags("The ECS container instances") },
        { id: "sg-0ff11e0000000002", vpc_id: "vpc-0ff11e0000000001", tags: tags("Other", `${name}-load-balancer`) },
      ],
      aws_lb_listener: [
        {
          arn: arn("elasticloadbalancing", `listener/app/${name}-alb/0f0e0d0c0b0a0908/0706050403020100`),
          protocol: "HTTPS",
          tags: { ...tags("Where services put their rules", `${name}-https`), AllowHttpsOutbound: "true" },
        },
        {
          arn: arn("elasticloadbalancing", `listener/app/${name}-alb/0f0e0d0c0b0a0908/1716151413121110`),
          tags: tags("Redirects to HTTPS", `${name}-http`),
        },
      ],
      aws_autoscaling_group: [
        {
          name: `${name}-instances`,
          max_size: maxSize,
          min_size: 1,
          mixed_instances_policy: [
            {
              instances_distribution: [],
              launch_template: [
                {
                  launch_template_specification: [],
                  override: instanceTypes.map((instance_type) => ({ instance_type })),
                },
              ],
            },
          ],
          tags: tags("The container instances of the ECS cluster"),
        },
      ],
    },
  };
}

export type Existing = Fixtures["existing"];

/** Returns one account with the resources of several. */
export function mergedAccounts(accounts: readonly Existing[]): Existing {
  const types = [...new Set(accounts.flatMap((account) => Object.keys(account)))];
  return Object.fromEntries(types.map((type) => [type, accounts.flatMap((account) => account[type] ?? [])]));
}

/** Returns an account with a cluster, but without the resources of a type, or with others of it. */
export const accountWithout = (name: string, type: string, others: Existing[string] = []): Existing => ({
  ...existingCluster(name).existing,
  [type]: others,
});

/** Returns the Auto Scaling group of a cluster with changes. */
export const changedGroup = (cluster: string, change: object): Existing[string][number] => ({
  ...existingCluster(cluster).existing.aws_autoscaling_group?.[0],
  ...change,
});
