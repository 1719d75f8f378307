import { actionsOf } from "../actions";
import { type Cause, type Check, command, found } from "../check";
import type { ContainerInstanceFacts, InstanceFacts } from "../facts";
import { symptomCause } from "../symptom-cause";
import { NO_ROOM } from "./launch-causes";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly registered: readonly ContainerInstanceFacts[];
  readonly instances: readonly InstanceFacts[];
}

/** The ID of the cause that the agent of a running instance is not connected. */
export const AGENT_DISCONNECTED = "agent-disconnected";

const DISCONNECTED: Cause = {
  id: AGENT_DISCONNECTED,
  title: "The ECS agent of a running instance is not connected.",
  fix: "Restart the agent on the instance. If it stays disconnected, replace the instance with the last command.",
};
const NOT_RUNNING: Cause = {
  id: "instance-not-running",
  title: "A registered instance is stopped or was deleted.",
  fix: "Deregister the instance from the cluster with the command.",
  explains: ["target-stopped"],
};

const DRAINING = symptomCause("instance-draining", NO_ROOM);
const REGISTRATION_FAILED: Cause = {
  id: "registration-failed",
  title:
    "The registration of an instance failed, such as when ECS cannot attach its network interface for awsvpcTrunking.",
  fix: "Read the reason. Terminate the instance: the Auto Scaling group replaces it.",
  explains: [...NO_ROOM],
};

/** Checks the ECS agent of each registered instance. ECS places no tasks on an instance without a connected agent. */
export const agentsCheck: Check<Facts> = {
  id: "agents",
  question: "Are the ECS agents connected?",
  actions: actionsOf("containerInstances", "instances"),
  causes: [DISCONNECTED, NOT_RUNNING, DRAINING, REGISTRATION_FAILED],
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    registered: await account.containerInstances(),
    instances: await account.instances(),
  }),
  decide: ({ region, clusterName, registered, instances }) => {
    const stateOf = new Map(instances.map(({ id, state }) => [id, state]));
    // A Spot instance drains when AWS interrupts it.
    const isKept = ({ instanceId }: ContainerInstanceFacts) =>
      instances.some(({ id, state, isSpot = false }) => id === instanceId && state === "running" && !isSpot);
    const terminate = (instanceId: string) =>
      command`aws autoscaling terminate-instance-in-auto-scaling-group --region ${region} --no-should-decrement-desired-capacity --instance-id ${instanceId}`;
    const disconnected = registered
      // The agent of a terminating instance disconnects.
      .filter((one) => !one.agentConnected && !/^(leaving|shutting-down)$/.test(stateOf.get(one.instanceId) ?? ""))
      .map(({ arn, instanceId, agentVersion, status }) => {
        const state = stateOf.get(instanceId) ?? "deleted";
        const isRunning = state === "running";
        return found(isRunning ? DISCONNECTED : NOT_RUNNING, {
          problem: `The ECS agent on ${instanceId} is not connected.`,
          evidence: [`EC2 instance ${state}, container instance ${status}, agent ${agentVersion}`],
          commands: isRunning
            ? [
                command`aws ssm start-session --region ${region} --target ${instanceId}`,
                command`sudo systemctl restart ecs`,
                terminate(instanceId),
              ]
            : [
                command`aws ecs deregister-container-instance --region ${region} --cluster ${clusterName} --force --container-instance ${arn}`,
              ],
          about: { instances: [instanceId] },
        });
      });
    const drained = registered
      .filter((one) => one.status === "DRAINING" && isKept(one))
      .map(({ arn, instanceId }) =>
        found(DRAINING, {
          problem: `The instance ${instanceId} is DRAINING, and its Auto Scaling group does not terminate it.`,
          evidence: [`container instance ${arn}`],
          commands: [
            command`aws ecs update-container-instances-state --region ${region} --cluster ${clusterName} --status ACTIVE --container-instances ${arn}`,
          ],
          about: { instances: [instanceId] },
        }),
      );
    const rejected = registered
      .filter(({ status }) => status === "REGISTRATION_FAILED")
      .map(({ instanceId, statusReason }) =>
        found(REGISTRATION_FAILED, {
          problem: `The registration of the instance ${instanceId} failed.`,
          evidence: [statusReason ?? "no reason given"],
          commands: [terminate(instanceId)],
          about: { instances: [instanceId] },
        }),
      );
    return {
      findings: [...disconnected, ...drained, ...rejected],
      notes: registered
        .filter(({ status }) => status !== "ACTIVE")
        .map(({ instanceId, status }) => `${instanceId} is ${status}: ECS places no tasks on it`),
    };
  },
};
