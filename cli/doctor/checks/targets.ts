import { type Check, counted, distinct, type Finding } from "../check";
import type { ServiceFacts, TargetGroupFacts, TaskFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly services: readonly ServiceFacts[];
  readonly tasks: readonly TaskFacts[];
  readonly targetGroups: readonly TargetGroupFacts[];
}

type Target = TargetGroupFacts["targets"][number];

/**
 * The fix for each reason code of the load balancer.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
const FIXES: Readonly<Record<string, string>> = {
  "Target.ResponseCodeMismatch":
    "The health check got an unexpected status code. Set a health check path that returns 200, or add the status code to the health check.",
  "Target.Timeout":
    "The health check timed out. Check the security groups above. Check that the program listens on 0.0.0.0, not on 127.0.0.1. If the program is slow, raise the timeout of the health check.",
  "Target.FailedHealthChecks":
    "The connection failed. Check that the program listens on containerPort. Check that targetProtocol is the program's protocol, HTTP or HTTPS. If the program starts slowly, raise healthCheckGracePeriodSeconds.",
  "Target.NotInUse":
    "No listener rule forwards to the target group, or the load balancer does not serve the Availability Zone. Deploy the stack again, which restores both.",
  "Target.InvalidState": "The instance is stopped or terminated. ECS starts the task on another instance.",
  "Target.IpUnusable": "The target is the IP address of a load balancer. Register instances instead.",
};

/** Checks that the targets of each service are healthy, and lists the host port of each task. */
export const targetsCheck: Check<Facts> = {
  id: "targets",
  question: "Which host port does each task have, and is each target healthy?",
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
  if (group === undefined) {
    return [
      {
        problem: `The target group of the service ${service.name} was deleted.`,
        evidence: [arn],
        fix: "Deploy the stack again, which creates the target group and replaces the service.",
        commands: [],
      },
    ];
  }
  const { name, balancerArns, targets, healthCheck } = group;
  const findings: Finding[] = [];
  if (balancerArns.length === 0) {
    findings.push({
      problem: `No load balancer forwards to the target group ${name} of the service ${service.name}.`,
      evidence: [arn],
      fix: "The listener rule was deleted. Deploy the stack again, which creates it.",
      commands: [],
    });
  }
  if (targets.length === 0 && service.running > 0 && !isServed) {
    findings.push({
      problem: `The service ${service.name} runs tasks, but the target group ${name} has no target.`,
      evidence: [arn],
      fix: "ECS registers each task with its host port, or with its address in awsvpc mode. Read in the events of the service why it could not.",
      commands: [
        `aws ecs describe-services --region ${region} --cluster ${clusterName} --services ${service.name} --query 'services[0].events[:5]'`,
      ],
    });
  }
  const bad = targets.filter(({ state }) => state === "unhealthy" || state === "unused" || state === "unavailable");
  // One finding for each reason, because they share the fix.
  for (const reason of distinct(bad.map((target) => target.reason)).sort()) {
    const these = bad.filter((target) => target.reason === reason);
    findings.push({
      problem: `${these.length} of ${counted(targets.length, "target")} of the service ${service.name} ${these.length === 1 ? "is" : "are"} ${these[0]?.state}: ${reason || "no reason given"}.`,
      evidence: [
        ...these.map((target) =>
          [`${target.id}:${target.port}`, target.description, taskAt(target, tasks)].filter(Boolean).join(" "),
        ),
        `health check: ${healthCheck}`,
      ],
      fix: FIXES[reason] ?? "Run the doctor again in a minute.",
      commands: [`aws elbv2 describe-target-health --region ${region} --target-group-arn ${arn}`],
    });
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
