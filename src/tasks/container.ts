import type { Guard } from "../terraform/guard";
import { matches } from "../validation/rule";
import { type Parsed, plain, schemaOf, string } from "../validation/schema";
import { type ContainerDevices, containerDevicesSchema, gpuJson } from "./container-devices";
import {
  type ContainerEnvironment,
  containerEnvironmentSchema,
  environmentGuards,
  environmentJson,
} from "./container-environment";
import {
  type ContainerHealthCheck,
  containerHealthCheckSchema,
  healthCheckGuards,
  healthCheckJson,
} from "./container-health-check";
import { type ContainerHosts, containerHostsSchema, hostsJson, networkForPorts } from "./container-hosts";
import {
  type ContainerImage,
  cachedImage,
  containerImageSchema,
  credentialsJson,
  credentialsOfOthers,
  type ImageReference,
  imageField,
} from "./container-image";
import { type ContainerLife, containerLifeSchema, dependsOnJson, timeoutsJson } from "./container-life";
import {
  type ContainerLog,
  type ContainerLogging,
  containerLoggingSchema,
  logConfigurationJson,
} from "./container-logging";
import { type ContainerNetwork, containerNetworkSchema, linksJson, portMappingsJson } from "./container-network";
import { type ContainerProcess, containerProcessSchema, processGuards, processJson } from "./container-process";
import { type ContainerSize, containerSizeSchema, sizeJson } from "./container-size";
import { type DockerOptions, dockerOptionsJson, dockerOptionsSchema } from "./docker-options";
import { flag, text, withoutUndefined } from "./ecs-json";
import { type EnvironmentFiles, environmentFilesJson, environmentFilesSchema } from "./environment-file";
import { type ContainerLinux, containerLinuxSchema, linuxParametersJson, swapWithLimit } from "./linux-parameters";
import { type MountPoints, mountPointsJson, mountPointsSchema } from "./mount-point";
import { type JsonObject, jsonObjectField, overridden } from "./overrides";
import type { NetworkMode } from "./port-mapping";
import { type RestartPolicy, restartPolicyJson, restartPolicySchema } from "./restart-policy";
import { type ContainerSystemControls, containerSystemControlsSchema, systemControlsJson } from "./system-control";
import type { Volumes } from "./task-volume";
import { type ContainerUlimits, containerUlimitsSchema, ulimitsJson } from "./ulimit";

