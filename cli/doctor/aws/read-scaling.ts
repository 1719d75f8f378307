import {
  type ApplicationAutoScalingClient,
  paginateDescribeScalableTargets,
  paginateDescribeScalingPolicies,
  type ScalingPolicy,
  type SuspendedState,
} from "@aws-sdk/client-application-auto-scaling";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { ScalingFacts } from "../facts";
import { allPages } from "./paging";
import { readQueue } from "./read-queue";

/** The clients that read the scaling of services. */
export interface ScalingClients {
  readonly applicationAutoScaling: ApplicationAutoScalingClient;
  readonly sqs: SQSClient;
}

/** Reads the scaling of the services of a cluster, with the queues that it follows. */
export async function readScaling(clients: ScalingClients, clusterArn: string): Promise<ScalingFacts[]> {
  const { applicationAutoScaling: client } = clients;
  const [start, partition, , region, account, path = ""] = clusterArn.split(":");
  const prefix = `service/${path.split("/").at(-1)}/`;
  const ofEcs = { ServiceNamespace: "ecs" } as const;
  const isOwn = ({ ResourceId = "" }: { readonly ResourceId?: string }) => ResourceId.startsWith(prefix);
  const targets = await allPages(paginateDescribeScalableTargets({ client }, ofEcs), (page) => page.ScalableTargets);
  const own = targets.filter(isOwn);
  if (own.length === 0) return [];
  const policies = await allPages(paginateDescribeScalingPolicies({ client }, ofEcs), (page) => page.ScalingPolicies);
  const facts = own.map(async ({ ResourceId = "", MinCapacity = 0, MaxCapacity = 0, SuspendedState = {} }) => {
    const queueName = policies.filter((policy) => policy.ResourceId === ResourceId).flatMap(queueOf)[0];
    const queue = queueName && (await queueFacts(clients.sqs, [start, partition, "sqs", region, account, queueName]));
    const service = ResourceId.slice(prefix.length);
    return { service, min: MinCapacity, max: MaxCapacity, suspended: suspendedOf(SuspendedState), ...queue };
  });
  return (await Promise.all(facts)).sort((one, other) => one.service.localeCompare(other.service, "en"));
}

const suspendedOf = (state: SuspendedState): string[] => [
  ...(state.DynamicScalingInSuspended ? ["scale-in"] : []),
  ...(state.DynamicScalingOutSuspended ? ["scale-out"] : []),
  ...(state.ScheduledScalingSuspended ? ["schedules"] : []),
];

/** Returns the name of the queue that a policy follows. */
const queueOf = ({ TargetTrackingScalingPolicyConfiguration: tracking }: ScalingPolicy): string[] =>
  (tracking?.CustomizedMetricSpecification?.Metrics ?? []).flatMap(({ MetricStat }) =>
    (MetricStat?.Metric?.Dimensions ?? []).flatMap(({ Name, Value }) => (Name === "QueueName" && Value ? [Value] : [])),
  );

/** Reads a queue and its dead-letter queue. A queue of another account, or one that was deleted, has no facts. */
async function queueFacts(sqs: SQSClient, arn: readonly (string | undefined)[]): Promise<Partial<ScalingFacts>> {
  try {
    const { deadLetterArn, ...queue } = await readQueue(sqs, arn.join(":"));
    if (deadLetterArn === undefined) return { queue };
    const { deadLetterArn: _, ...deadLetters } = await readQueue(sqs, deadLetterArn);
    return { queue, deadLetters: { ...deadLetters, arn: deadLetterArn } };
  } catch (error) {
    if (/QueueDoesNotExist|NonExistentQueue/.test((error as Error).name)) return {};
    throw error;
  }
}
