import { counted } from "../doctor/check";
import type { Account } from "../doctor/facts";

/** A cluster at a glance. */
export interface ClusterStatus {
  readonly cluster: string;
  readonly region: string;
  readonly account: string;
  /** ACTIVE, PROVISIONING, DEPROVISIONING, FAILED or INACTIVE. */
  readonly state: string;
  readonly services: readonly ServiceStatus[];
  readonly groups: readonly {
    readonly name: string;
    readonly min: number;
    readonly max: number;
    readonly desired: number;
  }[];
  readonly instances: readonly InstanceStatus[];
}

export interface ServiceStatus {
  readonly name: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** The state of the last deployment, with the reason of ECS if it failed. */
  readonly deployment: string;
  /** The last events, newest first. */
  readonly events: readonly string[];
}

export interface InstanceStatus {
  readonly id: string;
  readonly zone: string;
  /** The state in EC2, or `leaving`. */
  readonly state: string;
  /** The state of the agent: `connected`, `not connected` or `not registered`, and `draining`. */
  readonly agent: string;
  readonly tasks: number;
}

const EVENTS = 3;

/** Reads the status. Returns undefined when there is no such cluster. */
export async function readStatus(account: Account): Promise<ClusterStatus | undefined> {
  const cluster = await account.cluster();
  if (!cluster) return undefined;
  const [accountId, services, groups, instances, registered, tasks] = await Promise.all([
    account.accountId(),
    account.services(),
    account.groups(),
    account.instances(),
    account.containerInstances(),
    account.tasks(),
  ]);
  return {
    ...{ cluster: cluster.name, region: account.region, account: accountId, state: cluster.status },
    services: services.map(({ name, desired, running, pending, deployments, events }) => ({
      ...{ name, desired, running, pending },
      deployment: deploymentOf(deployments),
      events: events.slice(0, EVENTS),
    })),
    groups: groups.map(({ name, minSize, maxSize, desiredSize }) => ({
      ...{ name, min: minSize, max: maxSize, desired: desiredSize },
    })),
    instances: instances.map(({ id, zone, state }) => {
      const agent = registered.find(({ instanceId }) => instanceId === id);
      const connection = agent?.agentConnected ? "connected" : "not connected";
      return {
        ...{ id, zone, state },
        agent: agent ? [connection, ...(agent.status === "DRAINING" ? ["draining"] : [])].join(", ") : "not registered",
        tasks: tasks.filter(({ instanceId }) => instanceId === id).length,
      };
    }),
  };
}

function deploymentOf(deployments: readonly { rolloutState: string; reason: string; failedTasks: number }[]): string {
  const [newest] = deployments;
  if (!newest) return "none";
  const failed = newest.failedTasks > 0 ? `, ${counted(newest.failedTasks, "failed task")}` : "";
  const reason = newest.rolloutState === "FAILED" && newest.reason ? `: ${newest.reason}` : "";
  return `${newest.rolloutState || "running"}${failed}${reason}`;
}

/** Returns whether the cluster is active, each service runs its tasks, no deployment runs or failed, and each agent is connected. */
export function isSettled({ state, services, instances }: ClusterStatus): boolean {
  return (
    state === "ACTIVE" &&
    services.every(
      ({ desired, running, pending, deployment }) =>
        running === desired && pending === 0 && !/^(IN_PROGRESS|FAILED)/.test(deployment),
    ) &&
    instances.every(({ state, agent }) => state !== "running" || agent.startsWith("connected"))
  );
}
