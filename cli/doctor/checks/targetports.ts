import { actionsOf } from "../actions";
import { type Cause, type Check, command, distinct, type Finding, found } from "../check";
import type { InstanceFacts, ServiceFacts, TargetGroupFacts, TaskFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly services: readonly ServiceFacts[];
  /** The tasks of the cluster that stopped in the last hour, whose targets ECS still deregisters. */
  readonly stopped: readonly TaskFacts[];
  /** The running tasks of the cluster. */
  readonly tasks: readonly TaskFacts[];
  readonly targetGroups: readonly TargetGroupFacts[];
  /** The instances of the cluster, in any state. */
  readonly instances: readonly Pick<InstanceFacts, "id">[];
}

const STALE: Cause = {
  id: "target-stale",
  title: "A target of a service is no running task, so requests to it fail or reach another program.",
  fix: "Deregister the target with the command. ECS deregisters the targets of tasks that stop, but not those that other tools register.",
  explains: ["target-no-connection", "target-timeout", "target-status-code", "target-unhealthy"],
};

const UNREGISTERED: Cause = {
  id: "task-not-registered",
  title: "A running task of a service is no target of its target group, so it gets no requests.",
  fix: "Read the events of the service with the first command: if ECS could not register the target, they say why. Otherwise, someone deregistered it. Then start a new deployment with the second command, which replaces the tasks and registers them.",
};

/** The time from the start of a task until its target must be registered, in minutes. */
const REGISTERING_MINUTES = 5;

/** Compares the targets of each service with its running tasks. */
export const targetPortsCheck: Check<Facts> = {
  id: "targetports",
  question: "Is each running task a target, and is each target a running task?",
  actions: actionsOf("services", "tasks", "stoppedTasks", "targetGroups", "instances"),
  causes: [STALE, UNREGISTERED],
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    services: await account.services(),
    tasks: await account.tasks(),
    stopped: await account.stoppedTasks(),
    targetGroups: await account.targetGroups(),
    instances: await account.instances(),
  }),
  decide: (facts) => ({
    findings: [
      ...facts.targetGroups.flatMap((group) => staleTargets(group, facts)),
      ...facts.services.flatMap((service) => unregisteredTasks(service, facts)),
    ],
    notes: [],
  }),
};

type Target = TargetGroupFacts["targets"][number];

/** Whether a target is a task: its address, or a host port of its instance. The instance of a task can be deregistered. */
const isTask = ({ id, port }: Target, { address, instanceId = id, containers }: TaskFacts): boolean =>
  address === id || (instanceId === id && containers.some(({ ports }) => ports.some(({ host }) => host === port)));

function staleTargets(group: TargetGroupFacts, { region, services, tasks, stopped, instances }: Facts): Finding[] {
  const owners = services.filter(({ targetGroupArns }) => targetGroupArns.includes(group.arn));
  // Tasks in host mode have the ports of their instance, which ECS does not list for each of them.
  const isHostMode = tasks.some(
    ({ service, address, containers }) =>
      owners.some(({ name }) => name === service) && !address && containers.every(({ ports }) => ports.length === 0),
  );
  if (isHostMode) return [];
  const stale = group.targets.filter((target) => {
    // A target that starts can be a task that started after the doctor read the tasks. Network Load Balancers have `unhealthy.draining`.
    if (/^(initial|(unhealthy[.])?draining)$/.test(target.state)) return false;
    if ([...tasks, ...stopped].some((task) => isTask(target, task))) return false;
    // A healthy target outside the cluster can belong to a service of another one, which shares the target group.
    return target.state !== "healthy" || instances.some(({ id }) => id === target.id);
  });
  if (stale.length === 0) return [];
  const names = owners.map(({ name }) => name);
  return [
    found(STALE, {
      problem: `The target group ${group.name} of the service ${names.join(", ")} has targets that are no running task: ${stale.map(({ id, port }) => `${id}:${port}`).join(", ")}.`,
      evidence: [
        ...stale.map(({ id, port, state, reason }) => `${id}:${port} ${[state, reason].filter(Boolean).join(" ")}`),
        `running tasks: ${portsOf(tasks.filter(({ service }) => names.includes(service ?? "")))}`,
      ],
      commands: stale.map(
        ({ id, port }) =>
          command`aws elbv2 deregister-targets --region ${region} --target-group-arn ${group.arn} --targets Id=${id},Port=${port}`,
      ),
      about: { services: names, targetGroups: [group.arn] },
    }),
  ];
}

const portsOf = (tasks: readonly TaskFacts[]): string =>
  tasks
    .flatMap(({ address, instanceId, containers }) =>
      address !== undefined
        ? [address]
        : containers.flatMap(({ ports }) => ports.map(({ host }) => `${instanceId ?? "an instance"}:${host}`)),
    )
    .join(", ") || "none";

function unregisteredTasks(service: ServiceFacts, { region, clusterName, tasks, targetGroups }: Facts): Finding[] {
  const own = tasks.filter(
    (task) =>
      task.service === service.name && (task.minutesOld ?? 0) >= REGISTERING_MINUTES && task.status === "RUNNING",
  );
  const missing = (service.loadBalancers ?? []).flatMap(({ targetGroupArn, container, port }) => {
    // With a deployment strategy, a task is in one of two target groups.
    const arns = [targetGroupArn, service.alternates?.[targetGroupArn]];
    const groups = targetGroups.filter(({ arn }) => arns.includes(arn));
    const targets = groups.flatMap((group) => group.targets);
    // The checks of targets report a target group that was deleted, or that has no target.
    if (groups.length === 0 || targets.length === 0) return [];
    return own.flatMap((task) => {
      const host = task.containers
        .find(({ name }) => name === container)
        ?.ports.find((one) => one.container === port)?.host;
      const [id, wanted] = task.address !== undefined ? [task.address, port] : [task.instanceId, host];
      if (id === undefined || wanted === undefined) return [];
      const isRegistered = targets.some((target) => target.id === id && target.port === wanted);
      return isRegistered ? [] : [{ task, id, port: wanted, group: groups[0] as TargetGroupFacts }];
    });
  });
  if (missing.length === 0) return [];
  return [
    found(UNREGISTERED, {
      problem: `The load balancer sends no requests to ${distinct(missing.map(({ task }) => `task ${task.id}`)).join(", ")} of the service ${service.name}, because no target has the port.`,
      evidence: missing.map(({ task, id, port, group }) => `task ${task.id}: ${id}:${port} is not in ${group.name}`),
      commands: [
        command`aws ecs describe-services --region ${region} --cluster ${clusterName} --services ${service.name} --query 'services[0].events[:5]'`,
        command`aws ecs update-service --region ${region} --cluster ${clusterName} --service ${service.name} --force-new-deployment`,
      ],
      about: { services: [service.name] },
    }),
  ];
}
