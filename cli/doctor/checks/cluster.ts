import type { Check } from "../check";
import type { ClusterFacts } from "../facts";

interface Facts {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly cluster?: ClusterFacts;
  readonly others: readonly string[];
}

/** Checks the cluster itself. Without it, there is nothing else to check. */
export const clusterCheck: Check<Facts> = {
  id: "cluster",
  question: "Is the cluster active?",
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
    const existing = others.filter((other) => other !== name);
    return {
      findings: [
        {
          problem: cluster
            ? `The cluster "${name}" is ${cluster.status}. Only an ACTIVE cluster runs tasks.`
            : `The cluster "${name}" does not exist in ${region}.`,
          evidence: [`account ${accountId}`, `other clusters in ${region}: ${existing.join(", ") || "none"}`],
          fix: "Check --cluster (the output cluster_name), --region, and the credentials (AWS_PROFILE). If they are right, deploy the stack, which creates the cluster.",
          commands: [`aws ecs list-clusters --region ${region}`],
        },
      ],
      notes: [],
    };
  },
};
