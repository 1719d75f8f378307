import { actionsOf } from "../actions";
import { type Check, command, distinct, found } from "../check";
import { aboutStarted, nameOf, readStarted, STARTED, type Started, starters } from "../started";
import { causeBehind } from "../symptom-cause";

interface Facts {
  readonly region: string;
  readonly started: readonly Started[];
  /** The names of the log groups that exist. */
  readonly existing: readonly string[];
}

const MISSING = causeBehind("log-group-missing", "no-log-group");

/** Checks the log groups of the log driver awslogs. */
export const logGroupsCheck: Check<Facts> = {
  id: "log-groups",
  question: "Do the log groups of the tasks exist?",
  actions: actionsOf(...STARTED, "logGroups"),
  causes: [MISSING],
  read: async (account, optional) => {
    const started = await readStarted(account, optional);
    const groups = await account.logGroups(neededGroups(started, account.region));
    return { region: account.region, started, existing: groups.map(({ name }) => name) };
  },
  decide: ({ region, started, existing }) => {
    const needed = neededGroups(started, region);
    return {
      findings: needed
        .filter((name) => !existing.includes(name))
        .map((name) => {
          const by = started.filter((one) => neededGroups([one], region).includes(name));
          return found(MISSING, {
            problem: `The log group ${name} of ${starters(by)} does not exist. Tasks cannot start, or lose their logs.`,
            evidence: by.map((one) => `task definition ${nameOf(one)}`),
            commands: [command`aws logs create-log-group --region ${region} --log-group-name ${name}`],
            about: aboutStarted(by),
          });
        }),
      notes: needed.filter((name) => existing.includes(name)),
    };
  },
};

/** Returns the log groups in the region that the agent does not create. */
export const neededGroups = (started: readonly Started[], region: string): string[] =>
  distinct(
    started.flatMap(({ definition }) =>
      definition.containers.flatMap(({ logGroup }) =>
        logGroup && !logGroup.isCreated && (logGroup.region ?? region) === region ? [logGroup.name] : [],
      ),
    ),
  ).sort();
