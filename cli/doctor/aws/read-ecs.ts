import {
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  paginateListClusters,
  paginateListContainerInstances,
  paginateListServices,
  paginateListTasks,
  type Service,
  type Task,
} from "@aws-sdk/client-ecs";
import type { ClusterFacts, ContainerInstanceFacts, ProviderFacts, ServiceFacts, TaskFacts } from "../facts";
import { allPages, inBatches } from "./paging";
import { minutesSince } from "./read-compute";

export async function readCluster(ecs: ECSClient, cluster: string): Promise<ClusterFacts | undefined> {
  const request = new DescribeClustersCommand({ clusters: [cluster], include: ["CONFIGURATIONS"] });
  const { clusters = [] } = await ecs.send(request);
  return clusters.map(({ clusterArn = "", clusterName = "", status = "", capacityProviders = [], configuration }) => ({
    arn: clusterArn,
    name: clusterName,
    status,
    capacityProviders,
    execKeyId: configuration?.executeCommandConfiguration?.kmsKeyId,
  }))[0];
}

export async function readClusterNames(ecs: ECSClient): Promise<string[]> {
  const arns = await allPages(paginateListClusters({ client: ecs }, {}), ({ clusterArns }) => clusterArns);
  return arns.map(lastPart).sort();
}

export async function readProviders(ecs: ECSClient, names: readonly string[]): Promise<ProviderFacts[]> {
  const providers = await inBatches(names, 100, async (capacityProviders) => {
    const answer = await ecs.send(new DescribeCapacityProvidersCommand({ capacityProviders }));
    return answer.capacityProviders;
  });
  return providers.map(
    ({ name = "", autoScalingGroupProvider: group, updateStatus = "", updateStatusReason = "" }) => ({
      name,
      // arn:aws:autoscaling:REGION:ACCOUNT:autoScalingGroup:ID:autoScalingGroupName/NAME
      group: group?.autoScalingGroupArn?.split("autoScalingGroupName/").at(-1),
      managedScaling: group?.managedScaling?.status ?? "DISABLED",
      updateStatus,
      updateReason: updateStatusReason,
    }),
  );
}

export async function readContainerInstances(ecs: ECSClient, cluster: string): Promise<ContainerInstanceFacts[]> {
  const arns = await allPages(
    paginateListContainerInstances({ client: ecs }, { cluster }),
    (page) => page.containerInstanceArns,
  );
  const described = await inBatches(arns, 100, async (containerInstances) => {
    const answer = await ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances }));
    return answer.containerInstances;
  });
  return described.map((one) => ({
    arn: one.containerInstanceArn ?? "",
    instanceId: one.ec2InstanceId ?? "",
    agentConnected: one.agentConnected ?? false,
    agentVersion: one.versionInfo?.agentVersion ?? "(unknown version)",
    attributes: (one.attributes ?? []).flatMap(({ name }) => name ?? []),
    status: one.status ?? "",
    statusReason: one.statusReason,
    provider: one.capacityProviderName,
  }));
}

export async function readServices(ecs: ECSClient, cluster: string, now: Date): Promise<ServiceFacts[]> {
  const arns = await allPages(paginateListServices({ client: ecs }, { cluster }), ({ serviceArns }) => serviceArns);
  const services = await inBatches(arns, 10, async (batch) => {
    const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: batch }));
    return answer.services;
  });
  return services
    .map((service) => serviceFacts(service, now))
    .sort((one, other) => one.name.localeCompare(other.name, "en"));
}

/** @param instanceIds the EC2 instance IDs, by container instance ARN */
export async function readTasks(
  ecs: ECSClient,
  cluster: string,
  desiredStatus: "RUNNING" | "STOPPED",
  instanceIds: ReadonlyMap<string, string>,
  now: Date,
): Promise<TaskFacts[]> {
  const arns = await allPages(
    paginateListTasks({ client: ecs }, { cluster, desiredStatus }),
    ({ taskArns }) => taskArns,
  );
  const tasks = await inBatches(arns, 100, async (batch) => {
    const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks: batch }));
    return answer.tasks;
  });
  return tasks
    .sort((one, other) => (other.stoppedAt?.getTime() ?? 0) - (one.stoppedAt?.getTime() ?? 0))
    .map((task) => ({
      ...taskFacts(task, instanceIds),
      ...(task.startedAt && { minutesOld: minutesSince(task.startedAt, now) }),
    }));
}

