import type { Check } from "../check";
import type { ContainerInstanceFacts, InstanceFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly registered: readonly ContainerInstanceFacts[];
  readonly instances: readonly InstanceFacts[];
}

/** Is each registered instance's agent connected? ECS places nothing on one whose agent isn't. */
export const agentsCheck: Check<Facts> = {
  id: "agents",
  question: "Are their agents connected?",
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    registered: await account.containerInstances(),
    instances: await account.instances(),
  }),
  decide: ({ region, clusterName, registered, instances }) => {
    const stateOf = new Map(instances.map(({ id, state }) => [id, state]));
    return {
      findings: registered
        // An instance that is on its way out takes its agent along.
        .filter((one) => !one.agentConnected && !/^(leaving|shutting-down)$/.test(stateOf.get(one.instanceId) ?? ""))
        .map(({ arn, instanceId, agentVersion, status }) => {
          const state = stateOf.get(instanceId) ?? "gone";
          return {
            problem: `The ECS agent on ${instanceId} is not connected.`,
            evidence: [`instance ${state}, container instance ${status}, agent ${agentVersion}`],
            ...(state === "running"
              ? {
                  fix: "Restart it on the instance. If it doesn't come back, replace the instance with the last command.",
                  commands: [
                    `aws ssm start-session --region ${region} --target ${instanceId}`,
                    "sudo systemctl restart ecs",
                    `aws autoscaling terminate-instance-in-auto-scaling-group --region ${region} --no-should-decrement-desired-capacity --instance-id ${instanceId}`,
                  ],
                }
              : {
                  fix: "The instance doesn't run any more: take it out of the cluster.",
                  commands: [
                    `aws ecs deregister-container-instance --region ${region} --cluster ${clusterName} --force --container-instance ${arn}`,
                  ],
                }),
          };
        }),
      notes: registered
        .filter(({ status }) => status !== "ACTIVE")
        .map(({ instanceId, status }) => `${instanceId} is ${status}: it takes no new task`),
    };
  },
};
