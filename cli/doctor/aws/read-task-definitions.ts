import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type PortMapping,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import type { TaskDefinitionFacts } from "../facts";

/** The names of architectures in EC2, by their names in ECS. */
const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: "x86_64", ARM64: "arm64" };

/** Reads a task definition. Returns undefined if it was deleted. */
export async function readTaskDefinition(ecs: ECSClient, name: string): Promise<TaskDefinitionFacts | undefined> {
  try {
    const { taskDefinition = {} } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }));
    return taskDefinitionFacts(taskDefinition);
  } catch (error) {
    if (/Unable to describe task definition/i.test((error as Error).message)) return undefined;
    throw error;
  }
}

function taskDefinitionFacts(definition: TaskDefinition): TaskDefinitionFacts {
  const { cpuArchitecture = "" } = definition.runtimePlatform ?? {};
  return {
    arn: definition.taskDefinitionArn ?? "",
    status: definition.status ?? "ACTIVE",
    networkMode: definition.networkMode ?? "bridge",
    architecture: ARCHITECTURES[cpuArchitecture],
    executionRoleArn: definition.executionRoleArn || undefined,
    taskRoleArn: definition.taskRoleArn || undefined,
    containers: (definition.containerDefinitions ?? []).map((container) => ({
      name: container.name ?? "",
      image: container.image ?? "",
      logGroup: logGroupOf(container),
      secrets: secretsOf(container),
      ports: (container.portMappings ?? []).map(portsOf),
    })),
  };
}

function portsOf({ containerPort = 0, containerPortRange, hostPort, protocol = "tcp" }: PortMapping) {
  const [from = containerPort, to = from] = (containerPortRange ?? String(containerPort)).split("-").map(Number);
  return { from, to, protocol, ...(hostPort && { host: hostPort }) };
}

function logGroupOf({ logConfiguration }: ContainerDefinition): TaskDefinitionFacts["containers"][number]["logGroup"] {
  const { logDriver, options = {} } = logConfiguration ?? {};
  const name = options["awslogs-group"];
  if (logDriver !== "awslogs" || name === undefined) return undefined;
  return { name, region: options["awslogs-region"], isCreated: options["awslogs-create-group"] === "true" };
}

/** Returns what ECS reads with the execution role: the secrets of the container, of its log driver and of its registry. */
function secretsOf({ secrets = [], logConfiguration, repositoryCredentials }: ContainerDefinition): string[] {
  const all = [...secrets, ...(logConfiguration?.secretOptions ?? [])].flatMap(({ valueFrom }) => valueFrom ?? []);
  return [...all, ...(repositoryCredentials?.credentialsParameter ? [repositoryCredentials.credentialsParameter] : [])];
}
