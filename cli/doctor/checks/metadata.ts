import { actionsOf } from "../actions";
import { type Cause, type Check, command, distinct, type Finding, found, isRunning } from "../check";
import type { InstanceFacts } from "../facts";
import { symptomCause } from "../symptom-cause";
import { AGENT_DISCONNECTED } from "./agents";
import { byKey } from "./by-key";
import { JOINING_MINUTES, NOT_REGISTERED } from "./registered";

interface Facts {
  readonly region: string;
  readonly running: readonly InstanceFacts[];
  /** The registered instances. */
  readonly registered: readonly string[];
  /** The user data of the instances, by template. */
  readonly userData: Readonly<Record<string, string>>;
}

const DISABLED = symptomCause("metadata-disabled", [NOT_REGISTERED, AGENT_DISCONNECTED]);

const HOPS: Cause = {
  id: "metadata-hop-limit",
  title:
    "The ECS agent runs in a container without the network of the instance, and the hop limit of the metadata service is 1.",
  fix: "Start the agent with --net=host in the user data, and replace the instance. Until then, the responses of the metadata service do not reach the agent. Do not raise the hop limit: containers could then read the credentials of the instance role.",
  explains: DISABLED.explains,
};

/** Checks that the ECS agent can get the credentials of the instance role from the metadata service. */
export const metadataCheck: Check<Facts> = {
  id: "metadata",
  question: "Does the ECS agent reach the metadata service of its instance?",
  actions: actionsOf("instances", "containerInstances", "userData"),
  causes: [DISABLED, HOPS],
  read: async (account, optional) => {
    const running = (await account.instances()).filter(isRunning);
    const texts = byKey(running, ({ template }) => template).map(
      async ({ id, template }) => [template, (await optional(account.userData(id))) ?? ""] as const,
    );
    return {
      region: account.region,
      running,
      registered: (await account.containerInstances()).map(({ instanceId }) => instanceId),
      userData: Object.fromEntries(await Promise.all(texts)),
    };
  },
  decide: ({ region, running, registered, userData }) => ({
    findings: running.flatMap(({ id, metadata, minutesOld, template }): Finding[] => {
      if (metadata?.isEnabled === false) {
        return [
          found(DISABLED, {
            problem: `The metadata service of ${id} is disabled, so the ECS agent gets no credentials.`,
            evidence: [`${id}: HttpEndpoint disabled`],
            commands: [
              command`aws ec2 modify-instance-metadata-options --region ${region} --instance-id ${id} --http-endpoint enabled`,
            ],
            about: { instances: [id] },
          }),
        ];
      }
      const isLate = minutesOld >= JOINING_MINUTES && !registered.includes(id);
      const line = isLate && metadata?.hops === 1 ? agentInBridge(userData[template] ?? "") : undefined;
      if (line === undefined) return [];
      return [
        found(HOPS, {
          problem: `The user data of ${id} starts the ECS agent without the network of the instance, and the hop limit of the metadata service is 1.`,
          evidence: [`${id}: HttpPutResponseHopLimit 1`, `user data: ${line}`],
          commands: [],
          about: { instances: [id] },
        }),
      ];
    }),
    notes: distinct(running.flatMap(({ metadata }) => metadata?.hops ?? []))
      .filter((hops) => hops > 1)
      .map((hops) => `hop limit ${hops}: containers in bridge mode can read the credentials of the instance role`),
  }),
};

/** Returns the command of user data that starts the ECS agent in a container of its own network, or undefined. */
function agentInBridge(userData: string): string | undefined {
  const [line] = /docker run[^\n]*amazon-ecs-agent[^\n]*/.exec(userData.replaceAll(/\\\n\s*/g, "")) ?? [];
  return line === undefined || /--net(work)?[= ]host\b/.test(line) ? undefined : line;
}
