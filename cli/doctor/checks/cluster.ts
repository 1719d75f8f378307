import type { Check } from "../check";
import type { ClusterFacts } from "../facts";

interface Facts {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly cluster?: ClusterFacts;
  readonly others: readonly string[];
}

/** Is the cluster there? Without it nothing else can be asked. */
export const clusterCheck: Check<Facts> = {
  id: "cluster",
  question: "Is the cluster there?",
  read: async (account) => {
    const cluster = await account.cluster();
    return {
      name: account.clusterName,
      region: account.region,
      accountId: await account.accountId(),
      cluster,
      others: cluster?.status === "ACTIVE" ? [] : await account.clusterNames(),
    };
  },
  decide: ({ name, region, accountId, cluster, others }) => {
    if (cluster?.status === "ACTIVE") {
      const providers = cluster.capacityProviders.join(", ") || "none";
      return { findings: [], notes: [`capacity providers: ${providers}`] };
    }
    const there = others.filter((other) => other !== name);
    return {
      findings: [
        {
          problem: cluster
            ? `The cluster "${name}" is ${cluster.status}, which runs no tasks.`
            : `There is no cluster "${name}" in ${region}.`,
          evidence: [`account ${accountId}`, `clusters in ${region}: ${there.join(", ") || "none"}`],
          fix: `Name the cluster with --cluster (the output cluster_name) and its region with --region, or choose other credentials (AWS_PROFILE). Where it is the right account and region, npm run deploy makes the cluster.`,
          commands: [`aws ecs list-clusters --region ${region}`],
        },
      ],
      notes: [],
    };
  },
};
