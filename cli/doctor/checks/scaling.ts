import { actionsOf } from "../actions";
import { type Cause, type Check, command, counted, type Finding, found } from "../check";
import type { ScalingFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly scaling: readonly ScalingFacts[];
}

const SUSPENDED: Cause = {
  id: "scaling-suspended",
  title: "The scaling of a service is suspended.",
  fix: "Remove suspendedState of the service's scaling, and deploy. If someone suspended it by hand, the next apply resumes it. To resume it now, run the command.",
};
const DEAD_LETTERS: Cause = {
  id: "dead-letters",
  title: "The dead-letter queue of a service's queue has messages.",
  fix: "Read a message, and the log of the service, to find why the tasks did not delete it. If they need more time, raise visibilityTimeoutSeconds. Then send the messages again.",
};

/** Checks that the number of tasks can change, and that tasks handle the messages of their queue. */
export const scalingCheck: Check<Facts> = {
  id: "scaling",
  question: "Can the number of tasks change, and do tasks handle the messages of their queue?",
  actions: actionsOf("scaling"),
  causes: [SUSPENDED, DEAD_LETTERS],
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    scaling: await account.scaling(),
  }),
  decide: ({ region, clusterName, scaling }) => ({
    findings: scaling.flatMap((one) => [...suspended(one, region, clusterName), ...deadLetters(one, region)]),
    notes: scaling.map(({ service, min, max, queue }) =>
      [
        `${service}: ${min} to ${counted(max, "task")}`,
        ...(queue ? [`${counted(queue.messages, "message")} in the queue ${queue.name}`] : []),
      ].join(", "),
    ),
  }),
};

function suspended(
  { service, min, max, suspended: kinds }: ScalingFacts,
  region: string,
  clusterName: string,
): Finding[] {
  if (kinds.length === 0) return [];
  return [
    found(SUSPENDED, {
      problem: `The scaling of the service ${service} is suspended: ${kinds.join(", ")}.`,
      evidence: [`${min} to ${counted(max, "task")}`],
      commands: [
        command`aws application-autoscaling register-scalable-target --region ${region} --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/${clusterName}/${service} --suspended-state DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=false`,
      ],
      about: { services: [service] },
    }),
  ];
}

function deadLetters({ service, queue, deadLetters: dead }: ScalingFacts, region: string): Finding[] {
  if (!dead || dead.messages === 0) return [];
  return [
    found(DEAD_LETTERS, {
      problem: `The tasks of the service ${service} could not handle ${counted(dead.messages, "message")}.`,
      evidence: [`${counted(dead.messages, "message")} in ${dead.name}, the dead-letter queue of ${queue?.name}`],
      commands: [
        command`aws sqs receive-message --region ${region} --queue-url ${dead.url} --visibility-timeout 0`,
        command`aws sqs start-message-move-task --region ${region} --source-arn ${dead.arn}`,
      ],
      about: { services: [service] },
    }),
  ];
}
