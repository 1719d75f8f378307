import type { Ec2ServiceProps } from "./ec2-service-props";
import { suggestion } from "./zod-mistakes";

/** Every setting of a service; the compiler sees to it that none is missing. */
const NAMES: Readonly<Record<keyof Ec2ServiceProps, true>> = {
  capacityProviderStrategies: true,
  circuitBreaker: true,
  cluster: true,
  command: true,
  containerHealthCheck: true,
  containerPort: true,
  cpu: true,
  daemon: true,
  dependsOn: true,
  deregistrationDelaySeconds: true,
  desiredCount: true,
  ecrRepository: true,
  enableExecuteCommand: true,
  entryPoint: true,
  environment: true,
  essential: true,
  gpuCount: true,
  healthCheck: true,
  healthCheckGracePeriodSeconds: true,
  hosts: true,
  image: true,
  initProcessEnabled: true,
  keepRevisions: true,
  links: true,
  logRetentionDays: true,
  maximumPercent: true,
  memoryLimitMiB: true,
  memoryReservationMiB: true,
  minimumHealthyPercent: true,
  mountPoints: true,
  neuronDeviceCount: true,
  paths: true,
  placementConstraints: true,
  placementStrategies: true,
  priority: true,
  privileged: true,
  readonlyRootFilesystem: true,
  rollback: true,
  routes: true,
  scaling: true,
  secrets: true,
  serviceConnect: true,
  serviceName: true,
  sidecars: true,
  slowStartSeconds: true,
  startTimeoutSeconds: true,
  stickinessSeconds: true,
  stopTimeoutSeconds: true,
  taskRolePolicyArns: true,
  taskRoleStatements: true,
  ulimits: true,
  user: true,
  volumes: true,
  waitForSteadyState: true,
  workingDirectory: true,
};

/** The settings that there aren't: the compiler sees those of a literal, but not those that are spread into it. */
export const unknownSettings = (props: Ec2ServiceProps): string[] =>
  Object.entries(props)
    .filter(([name]) => !(name in NAMES))
    .map(
      ([name, value]) =>
        `${name} must be a setting that there is; received ${shown(value)}. ${suggestion(name, Object.keys(NAMES))}`,
    );

/** A construct under a misspelt name has no JSON. */
const shown = (value: unknown): string =>
  typeof value === "object" && value !== null ? "an object" : (JSON.stringify(value) ?? "nothing");
