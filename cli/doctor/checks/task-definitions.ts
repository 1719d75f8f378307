import { actionsOf } from "../actions";
import { type Cause, type Check, command, found } from "../check";
import { aboutStarted, nameOf, readStarted, STARTED, type Started, starters } from "../started";

interface Facts {
  readonly region: string;
  readonly started: readonly Started[];
}

const INACTIVE: Cause = {
  id: "task-definition-inactive",
  title: "A service or a schedule uses a task definition that was deregistered or deleted.",
  fix: "Deploy the stack again, which registers a new revision. ECS runs no task of a schedule until then, and rejects deployments of a service. With keepRevisions, Terraform does not deregister old revisions.",
  explains: ["schedule-failed"],
};

/** Checks that nothing uses a deregistered task definition. */
export const taskDefinitionsCheck: Check<Facts> = {
  id: "task-definitions",
  question: "Are the task definitions of services and schedules active?",
  actions: actionsOf(...STARTED),
  causes: [INACTIVE],
  read: async (account, optional) => ({ region: account.region, started: await readStarted(account, optional) }),
  decide: ({ region, started }) => ({
    findings: started
      .filter(({ definition }) => definition.status !== "ACTIVE")
      .map((one) =>
        found(INACTIVE, {
          problem: `The task definition ${nameOf(one)} of ${starters([one])} is ${one.definition.status}.`,
          evidence: [one.definition.arn],
          commands: [
            command`aws ecs list-task-definitions --region ${region} --family-prefix ${nameOf(one).split(":")[0] ?? ""} --sort DESC --max-items 3`,
          ],
          about: aboutStarted([one]),
        }),
      ),
    notes: started.map((one) => `${nameOf(one)}: ${starters([one])}`),
  }),
};
