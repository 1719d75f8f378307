import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueFacts } from "../facts";

/** Reads a queue by its ARN. */
export async function readQueue(
  sqs: SQSClient,
  arn: string,
): Promise<QueueFacts & { readonly deadLetterArn?: string }> {
  const [, , , , account, name = ""] = arn.split(":");
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }));
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages", "RedrivePolicy"] }),
  );
  const { ApproximateNumberOfMessages: messages = 0, RedrivePolicy = "{}" } = Attributes;
  const { deadLetterTargetArn } = JSON.parse(RedrivePolicy) as { deadLetterTargetArn?: string };
  return { name, url: QueueUrl ?? "", messages: Number(messages), deadLetterArn: deadLetterTargetArn };
}
