import type { PolicyStatement } from "../iam/task-role";
import type { Route } from "../load-balancing/listener-rule";
import type { HealthCheck } from "../load-balancing/target-group";
import type { ContainerHealthCheck, ContainerProps } from "../tasks/container";
import { suggestion } from "../validation/zod-mistakes";
import type { Ec2ServiceProps } from "./ec2-service-props";
import type { ServiceConnectSettings } from "./service-connect";
import type { ServiceScalingSettings } from "./service-scaling";

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
  targetProtocol: true,
  taskRolePolicyArns: true,
  taskRoleStatements: true,
  ulimits: true,
  user: true,
  volumes: true,
  waitForSteadyState: true,
  workingDirectory: true,
};

type Names<T> = Readonly<Record<keyof Required<T>, true>>;

const CONTAINER: Names<ContainerProps> = {
  command: true,
  containerHealthCheck: true,
  containerPort: true,
  cpu: true,
  dependsOn: true,
  entryPoint: true,
  environment: true,
  essential: true,
  gpuCount: true,
  image: true,
  initProcessEnabled: true,
  links: true,
  memoryLimitMiB: true,
  memoryReservationMiB: true,
  mountPoints: true,
  name: true,
  neuronDeviceCount: true,
  portName: true,
  privileged: true,
  readonlyRootFilesystem: true,
  secrets: true,
  startTimeoutSeconds: true,
  stopTimeoutSeconds: true,
  ulimits: true,
  user: true,
  workingDirectory: true,
};

const HEALTH_CHECK: Names<HealthCheck> = {
  healthyHttpCodes: true,
  healthyThresholdCount: true,
  intervalSeconds: true,
  path: true,
  timeoutSeconds: true,
  unhealthyThresholdCount: true,
};

const CONTAINER_HEALTH_CHECK: Names<ContainerHealthCheck> = {
  command: true,
  intervalSeconds: true,
  retries: true,
  startPeriodSeconds: true,
  timeoutSeconds: true,
};

const SCALING: Names<ServiceScalingSettings> = {
  cpuPercent: true,
  maxCapacity: true,
  memoryPercent: true,
  minCapacity: true,
  requestsPerTarget: true,
  scaleInCooldownSeconds: true,
  scaleOutCooldownSeconds: true,
};

const SERVICE_CONNECT: Names<ServiceConnectSettings> = { dnsName: true, namespace: true, port: true };

const ROUTE: Names<Route> = { hosts: true, paths: true, priority: true };

const STATEMENT: Names<PolicyStatement> = { actions: true, resources: true };

/**
 * The settings that there aren't: the compiler sees those of a literal, but not those that are spread into it or kept in
 * a constant, and what nobody reads would be left out in silence.
 */
export function unknownSettings(props: Ec2ServiceProps): string[] {
  const { healthCheck, containerHealthCheck, scaling, serviceConnect, routes = {} } = props;
  const { sidecars = [], taskRoleStatements = [] } = props;
  return [
    ...unknown(props, NAMES),
    ...sidecars.flatMap((sidecar) => unknown(sidecar, CONTAINER, `sidecars.${sidecar.name}.`)),
    ...unknown(healthCheck, HEALTH_CHECK, "healthCheck."),
    ...unknown(containerHealthCheck, CONTAINER_HEALTH_CHECK, "containerHealthCheck."),
    ...unknown(scaling, SCALING, "scaling."),
    ...unknown(serviceConnect, SERVICE_CONNECT, "serviceConnect."),
    ...Object.entries(routes).flatMap(([name, route]) => unknown(route, ROUTE, `routes.${name}.`)),
    ...taskRoleStatements.flatMap((one, index) => unknown(one, STATEMENT, `taskRoleStatements.${index}.`)),
  ];
}

const unknown = (settings: object | undefined, names: Readonly<Record<string, true>>, prefix = ""): string[] =>
  Object.entries(settings ?? {})
    .filter(([name]) => !(name in names))
    .map(
      ([name, value]) =>
        `${prefix}${name} must be a setting that there is; received ${shown(value)}. ${suggestion(name, Object.keys(names))}`,
    );

/** A construct under a misspelt name has no JSON. */
const shown = (value: unknown): string =>
  typeof value === "object" && value !== null ? "an object" : (JSON.stringify(value) ?? "nothing");
