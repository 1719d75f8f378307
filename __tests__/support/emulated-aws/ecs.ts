import { agentRange } from "../../../cli/doctor/checks/port-ranges";
import type { Answers } from "./clients";
import { block, blocks, lastPart, type Machine, number, type Resources, text, texts, type Values } from "./resources";

/** A task that runs, with its service. */
export interface RunningTask {
  readonly arn: string;
  readonly service: Values;
  readonly machine: Machine;
  readonly address?: string;
  readonly ports: readonly {
    readonly container: string;
    readonly port: number;
    readonly host: number;
    readonly protocol: string;
  }[];
}

/**
 * The number of tasks of a service: a daemon has one on each instance, and scaling starts its fewest. A service at 0 waits for its
 * first image, which a pipeline has pushed here.
 */
export function desiredOf(service: Values, resources: Resources): number {
  const cluster = lastPart(text(service, "cluster"));
  if (text(service, "scheduling_strategy") === "DAEMON") return machinesOf(cluster, resources).length;
  const id = `service/${cluster}/${text(service, "name")}`;
  const [target] = resources.where("aws_appautoscaling_target", "resource_id", id);
  return Math.max(number(service, "desired_count"), target === undefined ? 1 : number(target, "min_capacity"));
}

const machinesOf = (cluster: string, { machines }: Resources): Machine[] =>
  machines.filter((machine) => machine.cluster === cluster);

/** Returns the tasks of all services, each with host ports as its network mode gives them. */
export function runningTasks(resources: Resources): RunningTask[] {
  return resources.of("aws_ecs_service").flatMap((service, serviceIndex) => {
    const cluster = lastPart(text(service, "cluster"));
    const providers = blocks(service, "capacity_provider_strategy").map((one) => text(one, "capacity_provider"));
    const own = machinesOf(cluster, resources).filter(
      ({ provider }) => providers.length === 0 || providers.includes(provider),
    );
    const [definition = {}] = resources.where("aws_ecs_task_definition", "arn", text(service, "task_definition"));
    return Array.from({ length: desiredOf(service, resources) }, (_, index) => {
      const machine = own[index % own.length];
      if (machine === undefined) throw new Error(`No instance can run the service ${text(service, "name")}.`);
      const mode = text(definition, "network_mode");
      const { from } = agentRange(userDataOf(machine));
      const ports = mode === "awsvpc" ? [] : portsOf(definition, mode, from + serviceIndex * 100 + index * 10);
      return {
        arn: `arn:aws:ecs:${resources.region}:000000000000:task/${cluster}/${text(service, "name")}-${index}`,
        ...{ service, machine, ports },
        ...(mode === "awsvpc" && { address: `10.9.${serviceIndex}.${index + 10}` }),
      };
    });
  });
}

export const userDataOf = ({ template }: Machine): string =>
  Buffer.from(text(template, "user_data"), "base64").toString("utf8");

function portsOf(definition: Values, mode: string, first: number): RunningTask["ports"] {
  const containers = JSON.parse(text(definition, "container_definitions") || "[]") as Values[];
  const mappings = containers.flatMap((container) =>
    blocks(container, "portMappings").map((mapping) => ({ container: text(container, "name"), mapping })),
  );
  return mappings.map(({ container, mapping }, index) => {
    const port = number(mapping, "containerPort");
    const host = mode === "host" ? port : number(mapping, "hostPort") || first + index;
    return { container, port, host, protocol: text(mapping, "protocol") || "tcp" };
  });
}

export function ecsAnswers(resources: Resources): Answers {
  const clusterOf = (input: Values) => lastPart(text(input, "cluster"));
  const servicesOf = (cluster: string) =>
    resources.of("aws_ecs_service").filter((service) => lastPart(text(service, "cluster")) === cluster);
  const tasks = runningTasks(resources);
  const providersOf = (cluster: string) =>
    resources
      .where("aws_ecs_cluster_capacity_providers", "cluster_name", cluster)
      .flatMap((one) => texts(one, "capacity_providers"));
  return {
    DescribeClusters: (input) => ({
      clusters: resources.where("aws_ecs_cluster", "name", ...texts(input, "clusters")).map((one) => ({
        ...{ clusterArn: one.arn, clusterName: one.name, status: "ACTIVE" },
        ...{ capacityProviders: providersOf(text(one, "name")), configuration: configurationOf(one) },
      })),
    }),
    ListClusters: () => ({ clusterArns: resources.of("aws_ecs_cluster").map(({ arn }) => arn) }),
    DescribeCapacityProviders: (input) => ({
      capacityProviders: resources
        .where("aws_ecs_capacity_provider", "name", ...texts(input, "capacityProviders"))
        .map((one) => {
          const group = block(one, "auto_scaling_group_provider");
          return {
            ...{ name: one.name, status: "ACTIVE", updateStatus: "UPDATE_COMPLETE" },
            autoScalingGroupProvider: {
              autoScalingGroupArn: group.auto_scaling_group_arn,
              managedScaling: { status: text(block(group, "managed_scaling"), "status") },
            },
          };
        }),
    }),
    ListContainerInstances: (input) => ({
      containerInstanceArns: machinesOf(clusterOf(input), resources).map(({ arn }) => arn),
    }),
    DescribeContainerInstances: (input) => ({
      containerInstances: resources.machines
        .filter(({ arn }) => texts(input, "containerInstances").includes(arn))
        .map(({ arn, id, provider }) => ({
          ...{ containerInstanceArn: arn, ec2InstanceId: id, agentConnected: true, status: "ACTIVE" },
          ...{ versionInfo: { agentVersion: "1.99.0" }, capacityProviderName: provider, attributes: ATTRIBUTES },
        })),
    }),
    ListServices: (input) => ({ serviceArns: servicesOf(clusterOf(input)).map(({ arn }) => arn) }),
    DescribeServices: (input) => ({
      services: resources
        .where("aws_ecs_service", "arn", ...texts(input, "services"))
        .map((service) => serviceAnswer(service, resources)),
    }),
    ListTasks: (input) => ({
      taskArns:
        input.desiredStatus === "STOPPED"
          ? []
          : tasks.filter(({ machine }) => machine.cluster === clusterOf(input)).map(({ arn }) => arn),
    }),
    DescribeTasks: (input) => ({
      tasks: tasks.filter(({ arn }) => texts(input, "tasks").includes(arn)).map(taskAnswer),
    }),
    DescribeTaskDefinition: (input) => {
      const [found] = resources.where("aws_ecs_task_definition", "arn", text(input, "taskDefinition"));
      if (found === undefined) throw new Error(`No task definition is ${text(input, "taskDefinition")}.`);
      return { taskDefinition: definitionAnswer(found) };
    },
  };
}

