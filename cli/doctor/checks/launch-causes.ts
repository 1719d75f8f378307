import { NO_CAPACITY, symptomIn } from "../../troubleshooting";
import type { Cause } from "../check";
import { causeOf } from "../symptom-cause";

/** The causes of services that a missing instance explains. */
export const NO_ROOM = ["no-instance-matches", "no-room", "tasks-wait"] as const;

/** What launches fail for. */
export const LAUNCH_CAUSES: readonly Cause[] = NO_CAPACITY.filter(({ words }) => words).map((symptom) =>
  causeOf(symptom, NO_ROOM),
);

/** Returns why a launch failed by the message of AWS, or undefined. */
export function launchCause(message: string): Cause | undefined {
  const symptom = symptomIn(NO_CAPACITY, [message]);
  return LAUNCH_CAUSES.find(({ id }) => id === symptom?.id);
}
