import { type Check, counted, type Finding } from "../check";
import type { ScalingFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly scaling: readonly ScalingFacts[];
}

/** Checks that the number of tasks can change, and that tasks handle the messages of their queue. */
export const scalingCheck: Check<Facts> = {
  id: "scaling",
  question: "Can the number of tasks change, and do tasks handle the messages of their queue?",
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
    {
      problem: `The scaling of the service ${service} is suspended: ${kinds.join(", ")}.`,
      evidence: [`${min} to ${counted(max, "task")}`],
      fix: "Remove suspendedState of the service's scaling, and deploy. If someone suspended it by hand, the next apply resumes it. To resume it now, run the command.",
      commands: [
        `aws application-autoscaling register-scalable-target --region ${region} --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/${clusterName}/${service} --suspended-state DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=false`,
      ],
    },
  ];
}

function deadLetters({ service, queue, deadLetters: dead }: ScalingFacts, region: string): Finding[] {
  if (!dead || dead.messages === 0) return [];
  return [
    {
      problem: `The tasks of the service ${service} could not handle ${counted(dead.messages, "message")}.`,
      evidence: [`${counted(dead.messages, "message")} in ${dead.name}, the dead-letter queue of ${queue?.name}`],
      fix: "Read a message, and the log of the service, to find why the tasks did not delete it. If they need more time, raise visibilityTimeoutSeconds. Then send the messages again.",
      commands: [
        `aws sqs receive-message --region ${region} --queue-url ${dead.url} --visibility-timeout 0`,
        `aws sqs start-message-move-task --region ${region} --source-arn ${dead.arn}`,
      ],
    },
  ];
}
