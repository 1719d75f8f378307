import { RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { SCALABLE_TARGET, WORKER_DEAD_LETTERS } from "./moto-cluster";
import type { Case } from "./moto-doctor";

/** What is wrong with the scaling of a service. */
export const SCALING_FAULTS: readonly Case[] = [
  [
    "suspended scaling",
    ["scaling: The scaling of the service web is suspended: scale-in."],
    ({ clients }) =>
      clients.applicationAutoScaling.send(
        new RegisterScalableTargetCommand({ ...SCALABLE_TARGET, SuspendedState: { DynamicScalingInSuspended: true } }),
      ),
  ],
  [
    "messages in a dead-letter queue",
    ["scaling: The tasks of the service web could not handle 1 message."],
    async ({ clients: { sqs } }) => {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: WORKER_DEAD_LETTERS }));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
    },
  ],
];
