import { actionsOf } from "../actions";
import { type Cause, type Check, command, counted, found, isRunning } from "../check";
import type { ContainerInstanceFacts, InstanceFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly running: readonly InstanceFacts[];
  readonly registered: readonly ContainerInstanceFacts[];
}

/** The time from the launch of an instance until it must be registered, in minutes. */
export const JOINING_MINUTES = 5;

/** The ID of the cause that a running instance has not registered. */
export const NOT_REGISTERED = "instance-not-registered";

const MISSING: Cause = {
  id: NOT_REGISTERED,
  title: `A running instance has not registered ${JOINING_MINUTES} minutes after its launch.`,
  fix: "Read the ECS agent's log with these commands or with the output agent_log_command. (On Bottlerocket, run sudo sheltie journalctl -u ecs in the admin container.) AccessDeniedException: the role lacks a permission. A timeout: the instance cannot reach ECS. It needs a public IP address and a route to the internet, or VPC endpoints. ClusterNotFoundException: /etc/ecs/ecs.config names another cluster.",
  explains: ["no-instance-matches"],
};

/** Checks whether each running instance is registered with the cluster. */
export const registeredCheck: Check<Facts> = {
  id: "registered",
  question: "Are the running instances registered with the cluster?",
  actions: actionsOf("instances", "containerInstances"),
  causes: [MISSING],
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    running: (await account.instances()).filter(isRunning),
    registered: await account.containerInstances(),
  }),
  decide: ({ region, clusterName, running, registered }) => {
    const known = new Set(registered.map(({ instanceId }) => instanceId));
    const missing = running.filter(({ id }) => !known.has(id));
    const late = missing.filter(({ minutesOld }) => minutesOld >= JOINING_MINUTES);
    const starting = missing.filter(({ minutesOld }) => minutesOld < JOINING_MINUTES);
    const first = late[0];
    return {
      findings: first
        ? [
            found(MISSING, {
              problem: `${late.length} of ${counted(running.length, "running instance")} did not register with the cluster "${clusterName}".`,
              evidence: late.map(
                ({ id, minutesOld, publicAddress, profileArn }) =>
                  `${id}: launched ${counted(minutesOld, "minute")} ago, ${publicAddress ? `public IP address ${publicAddress}` : "no public IP address"}, ${profileArn ? "with" : "without"} an instance profile`,
              ),
              commands: [
                command`aws ssm start-session --region ${region} --target ${first.id}`,
                command`sudo docker logs --tail 100 ecs-agent`,
                command`cat /etc/ecs/ecs.config`,
              ],
              about: { instances: late.map(({ id }) => id) },
            }),
          ]
        : [],
      notes: [
        `${running.length - missing.length} of ${counted(running.length, "running instance")} registered`,
        ...starting.map(
          ({ id, minutesOld }) => `${id}: launched ${counted(minutesOld, "minute")} ago, may still register`,
        ),
      ],
    };
  },
};