/** The settings of a container beside its name and its image. */
export interface ContainerSettings
  extends ContainerNetwork,
    ContainerSize,
    ContainerEnvironment,
    ContainerProcess,
    ContainerLife,
    ContainerUlimits,
    ContainerLinux,
    ContainerSystemControls,
    ContainerHosts,
    DockerOptions,
    EnvironmentFiles,
    ContainerDevices,
    MountPoints,
    ContainerLogging,
    ContainerImage {
  /** Docker's health check. The load balancer's is `healthCheck`. @default - none, even if the image has one */
  readonly containerHealthCheck?: ContainerHealthCheck;
  /** Restart the container when it exits, without a new task. `{}` does so with the defaults. @default - a new task */
  readonly restartPolicy?: RestartPolicy;
  /**
   * Changes of the container definition in the names of the ECS API, for what no setting covers: `{ hostname: "a" }`. They are
   * merged last. Objects are merged key by key, any other value replaces the one before, and null removes the key. Only the
   * form is validated: values of JSON, and tokens.
   * @default - none
   */
  readonly containerOverrides?: JsonObject;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
export const containerSettingsSchema = schemaOf<ContainerSettings>()(
  {
    ...containerNetworkSchema.shape,
    ...containerSizeSchema.shape,
    ...containerEnvironmentSchema.shape,
    ...containerProcessSchema.shape,
    ...containerLifeSchema.shape,
    ...containerUlimitsSchema.shape,
    ...containerLinuxSchema.shape,
    ...containerSystemControlsSchema.shape,
    ...containerHostsSchema.shape,
    ...dockerOptionsSchema.shape,
    ...environmentFilesSchema.shape,
    ...containerDevicesSchema.shape,
    ...mountPointsSchema.shape,
    ...containerLoggingSchema.shape,
    ...containerImageSchema.shape,
    containerHealthCheck: containerHealthCheckSchema.optional(),
    restartPolicy: restartPolicySchema.optional(),
    containerOverrides: jsonObjectField.optional(),
  },
  ...containerNetworkSchema.rules,
  ...containerSizeSchema.rules,
  ...containerEnvironmentSchema.rules,
  ...containerUlimitsSchema.rules,
  ...containerImageSchema.rules,
  swapWithLimit,
  networkForPorts,
  ...containerSystemControlsSchema.rules,
);

/** One container of a task. */
export interface ContainerProps extends ContainerSettings {
  /** Its name, which no other container of the task has. */
  readonly name: string;
  /** The image, with its tag. Containers and services can share a `ServiceImage`. */
  readonly image: string | ImageReference;
  /** The name of `containerPort` in Service Connect. @default - none, or the name in `portMappings` */
  readonly portName?: string;
}

const containerName = matches(
  "^[a-zA-Z0-9_-]{1,255}$",
  "have 1 to 255 letters, digits, hyphens and underscores",
  'For example "users" or "log-router".',
);

export const containerPropsSchema = schemaOf<ContainerProps>()(
  {
    ...containerSettingsSchema.shape,
    name: plain(string(containerName)),
    image: imageField,
    portName: string().optional(),
  },
  ...containerSettingsSchema.rules,
  cachedImage,
  credentialsOfOthers,
);

/** A container with the defaults of its settings. */
export type Container = Parsed<typeof containerPropsSchema>;

/** The task that a container runs in. */
export interface ContainerContext {
  readonly clusterArn: string;
  readonly log: ContainerLog;
  readonly enableExecuteCommand: boolean;
  readonly volumes: Volumes;
  /** The memory of the whole task. @default - no limit */
  readonly taskMemoryMiB?: number;
  /** The configuration of a log router. @default - the container is none */
  readonly firelensConfiguration?: object;
  readonly networkMode: NetworkMode;
}

/** Returns the container as the API of ECS names it. */
export function containerDefinition(container: Container, context: ContainerContext): object {
  const { clusterArn, log, enableExecuteCommand, volumes, taskMemoryMiB, networkMode } = context;
  const definition = withoutUndefined({
    name: container.name,
    image: text(container.image),
    ...credentialsJson(container, clusterArn),
    essential: flag(container.essential),
    ...sizeJson(container, taskMemoryMiB),
    ...portMappingsJson(container, networkMode, container.portName),
    ...environmentJson(container, { region: log.region, clusterArn }),
    ...processJson(container),
    ...timeoutsJson(container),
    ...gpuJson(container),
    ...linuxParametersJson(container, enableExecuteCommand),
    ...ulimitsJson(container),
    ...mountPointsJson(container, volumes),
    ...linksJson(container),
    ...dependsOnJson(container),
    ...healthCheckJson(container.containerHealthCheck),
    ...logConfigurationJson(container, log, clusterArn),
    firelensConfiguration: context.firelensConfiguration,
    ...systemControlsJson(container),
    ...hostsJson(container),
    ...dockerOptionsJson(container),
    ...environmentFilesJson(container),
    ...restartPolicyJson(container.restartPolicy),
  });
  return container.containerOverrides ? overridden(definition, container.containerOverrides) : definition;
}

/** Returns the guards of what only Terraform knows of a container. */
export function containerGuards(container: Container, enableExecuteCommand: boolean): Guard[] {
  const { name } = container;
  return [
    ...healthCheckGuards(name, container.containerHealthCheck),
    ...processGuards(name, container, enableExecuteCommand),
    ...environmentGuards(name, container),
  ];
}
