import { actionsOf } from "../actions";
import { type Cause, type Check, command, found } from "../check";
import type { ClusterFacts } from "../facts";

interface Facts {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly cluster?: ClusterFacts;
  readonly others: readonly string[];
}

const FIX =
  "Check --cluster (the output cluster_name), --region, and the credentials (AWS_PROFILE). If they are right, deploy the stack, which creates the cluster.";
const MISSING: Cause = { id: "cluster-missing", title: "No cluster of the region has this name.", fix: FIX };
const INACTIVE: Cause = {
  id: "cluster-inactive",
  title: "The cluster is not ACTIVE, such as after a destroy.",
  fix: FIX,
};

/** Checks the cluster itself. Without it, there is nothing else to check. */
export const clusterCheck: Check<Facts> = {
  id: "cluster",
  question: "Is the cluster active?",
  actions: actionsOf("accountId", "cluster", "clusterNames"),
  causes: [MISSING, INACTIVE],
  read: async (account, optional) => {
    const cluster = await account.cluster();
    return {
      name: account.clusterName,
      region: account.region,
      accountId: await account.accountId(),
      cluster,
      others: cluster?.status === "ACTIVE" ? [] : ((await optional(account.clusterNames())) ?? []),
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
        found(cluster ? INACTIVE : MISSING, {
          problem: cluster
            ? `The cluster "${name}" is ${cluster.status}. Only an ACTIVE cluster runs tasks.`
            : `The cluster "${name}" does not exist in ${region}.`,
          evidence: [`account ${accountId}`, `other clusters in ${region}: ${existing.join(", ") || "none"}`],
          commands: [command`aws ecs list-clusters --region ${region}`],
        }),
      ],
      notes: [],
    };
  },
};
