import { actionsOf } from "../actions";
import { type Cause, type Check, command, counted, distinct, type Finding, found } from "../check";
import type { ScalingFacts, ServiceFacts, TaskFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly services: readonly ServiceFacts[];
  /** The running tasks, and those that stopped in the last hour. */
  readonly tasks: readonly TaskFacts[];
  /** @default - unknown */
  readonly scaling?: readonly ScalingFacts[];
}

const DELETED: Cause = {
  id: "service-deleted",
  title: "A service was deleted, or is being deleted, and its tasks or its scaling remain.",
  fix: "If nobody wanted to delete the service, deploy the stack again, which creates it. If a destroy waits for the service, stop its tasks.",
};
const AT_ZERO: Cause = {
  id: "service-at-zero",
  title: "The desired count of a service is 0, and no scaling with a minimum of 0 set it.",
  fix: "If someone set it by hand, run the command. With imageParameter, write the first image to the parameter, and apply. Otherwise, set desiredCount and deploy.",
  explains: ["no-target"],
};

/** Checks that each service exists, and that it should have tasks. A service at 0 is as silent as one that was deleted. */
export const statesCheck: Check<Facts> = {
  id: "states",
  question: "Is each service active, and should it have tasks?",
  actions: actionsOf("services", "tasks", "stoppedTasks", "scaling"),
  causes: [DELETED, AT_ZERO],
  read: async (account, optional) => ({
    region: account.region,
    clusterName: account.clusterName,
    services: await account.services(),
    tasks: [...(await account.tasks()), ...(await account.stoppedTasks())],
    scaling: await optional(account.scaling()),
  }),
  decide: (facts) => {
    const { services, tasks, scaling = [] } = facts;
    // ECS describes a deleted service for a while.
    const known = services.filter(({ status }) => status !== "INACTIVE").map(({ name }) => name);
    const remembered = distinct([
      ...tasks.flatMap(({ service }) => service ?? []),
      ...scaling.map(({ service }) => service),
      ...services.map(({ name }) => name),
    ]);
    return {
      findings: [
        ...services.filter(({ status }) => status === "DRAINING").map((service) => draining(service, facts)),
        ...remembered
          .filter((name) => !known.includes(name))
          .sort()
          .map((name) => deleted(name, facts)),
        ...services.flatMap((service) => atZero(service, facts)),
      ],
      notes: services.map(({ name, status = "ACTIVE", desired }) => `${name}: ${status}, desired count ${desired}`),
    };
  },
};

const describe = (name: string, { region, clusterName }: Facts) =>
  command`aws ecs describe-services --region ${region} --cluster ${clusterName} --services ${name} --query 'services[0].[status,desiredCount,taskDefinition]'`;

function draining({ name, running }: ServiceFacts, facts: Facts): Finding {
  return found(DELETED, {
    problem: `The service ${name} is being deleted.`,
    evidence: [`status DRAINING, ${counted(running, "running task")}`],
    commands: [describe(name, facts)],
    about: { services: [name] },
  });
}

function deleted(name: string, facts: Facts): Finding {
  const tasks = facts.tasks.filter(({ service }) => service === name);
  const scaling = facts.scaling?.filter(({ service }) => service === name) ?? [];
  return found(DELETED, {
    problem: `The service ${name} was deleted.`,
    evidence: [
      ...(tasks.length > 0 ? [`${counted(tasks.length, "task")} of it in the last hour`] : []),
      ...facts.services.filter((one) => one.name === name).map(({ status }) => `status ${status}`),
      ...scaling.map(({ min, max }) => `Application Auto Scaling still has it, with ${min} to ${counted(max, "task")}`),
    ],
    commands: [describe(name, facts)],
    about: { services: [name] },
  });
}

/** A service at 0. Its scaling can have a minimum of 0, and a daemon has no tasks without instances. */
function atZero({ name, status = "ACTIVE", isDaemon = false, desired }: ServiceFacts, facts: Facts): Finding[] {
  const { region, clusterName, scaling } = facts;
  // Without the scaling, nobody knows whether 0 is right.
  if (desired > 0 || isDaemon || status !== "ACTIVE" || scaling === undefined) return [];
  const own = scaling.find(({ service }) => service === name);
  if (own?.min === 0) return [];
  return [
    found(AT_ZERO, {
      problem: `The desired count of the service ${name} is 0, so it runs no task.`,
      evidence: [own ? `its scaling has ${own.min} to ${counted(own.max, "task")}` : "it has no scaling"],
      commands: [
        command`aws ecs update-service --region ${region} --cluster ${clusterName} --service ${name} --desired-count ${own?.min ?? 1}`,
      ],
      about: { services: [name] },
    }),
  ];
}
