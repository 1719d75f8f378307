import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import type { Route } from "../load-balancing/listener-rule";
import type { TargetGroupSettings } from "../load-balancing/target-group";
import type { ContainerProps, ContainerSettings } from "../tasks/container";
import type { ServiceImageSettings } from "../tasks/service-image";
import type { TaskSettings } from "../tasks/task-definition";
import type { CapacityProviderStrategy, PlacementConstraint, PlacementStrategy } from "./placement";
import type { ServiceConnectSettings } from "./service-connect";
import type { ServiceScalingSettings } from "./service-scaling";

/** One service: what it runs, which requests it gets, how it is deployed. */
export interface Ec2ServiceProps
  extends ContainerSettings,
    TaskSettings,
    TargetGroupSettings,
    ServiceImageSettings,
    Omit<Route, "priority"> {
  /** The cluster that it runs on: the stack of the cluster itself, or an `EcsClusterLookup` in a stack of its own. */
  readonly cluster: EcsClusterTarget;
  /** Lower-case letters, digits and hyphens; with the cluster's name at most 32 characters. @default - the construct's id */
  readonly serviceName?: string;
  /** The priority of the rule of `paths` and `hosts`, 1 to 50000. @default - follows from them: the more specific first */
  readonly priority?: number;
  /** Further rules, by a name that their address ends in. @default - none */
  readonly routes?: Readonly<Record<string, Route>>;
  /** Further containers of each task. @default - none */
  readonly sidecars?: readonly ContainerProps[];
  /** How many tasks run; with scaling only at first. @default 1; with scaling its minCapacity */
  readonly desiredCount?: number;
  /** Let the number of tasks follow the load. @default - it stays at desiredCount */
  readonly scaling?: ServiceScalingSettings;
  /** One task on each instance. @default false */
  readonly daemon?: boolean;
  /** Percent of the tasks that a deployment leaves running, 0 to 100. @default 50; 0 for a daemon */
  readonly minimumHealthyPercent?: number;
  /** Percent of the tasks that a deployment may have running, 100 to 200. @default 200; 100 for a daemon */
  readonly maximumPercent?: number;
  /** Stop a deployment whose tasks don't become healthy. @default true */
  readonly circuitBreaker?: boolean;
  /** Go back to the last deployment that worked when the circuit breaker stops one. @default true */
  readonly rollback?: boolean;
  /** Seconds after its start in which a task's failed health checks don't count. @default 60 with a route */
  readonly healthCheckGracePeriodSeconds?: number;
  /** At most 5, in order. @default - spread over zones, then pack by memory */
  readonly placementStrategies?: readonly PlacementStrategy[];
  /** At most 10. @default - none */
  readonly placementConstraints?: readonly PlacementConstraint[];
  /** Shares of capacity providers. With volumes of EFS none whose instances are Bottlerocket, which can't mount them. @default - the cluster's own strategy, of which those are left out */
  readonly capacityProviderStrategies?: readonly CapacityProviderStrategy[];
  /** Take part in Service Connect. @default - no */
  readonly serviceConnect?: ServiceConnectSettings;
  /** Let `apply` wait until the deployment is done, and fail when it was rolled back. @default false: apply ends while it goes on */
  readonly waitForSteadyState?: boolean;
}

/** What a service gets where its settings say nothing. https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecs.Ec2Service.html */
export const SERVICE_DEFAULTS = {
  desiredCount: 1,
  minimumHealthyPercent: 50,
  maximumPercent: 200,
  healthCheckGracePeriodSeconds: 60,
  placementStrategies: [
    { type: "spread", field: "attribute:ecs.availability-zone" },
    { type: "binpack", field: "memory" },
  ],
} as const satisfies Partial<Ec2ServiceProps>;

/** A service's rules by the names of their settings; the one of `paths` and `hosts` has none. */
export function routesOf({ paths, hosts, priority, routes = {} }: Ec2ServiceProps): [name: string, route: Route][] {
  const own = paths === undefined && hosts === undefined ? [] : [["", { paths, hosts, priority }] as [string, Route]];
  return [...own, ...Object.entries(routes)];
}
