import { TARGETS } from "../../troubleshooting";
import { actionsOf } from "../actions";
import { type Cause, type Check, command, counted, distinct, type Finding, found } from "../check";
import type { ServiceFacts, TargetGroupFacts, TaskFacts } from "../facts";
import { causeOf, explained } from "../symptom-cause";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly services: readonly ServiceFacts[];
  readonly tasks: readonly TaskFacts[];
  readonly targetGroups: readonly TargetGroupFacts[];
}

type Target = TargetGroupFacts["targets"][number];

/** The reason codes after which ECS stops the task. */
const STOPS_TASK = /^Target\.(ResponseCodeMismatch|Timeout|FailedHealthChecks)$/;

/** The cause for each reason code of the load balancer that shows a problem. */
const REASONS: ReadonlyMap<string, Cause> = new Map(
  TARGETS.flatMap((symptom) => {
    const [, reason = ""] = /^`(Target\.\w+)`$/.exec(symptom.seen) ?? [];
    return reason === "" ? [] : [[reason, causeOf(symptom, STOPS_TASK.test(reason) ? ["health-check-fails"] : [])]];
  }),
);
const OTHER: Cause = {
  id: "target-unhealthy",
  title: "A target is unhealthy for another reason.",
  fix: "Run the doctor again in a minute.",
  explains: ["health-check-fails"],
};
const DELETED: Cause = {
  id: "target-group-deleted",
  title: "The target group of a service was deleted.",
  fix: "Deploy the stack again, which creates the target group and replaces the service.",
};
const NO_BALANCER: Cause = {
  id: "target-group-unused",
  title: "No load balancer forwards to the target group of a service.",
  fix: "Deploy the stack again, which creates the listener rule.",
  explains: ["target-unused"],
};
const NO_TARGET: Cause = {
  id: "no-target",
  title: "A service runs tasks, and its target group has no target.",
  fix: "Read in the events of the service why ECS could not register the tasks. It registers each task with its host port, or with its address in awsvpc mode.",
};

/** Checks that the targets of each service are healthy, and lists the host port of each task. */
export const targetsCheck: Check<Facts> = {
  id: "targets",
  question: "Which host port does each task have, and is each target healthy?",
  actions: actionsOf("services", "tasks", "targetGroups"),
  causes: [DELETED, NO_BALANCER, NO_TARGET, ...REASONS.values(), OTHER],
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    services: await account.services(),
    tasks: await account.tasks(),
    targetGroups: await account.targetGroups(),
  }),
  decide: ({ region, clusterName, services, tasks, targetGroups }) => ({
    findings: services.flatMap((service) =>
      service.targetGroupArns.flatMap((arn) => {
        const group = targetGroups.find((one) => one.arn === arn);
        // With a deployment strategy, only one of two target groups has tasks between deployments.
        const other = targetGroups.find((one) => one.arn === service.alternates?.[arn]);
        const isServed = (other?.targets ?? []).length > 0;
        return findingsOf({ service, arn, group, region, clusterName, tasks, isServed });
      }),
    ),
    notes: tasks.flatMap(({ id, service, instanceId, address, containers }) =>
      address !== undefined
        ? [`${service ?? "task"} ${id}: ${address}, on ${instanceId ?? "an instance"}`]
        : containers.flatMap(({ name, ports }) =>
            ports.map(
              ({ container, host, protocol }) =>
                `${service ?? "task"} ${id}: ${name} ${container}/${protocol} on ${instanceId ?? "an instance"}:${host}`,
            ),
          ),
    ),
  }),
};

/** A target group of a service. `group` is undefined if it was deleted. */
interface ServiceTargets extends Pick<Facts, "region" | "clusterName" | "tasks"> {
  readonly service: ServiceFacts;
  readonly arn: string;
  readonly group?: TargetGroupFacts;
  /** Whether the other target group has targets. */
  readonly isServed: boolean;
}

function findingsOf({ service, arn, group, region, clusterName, tasks, isServed }: ServiceTargets): Finding[] {
  const about = { services: [service.name], targetGroups: [arn] };
  if (group === undefined) {
    return [
      found(DELETED, {
        problem: `The target group of the service ${service.name} was deleted.`,
        evidence: [arn],
        commands: [],
        about,
      }),
    ];
  }
  const { name, balancerArns, targets, healthCheck } = group;
  const findings: Finding[] = [];
  if (balancerArns.length === 0) {
    findings.push(
      found(NO_BALANCER, {
        problem: `No load balancer forwards to the target group ${name} of the service ${service.name}.`,
        evidence: [arn],
        commands: [],
        about,
      }),
    );
  }
  if (targets.length === 0 && service.running > 0 && !isServed) {
    findings.push(
      found(NO_TARGET, {
        problem: `The service ${service.name} runs tasks, but the target group ${name} has no target.`,
        evidence: [arn],
        commands: [
          command`aws ecs describe-services --region ${region} --cluster ${clusterName} --services ${service.name} --query 'services[0].events[:5]'`,
        ],
        about,
      }),
    );
  }
  const bad = targets.filter(({ state }) => state === "unhealthy" || state === "unused" || state === "unavailable");
  // One finding for each reason, because they share the fix.
  for (const reason of distinct(bad.map((target) => target.reason)).sort()) {
    const these = bad.filter((target) => target.reason === reason);
    const cause = REASONS.get(reason) ?? OTHER;
    findings.push(
      found(cause, {
        ...(cause !== OTHER && { fix: explained(cause) }),
        problem: `${these.length} of ${counted(targets.length, "target")} of the service ${service.name} ${these.length === 1 ? "is" : "are"} ${these[0]?.state}: ${reason || "no reason given"}.`,
        evidence: [
          ...these.map((target) =>
            [`${target.id}:${target.port}`, target.description, taskAt(target, tasks)].filter(Boolean).join(" "),
          ),
          `health check: ${healthCheck}`,
        ],
        commands: [command`aws elbv2 describe-target-health --region ${region} --target-group-arn ${arn}`],
        about,
      }),
    );
  }
  return findings;
}

/** Names the running task with the target's host port or address. */
function taskAt({ id, port }: Target, tasks: readonly TaskFacts[]): string {
  const task = tasks.find(
    ({ instanceId, address, containers }) =>
      address === id || (instanceId === id && containers.some(({ ports }) => ports.some(({ host }) => host === port))),
  );
  return task ? `(task ${task.id})` : "(no running task has this port)";
}
