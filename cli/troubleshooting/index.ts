import { NO_CAPACITY } from "./capacity";
import { IMAGE_PULLS } from "./image-pulls";
import { NETWORK } from "./network";
import { REQUESTS } from "./requests";
import { STOPPED_TASKS } from "./stopped-tasks";
import { STUCK_SERVICES } from "./stuck-services";
import type { Symptom } from "./symptom";
import { TARGETS } from "./targets";
import { TASK_STARTS } from "./task-starts";

export { commandsOf, fixOf, plain, type Symptom, symptomIn, type Words } from "./symptom";
export { IMAGE_PULLS, NO_CAPACITY, STOPPED_TASKS, STUCK_SERVICES, TARGETS, TASK_STARTS };

/** The symptoms by the name of their table in docs/troubleshooting.md. */
export const TABLES: Readonly<Record<string, readonly Symptom[]>> = {
  "stopped-tasks": STOPPED_TASKS,
  "task-starts": TASK_STARTS,
  network: NETWORK,
  targets: TARGETS,
  requests: REQUESTS,
  "stuck-services": STUCK_SERVICES,
  capacity: NO_CAPACITY,
  "image-pulls": IMAGE_PULLS,
};

/** The symptoms of a service and of its tasks, in the order in which the doctor looks for them in messages of ECS. */
export const TASK_SYMPTOMS: readonly Symptom[] = [...IMAGE_PULLS, ...TASK_STARTS, ...STOPPED_TASKS, ...STUCK_SERVICES];
