import { inBatches } from "./aws/paging";
import { distinct, type Optional } from "./check";
import type { Account, TaskDefinitionFacts } from "./facts";

/** A task definition that services and schedules start tasks from. */
export interface Started {
  readonly definition: TaskDefinitionFacts;
  readonly services: readonly string[];
  readonly schedules: readonly string[];
}

/** The parts of an account that `readStarted` reads. */
export const STARTED = ["services", "schedules", "taskDefinition"] as const;

/** The number of calls at the same time. */
const AT_ONCE = 10;

/** Reads the task definitions that services and enabled schedules start tasks from. A service with 0 tasks starts none. */
export async function readStarted(account: Account, optional: Optional): Promise<Started[]> {
  const services = (await account.services()).filter(
    ({ desired, status = "ACTIVE" }) => desired > 0 && status === "ACTIVE",
  );
  const schedules = ((await optional(account.schedules())) ?? []).filter(({ enabled, isOver }) => enabled && !isOver);
  const names = distinct([...services, ...schedules].flatMap(({ taskDefinition }) => taskDefinition ?? [])).sort();
  const definitions = await inBatches(names, AT_ONCE, (some) =>
    Promise.all(some.map(async (name) => [name, await account.taskDefinition(name)] as const)),
  );
  return definitions.flatMap(([name, definition]) => {
    const namesOf = (all: readonly { readonly name: string; readonly taskDefinition?: string }[]) =>
      all.filter(({ taskDefinition }) => taskDefinition === name).map((one) => one.name);
    return definition ? [{ definition, services: namesOf(services), schedules: namesOf(schedules) }] : [];
  });
}

/** Names what starts the tasks of task definitions: `the service web and the schedule nightly`. */
export function starters(all: readonly Started[]): string {
  const names = all.flatMap(({ services, schedules }) => [
    ...services.map((name) => `the service ${name}`),
    ...schedules.map((name) => `the schedule ${name}`),
  ]);
  return distinct(names).join(" and ");
}

/** Returns what a finding about task definitions is about. */
export const aboutStarted = (all: readonly Started[]) => ({
  services: distinct(all.flatMap(({ services }) => services)),
});

/** Names a task definition: `web:7`. */
export const nameOf = ({ definition }: Started): string => definition.arn.split("/").at(-1) ?? definition.arn;
