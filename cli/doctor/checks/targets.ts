import type { Check, Finding } from "../check";
import type { ServiceFacts, TargetGroupFacts, TaskFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly services: readonly ServiceFacts[];
  readonly tasks: readonly TaskFacts[];
  readonly targetGroups: readonly TargetGroupFacts[];
}

type Target = TargetGroupFacts["targets"][number];

/** What a reason of the load balancer means here. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
const REASONS: Readonly<Record<string, string>> = {
  "Target.ResponseCodeMismatch":
    "The container answers with another code than the health check wants: give the service a health check path that answers 200, or list the codes it answers with.",
  "Target.Timeout":
    "No answer in time: the port is closed to the load balancer (see the ports above), the container listens on 127.0.0.1 instead of 0.0.0.0, or it is too slow: raise the health check's timeout.",
  "Target.FailedHealthChecks":
    "The connection is refused or broken off: the container doesn't listen on its containerPort, or it is still starting, or it speaks TLS and the target group HTTP, or the other way round (targetProtocol); a longer healthCheckGracePeriodSeconds gives it time.",
  "Target.NotInUse":
    "No listener rule leads to the group, or the load balancer doesn't serve the zone: npm run deploy puts back both.",
  "Target.InvalidState": "The instance is stopped or gone: ECS starts the task elsewhere.",
  "Target.IpUnusable": "The address belongs to a load balancer; register instances.",
};

/** Which host port did each task get, and why is a target unhealthy? */
export const targetsCheck: Check<Facts> = {
  id: "targets",
  question: "Which host port did each task get, and is each target healthy?",
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
        return mistakesOf({ service, arn, group, region, clusterName, tasks });
      }),
    ),
    notes: tasks.flatMap(({ id, service, instanceId, containers }) =>
      containers.flatMap(({ name, ports }) =>
        ports.map(
          ({ container, host, protocol }) =>
            `${service ?? "task"} ${id}: ${name} ${container}/${protocol} is ${instanceId ?? "an instance"}:${host}`,
        ),
      ),
    ),
  }),
};

/** One target group of a service; undefined where it is gone. */
interface Behind extends Pick<Facts, "region" | "clusterName" | "tasks"> {
  readonly service: ServiceFacts;
  readonly arn: string;
  readonly group?: TargetGroupFacts;
}

function mistakesOf({ service, arn, group, region, clusterName, tasks }: Behind): Finding[] {
  if (group === undefined) {
    return [
      {
        problem: `The target group of the service ${service.name} is gone.`,
        evidence: [arn],
        fix: "npm run deploy makes it again, and the service with it.",
        commands: [],
      },
    ];
  }
  const { name, balancerArns, targets, healthCheck } = group;
  const findings: Finding[] = [];
  if (balancerArns.length === 0) {
    findings.push({
      problem: `No load balancer leads to the target group ${name} of the service ${service.name}.`,
      evidence: [arn],
      fix: "Its listener rule is gone: npm run deploy makes it again.",
      commands: [],
    });
  }
  if (targets.length === 0 && service.running > 0) {
    findings.push({
      problem: `The service ${service.name} has tasks that run, and no target in ${name}.`,
      evidence: [arn],
      fix: "ECS registers a task with its host port: its events say whether it could.",
      commands: [
        `aws ecs describe-services --region ${region} --cluster ${clusterName} --services ${service.name} --query 'services[0].events[:5]'`,
      ],
    });
  }
  const bad = targets.filter(({ state }) => state === "unhealthy" || state === "unused" || state === "unavailable");
  // One finding a reason, since one mend serves all of them.
  for (const reason of [...new Set(bad.map((target) => target.reason))].sort()) {
    const these = bad.filter((target) => target.reason === reason);
    findings.push({
      problem: `${these.length} of ${targets.length} targets of the service ${service.name} are ${these[0]?.state}: ${reason || "no reason given"}.`,
      evidence: [
        ...these.map((target) =>
          [`${target.id}:${target.port}`, target.description, taskAt(target, tasks)].filter(Boolean).join(" "),
        ),
        `health check ${healthCheck}`,
      ],
      fix: REASONS[reason] ?? "Ask again in a minute.",
      commands: [`aws elbv2 describe-target-health --region ${region} --target-group-arn ${arn}`],
    });
  }
  return findings;
}

/** Which task has the target's host port, where one has. */
function taskAt({ id, port }: Target, tasks: readonly TaskFacts[]): string {
  const task = tasks.find(
    ({ instanceId, containers }) =>
      instanceId === id && containers.some(({ ports }) => ports.some(({ host }) => host === port)),
  );
  return task ? `(task ${task.id})` : "(no running task has that port)";
}
