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
        .map(({ instanceId, agentVersion, status }) => {
          const state = stateOf.get(instanceId) ?? "gone";
          return {
            problem: `The ECS agent on ${instanceId} is not connected.`,
            evidence: [`instance ${state}, container instance ${status}, agent ${agentVersion}`],
            fix:
              state === "running"
                ? `Restart it: aws ssm start-session --region ${region} --target ${instanceId}, then sudo systemctl restart ecs. If it doesn't come back, replace the instance: aws autoscaling terminate-instance-in-auto-scaling-group --region ${region} --no-should-decrement-desired-capacity --instance-id ${instanceId}`
                : `The instance doesn't run any more: take it out of the cluster. List what is left: aws ecs list-container-instances --region ${region} --cluster ${clusterName} --filter "ec2InstanceId == ${instanceId}", then aws ecs deregister-container-instance --force with that ARN.`,
          };
        }),
      notes: registered
        .filter(({ status }) => status !== "ACTIVE")
        .map(({ instanceId, status }) => `${instanceId} is ${status}: it takes no new task`),
    };
  },
};