const lastPart = (arn: string): string => arn.split("/").at(-1) ?? arn;

function serviceFacts(service: Service, now: Date): ServiceFacts {
  const { loadBalancers = [] } = service;
  const pairs = loadBalancers.flatMap(({ targetGroupArn: one, advancedConfiguration }) => {
    const other = advancedConfiguration?.alternateTargetGroupArn;
    return one && other ? [[one, other] as const] : [];
  });
  return {
    name: service.serviceName ?? "",
    status: service.status,
    isDaemon: service.schedulingStrategy === "DAEMON",
    providers: (service.capacityProviderStrategy ?? []).flatMap(({ capacityProvider }) => capacityProvider ?? []),
    taskDefinition: service.taskDefinition,
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    targetGroupArns: [
      ...loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
      ...pairs.map(([, b]) => b),
    ],
    loadBalancers: loadBalancers.flatMap(({ targetGroupArn, containerName: container, containerPort: port }) =>
      targetGroupArn && container && port ? [{ targetGroupArn, container, port }] : [],
    ),
    ruleArns: loadBalancers.flatMap(({ advancedConfiguration }) => advancedConfiguration?.productionListenerRule ?? []),
    ...(pairs.length > 0 && {
      alternates: Object.fromEntries(
        pairs.flatMap(([a, b]) => [
          [a, b],
          [b, a],
        ]),
      ),
    }),
    ...strategyOf(service),
    network: networkOf(service),
    events: (service.events ?? []).map(({ message = "" }) => message),
    deployments: (service.deployments ?? []).map((deployment) => ({
      id: deployment.id ?? "",
      rolloutState: deployment.rolloutState ?? "",
      reason: deployment.rolloutStateReason ?? "",
      failedTasks: deployment.failedTasks ?? 0,
      minutesOld: minutesSince(deployment.createdAt ?? now, now),
    })),
  };
}

/** Returns the strategy of deployments that move requests, and the minutes of its pauses and its bake time. */
function strategyOf({ deploymentConfiguration = {} }: Service): Pick<ServiceFacts, "strategy"> {
  const {
    strategy: name,
    bakeTimeInMinutes = 0,
    linearConfiguration: linear,
    canaryConfiguration,
  } = deploymentConfiguration;
  if (name === undefined || name === "ROLLING") return {};
  const steps = Math.ceil(100 / (linear?.stepPercent ?? 100)) - 1;
  const pauses = steps * (linear?.stepBakeTimeInMinutes ?? 0) + (canaryConfiguration?.canaryBakeTimeInMinutes ?? 0);
  return { strategy: { name, minutes: bakeTimeInMinutes + pauses } };
}

function networkOf({ networkConfiguration, loadBalancers = [] }: Service): ServiceFacts["network"] {
  const { securityGroups, subnets } = networkConfiguration?.awsvpcConfiguration ?? {};
  const ports = loadBalancers.flatMap(({ containerPort }) => containerPort ?? []);
  return (
    securityGroups && { securityGroupIds: [...securityGroups].sort(), ports: [...new Set(ports)], subnetIds: subnets }
  );
}

/** Returns the facts of a task. @param instanceIds the EC2 instance IDs, by container instance ARN */
export function taskFacts(task: Task, instanceIds: ReadonlyMap<string, string>): TaskFacts {
  const { group = "", containerInstanceArn = "", containers = [], attachments = [] } = task;
  const details = attachments.flatMap(({ details: ofAttachment = [] }) => ofAttachment);
  return {
    id: lastPart(task.taskArn ?? ""),
    service: group.startsWith("service:") ? group.slice("service:".length) : undefined,
    family: lastPart(task.taskDefinitionArn ?? "").split(":")[0],
    instanceId: instanceIds.get(containerInstanceArn),
    status: task.lastStatus,
    address: details.find(({ name }) => name === "privateIPv4Address")?.value,
    stopCode: task.stopCode ?? "",
    stoppedReason: task.stoppedReason ?? "",
    containers: containers.map(({ name = "", image, reason = "", exitCode, networkBindings = [] }) => ({
      name,
      image,
      reason,
      exitCode,
      ports: networkBindings.flatMap(({ containerPort = 0, hostPort, protocol = "tcp" }) =>
        hostPort === undefined ? [] : [{ container: containerPort, host: hostPort, protocol }],
      ),
    })),
  };
}