/** The capabilities of the agent on an ECS-optimized AMI. */
const ATTRIBUTES = [
  ...["json-file", "syslog", "journald", "awslogs", "fluentd", "none", "awsfirelens"].map(
    (driver) => `com.amazonaws.ecs.capability.logging-driver.${driver}`,
  ),
  ...[
    "ecs.capability.execution-role-awslogs",
    "ecs.capability.task-eni",
    "ecs.capability.secrets.asm.environment-variables",
  ],
].map((name) => ({ name }));

function configurationOf(cluster: Values): object {
  const exec = block(block(cluster, "configuration"), "execute_command_configuration");
  return { executeCommandConfiguration: { kmsKeyId: exec.kms_key_id ?? undefined } };
}

function serviceAnswer(service: Values, resources: Resources): object {
  const desired = desiredOf(service, resources);
  const deployment = block(service, "deployment_configuration");
  const network = block(service, "network_configuration");
  const [canary, linear] = [block(deployment, "canary_configuration"), block(deployment, "linear_configuration")];
  const name = text(service, "name");
  return {
    ...{ serviceName: name, serviceArn: service.arn, status: "ACTIVE" },
    ...{ desiredCount: desired, runningCount: desired, pendingCount: 0 },
    ...{ schedulingStrategy: service.scheduling_strategy, taskDefinition: service.task_definition },
    capacityProviderStrategy: blocks(service, "capacity_provider_strategy").map((one) => ({
      capacityProvider: one.capacity_provider,
    })),
    loadBalancers: blocks(service, "load_balancer").map((one) => ({
      ...{ targetGroupArn: one.target_group_arn, containerName: one.container_name },
      containerPort: one.container_port,
      advancedConfiguration: {
        alternateTargetGroupArn: block(one, "advanced_configuration").alternate_target_group_arn,
      },
    })),
    deploymentConfiguration: {
      ...{ strategy: deployment.strategy, bakeTimeInMinutes: number(deployment, "bake_time_in_minutes") },
      canaryConfiguration: { canaryBakeTimeInMinutes: number(canary, "canary_bake_time_in_minutes") },
      ...(Object.keys(linear).length > 0 && {
        linearConfiguration: {
          stepPercent: number(linear, "step_percent"),
          stepBakeTimeInMinutes: number(linear, "step_bake_time_in_minutes"),
        },
      }),
    },
    ...(Object.keys(network).length > 0 && {
      networkConfiguration: {
        awsvpcConfiguration: { securityGroups: texts(network, "security_groups"), subnets: texts(network, "subnets") },
      },
    }),
    events: [{ message: `(service ${name}) has reached a steady state.` }],
    deployments: [{ id: "ecs-svc/1", rolloutState: "COMPLETED", rolloutStateReason: "", failedTasks: 0 }],
  };
}

const taskAnswer = ({ arn, service, machine, address, ports }: RunningTask): object => ({
  ...{ taskArn: arn, group: `service:${text(service, "name")}`, containerInstanceArn: machine.arn },
  ...{ taskDefinitionArn: service.task_definition, lastStatus: "RUNNING" },
  attachments: address === undefined ? [] : [{ details: [{ name: "privateIPv4Address", value: address }] }],
  containers: [...new Set(ports.map(({ container }) => container))].map((name) => ({
    name,
    networkBindings: ports
      .filter(({ container }) => container === name)
      .map(({ port, host, protocol }) => ({ containerPort: port, hostPort: host, protocol, bindIP: "0.0.0.0" })),
  })),
});

const definitionAnswer = (definition: Values): object => ({
  ...{ taskDefinitionArn: definition.arn, status: "ACTIVE", networkMode: definition.network_mode },
  ...{ executionRoleArn: definition.execution_role_arn, taskRoleArn: definition.task_role_arn },
  runtimePlatform: { cpuArchitecture: block(definition, "runtime_platform").cpu_architecture },
  containerDefinitions: JSON.parse(text(definition, "container_definitions")),
});
