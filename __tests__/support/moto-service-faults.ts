import { DeregisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import { DeleteServiceCommand } from "@aws-sdk/client-ecs";
import { each } from "./moto-answers";
import { CLUSTER, SCALABLE_TARGET } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";

const atZero: Fault = (_, { overlays }) =>
  overlays.set(
    "DescribeServices",
    each("services", (one) => ({ ...one, desiredCount: 0, runningCount: 0, pendingCount: 0 })),
  );

/** What is wrong with a service as a whole. */
export const SERVICE_FAULTS: readonly Case[] = [
  [
    "a deleted service",
    ["states: The service web was deleted."],
    ({ clients }) => clients.ecs.send(new DeleteServiceCommand({ cluster: CLUSTER, service: "web", force: true })),
  ],
  [
    "a service that is being deleted",
    ["states: The service web is being deleted."],
    (_, { overlays }) =>
      overlays.set(
        "DescribeServices",
        each("services", (one) => ({ ...one, status: "DRAINING", desiredCount: 0 })),
      ),
  ],
  [
    "a service at 0",
    ["states: The desired count of the service web is 0, so it runs no task."],
    async (resources, proxy) => {
      await resources.clients.applicationAutoScaling.send(new DeregisterScalableTargetCommand(SCALABLE_TARGET));
      await atZero(resources, proxy);
    },
  ],
];
