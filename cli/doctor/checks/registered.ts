import type { Check } from "../check";
import { isRunning } from "../check";
import type { ContainerInstanceFacts, InstanceFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly running: readonly InstanceFacts[];
  readonly registered: readonly ContainerInstanceFacts[];
}

/** How long an instance may take from its launch until it has joined, in minutes. */
export const JOINING_MINUTES = 5;

/** Did every running instance join the cluster? */
export const registeredCheck: Check<Facts> = {
  id: "registered",
  question: "Are they registered?",
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
            {
              problem: `${late.length} of ${running.length} running instances never joined the cluster "${clusterName}".`,
              evidence: late.map(
                ({ id, minutesOld, publicAddress, profileArn }) =>
                  `${id}, up for ${minutesOld} minutes, ${publicAddress ? `public address ${publicAddress}` : "no public address"}, ${profileArn ? "with" : "without"} an instance profile`,
              ),
              fix: "Read the agent's log on the instance, or with the output agent_log_command (on Bottlerocket `sudo sheltie journalctl -u ecs`, in the admin container). AccessDeniedException: the role, see below. A timeout: no way to ECS, so the instance needs a public address and a route to the internet, or VPC endpoints. Another cluster's name: the agent's file.",
              commands: [
                `aws ssm start-session --region ${region} --target ${first.id}`,
                "sudo docker logs --tail 100 ecs-agent",
                "cat /etc/ecs/ecs.config",
              ],
            },
          ]
        : [],
      notes: [
        `${running.length - missing.length} of ${running.length} registered`,
        ...starting.map(({ id, minutesOld }) => `${id} started ${minutesOld} minutes ago and may still join`),
      ],
    };
  },
};
