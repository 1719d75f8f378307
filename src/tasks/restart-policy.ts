import { wholeNumber } from "../validation/rule";
import { list, number, type Parsed, schemaOf } from "../validation/schema";
import type { Limit } from "../validation/settings-rule";
import { amount, some, withoutUndefined } from "./ecs-json";

/** When ECS restarts a container that exits, without a new task. */
export interface RestartPolicy {
  /** Exit codes after which ECS does not restart the container, such as 0. @default - none */
  readonly ignoredExitCodes?: readonly number[];
  /** Seconds that the container must have run before ECS restarts it. @default 300 */
  readonly restartAttemptPeriodSeconds?: number;
}

const MOST_CODES = 50;
const fewCodes: Limit<readonly unknown[]> = {
  must: `have at most ${MOST_CODES} exit codes`,
  fix: "Remove some.",
  check: (codes) => codes.length <= MOST_CODES,
  offending: { of: (codes) => codes.length },
};

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html */
export const restartPolicySchema = schemaOf<RestartPolicy>()({
  ignoredExitCodes: list(number(wholeNumber(0, 255, "", "For example 0.")), fewCodes).default([]),
  restartAttemptPeriodSeconds: number(wholeNumber(60, 1800, "seconds", "For example 300.")).default(300),
});

/** Returns the policy as the API of ECS names it. */
export const restartPolicyJson = (policy: Parsed<typeof restartPolicySchema> | undefined) => ({
  restartPolicy:
    policy &&
    withoutUndefined({
      enabled: true,
      ignoredExitCodes: some(policy.ignoredExitCodes.map(amount)),
      restartAttemptPeriod: amount(policy.restartAttemptPeriodSeconds),
    }),
});
