import { wholeNumber } from "../validation/rule";
import { boolean, choice, map, number, type Parsed, plain, schemaOf } from "../validation/schema";
import { amount, some, sortedEntries } from "./ecs-json";

const CONDITIONS = ["START", "COMPLETE", "SUCCESS", "HEALTHY"] as const;

/** The state of another container that a container waits for. */
export type ContainerCondition = (typeof CONDITIONS)[number];

/** How a container starts and stops with the other containers of its task. */
export interface ContainerLife {
  /** Stop the whole task when this container stops. @default true */
  readonly essential?: boolean;
  /** Containers of the same task that this one waits for, each with the state to wait for. @default - none */
  readonly dependsOn?: Readonly<Record<string, ContainerCondition>>;
  /** Seconds to wait for a container that this one depends on. @default - the agent's own, 180 */
  readonly startTimeoutSeconds?: number;
  /** Seconds from SIGTERM to SIGKILL. @default - the agent's own, 30 */
  readonly stopTimeoutSeconds?: number;
}

const wait = wholeNumber(2, 86_400, "seconds", "Remove it for the agent's default.");

export const containerLifeSchema = schemaOf<ContainerLife>()({
  essential: boolean().default(true),
  dependsOn: plain(map(choice(...CONDITIONS))).default({}),
  startTimeoutSeconds: number(wait).optional(),
  stopTimeoutSeconds: number(wait).optional(),
});

type Life = Parsed<typeof containerLifeSchema>;

export const timeoutsJson = ({ startTimeoutSeconds, stopTimeoutSeconds }: Life) => ({
  startTimeout: amount(startTimeoutSeconds),
  stopTimeout: amount(stopTimeoutSeconds),
});

export const dependsOnJson = ({ dependsOn }: Life) => ({
  dependsOn: some(sortedEntries(dependsOn).map(([containerName, condition]) => ({ containerName, condition }))),
});
