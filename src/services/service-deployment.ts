import type { EcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service";
import { type RoleReference, roleReferenceField } from "../iam/role";
import { type Route, routeSchema } from "../load-balancing/listener-rule";
import { listenerOf } from "../load-balancing/route-listener";
import { CHECKS } from "../load-balancing/rule-actions";
import type { TargetGroupSettings } from "../load-balancing/target-group";
import type { NetworkMode } from "../tasks/port-mapping";
import { hcl, literal } from "../terraform/expression";
import type { Problem } from "../validation/problem";
import { length, matches, wholeNumber } from "../validation/rule";
import {
  boolean,
  choice,
  list,
  map,
  number,
  type Parsed,
  plain,
  schemaOf,
  string,
  withDefaults,
} from "../validation/schema";
import type { Finding, Findings, Given, Known, Limit } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isToken } from "../validation/token";
import { type TargetSettings, targetOf } from "./route-targets";
import { hasRoute, type Routed, routesOf } from "./service-routes";

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html */
const STRATEGIES = ["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"] as const;

/** The stages that can have a hook. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html */
const STAGES = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
] as const;

/**
 * The steps of a linear deployment.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
 */
export interface LinearConfiguration {
  /** The percentage of the requests that each step moves to the new revision: 3 to 100, with at most one decimal. @default 10 */
  readonly stepPercent?: number;
  /** Minutes from one step to the next. @default 6 */
  readonly stepBakeTimeMinutes?: number;
}

/**
 * The first step of a canary deployment. The second step moves all other requests.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html
 */
export interface CanaryConfiguration {
  /** The percentage of the requests that the new revision gets first: 0.1 to 100, with at most one decimal. @default 5 */
  readonly canaryPercent?: number;
  /** Minutes from the first step to the second. @default 10 */
  readonly canaryBakeTimeMinutes?: number;
}

/**
 * A Lambda function that ECS calls at stages of a deployment. It returns `{ "hookStatus": "SUCCEEDED" }`, `FAILED` to roll back, or
 * `IN_PROGRESS` to be called again.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
export interface DeploymentLifecycleHook {
  /** The ARN of the Lambda function, of one of its versions or of an alias. */
  readonly hookTargetArn: string;
  /** The stages. */
  readonly lifecycleStages: readonly (typeof STAGES)[number][];
  /** What the function gets with each call, as `hookDetails`. @default - nothing */
  readonly hookDetails?: Readonly<Record<string, string>>;
  /** A role that exists, with which ECS calls the function. @default - a role that can call the functions of the service's hooks */
  readonly role?: string | RoleReference;
}

/**
 * CloudWatch alarms that fail a deployment.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export interface DeploymentAlarms {
  /** The names or ARNs of the alarms. */
  readonly alarmNames: readonly string[];
  /**
   * Fail a deployment while one of the alarms is in the state ALARM. Terraform keeps alarms that you remove: to undo them, set
   * `false`.
   * @default true
   */
  readonly enable?: boolean;
  /** Roll back to the last completed deployment when an alarm fails one. @default true */
  readonly rollback?: boolean;
}

/** The requests that test a new revision. The load balancer only forwards them: it cannot authenticate users first. */
export interface TestRoute extends Omit<Route, (typeof CHECKS)[number]> {}

/** How ECS replaces the tasks of a service with those of a new revision. */
export interface DeploymentSettings {
  /**
   * The strategy. `ROLLING` replaces tasks in batches. The other strategies start all tasks of the new revision beside the old ones, in a
   * second target group, and move the requests: at once (`BLUE_GREEN`), in equal steps (`LINEAR`) or in two steps (`CANARY`).
   * @default "ROLLING"
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service-options.html
   */
  readonly strategy?: (typeof STRATEGIES)[number];
  /**
   * Minutes that the old revision runs after the new one gets all requests. Until then, a rollback takes seconds.
   * @default 5
   */
  readonly bakeTimeMinutes?: number;
  /** The steps of the strategy `LINEAR`. @default - 10 percent every 6 minutes */
  readonly linearConfiguration?: LinearConfiguration;
  /** The first step of the strategy `CANARY`. @default - 5 percent for 10 minutes */
  readonly canaryConfiguration?: CanaryConfiguration;
  /**
   * The requests that reach the new revision before the others, such as those with a header, or those to another listener of the
   * same load balancer. Until the first deployment, they reach the running revision.
   * @default - none
   */
  readonly testRoute?: TestRoute;
  /** Lambda functions that ECS calls at stages of a deployment, at most 10. @default - none */
  readonly lifecycleHooks?: readonly DeploymentLifecycleHook[];
  /** CloudWatch alarms that fail a deployment, with any strategy. @default - none */
  readonly alarms?: DeploymentAlarms;
  /**
   * A role that exists, with which ECS changes the listener rules and registers targets.
   * @default - a role with the policy `AmazonECSInfrastructureRolePolicyForLoadBalancers`
   */
  readonly infrastructureRole?: string | RoleReference;
  /**
   * Use a strategy in a network mode other than awsvpc, with targets of the type `instance`. AWS documents only the type `ip`. That it works
   * is not confirmed by AWS.
   * @default false
   */
  readonly allowInstanceTargets?: boolean;
}

/** The deployments of a service. */
export interface ServiceDeployment {
  /** The strategy of deployments, and what stops one. @default - rolling deployments */
  readonly deployment?: DeploymentSettings;
  /**
   * Values by name. When a value changes, Terraform starts a deployment, even when nothing else of the service changes. If you remove all
   * values, Terraform keeps the last ones and starts no deployment.
   * @default - none
   */
  readonly triggers?: Readonly<Record<string, string>>;
  /** Roll a deployment back when you interrupt `apply` with Ctrl-C. It needs `waitForSteadyState`. @default - false */
  readonly sigintRollback?: boolean;
}

const minutes = (example: string) => plain(number(wholeNumber(0, 1440, "minutes", `For example ${example}.`)));

/** A percentage with at most one decimal. */
const percent = (least: number): Limit<number> => ({
  must: `be a number from ${least} to 100 (percent) with at most one decimal`,
  fix: "For example 20.",
  check: (value) => value >= least && value <= 100 && Math.abs(value * 10 - Math.round(value * 10)) < 1e-6,
});

const someOf = (what: string, most: number): Limit<readonly unknown[]> => ({
  must: `have 1 to ${most} ${what}`,
  fix: "Add one, or remove some.",
  check: ({ length: count }) => count >= 1 && count <= most,
  offending: { of: ({ length: count }) => count },
});

const functionArn = matches(
  "^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9$_-]{1,128})?$",
  "be the ARN of a Lambda function",
  "Find it: aws lambda get-function --function-name NAME --query Configuration.FunctionArn",
);
const alarmName = length(1, 400, "Use the name or the ARN of a CloudWatch alarm.");

const { authenticateOidc: _, authenticateCognito: __, jwtValidation: ___, ...testRouteFields } = routeSchema.shape;
const testRouteSchema = schemaOf<TestRoute>()(testRouteFields, ...routeSchema.rules);

const deploymentSchema = schemaOf<DeploymentSettings>()({
  strategy: plain(choice(...STRATEGIES)).default("ROLLING"),
  bakeTimeMinutes: minutes("5").default(5),
  linearConfiguration: withDefaults(
    schemaOf<LinearConfiguration>()({
      stepPercent: plain(number(percent(3))).default(10),
      stepBakeTimeMinutes: minutes("6").default(6),
    }),
  ),
  canaryConfiguration: withDefaults(
    schemaOf<CanaryConfiguration>()({
      canaryPercent: plain(number(percent(0.1))).default(5),
      canaryBakeTimeMinutes: minutes("10").default(10),
    }),
  ),
  testRoute: testRouteSchema.optional(),
  lifecycleHooks: plain(
    list(
      schemaOf<DeploymentLifecycleHook>()({
        hookTargetArn: string(functionArn),
        lifecycleStages: plain(list(choice(...STAGES), someOf("stages", STAGES.length))),
        hookDetails: map(string()).optional(),
        role: roleReferenceField.optional(),
      }),
      someOf("hooks", 10),
    ),
  ).optional(),
  alarms: schemaOf<DeploymentAlarms>()({
    alarmNames: list(string(alarmName), someOf("alarms", 100)),
    enable: boolean().default(true),
    rollback: boolean().default(true),
  }).optional(),
  infrastructureRole: roleReferenceField.optional(),
  allowInstanceTargets: plain(boolean()).default(false),
});

export const serviceDeploymentSchema = schemaOf<ServiceDeployment>()({
  deployment: deploymentSchema.default({}),
  triggers: map(string()).optional(),
  sigintRollback: boolean().optional(),
});

type Deployment = Parsed<typeof serviceDeploymentSchema>;

/** What the rules of deployments compare. */
interface Deployed extends ServiceDeployment, Routed {
  readonly daemon?: boolean;
  readonly networkMode?: NetworkMode;
  readonly serviceConnect?: { readonly services?: readonly object[] };
  readonly waitForSteadyState?: boolean;
  readonly steadyStateTimeoutMinutes?: number;
}

const ONLY_WITH: Readonly<Partial<Record<keyof DeploymentSettings, readonly string[]>>> = {
  bakeTimeMinutes: STRATEGIES.slice(1),
  testRoute: STRATEGIES.slice(1),
  lifecycleHooks: STRATEGIES.slice(1),
  infrastructureRole: STRATEGIES.slice(1),
  allowInstanceTargets: STRATEGIES.slice(1),
  linearConfiguration: ["LINEAR"],
  canaryConfiguration: ["CANARY"],
};

/** The settings of a deployment among each other, and with the other settings of the service. */
export function* deploymentRules(settings: Known<Deployed>, given: Given<Deployed>): Findings<Deployed> {
  const { strategy } = settings.deployment ?? {};
  const at = (name: keyof DeploymentSettings): Finding<Deployed>["at"] => ["deployment", name];
  if (given("sigintRollback") && settings.sigintRollback && settings.waitForSteadyState === false) {
    const fix = "Remove one of the two. Without waiting, apply ends before you can interrupt it.";
    yield { at: "sigintRollback", must: "be false without waitForSteadyState", fix };
  }
  if (strategy === undefined) return;
  for (const [name, strategies] of Object.entries(ONLY_WITH)) {
    if (!given("deployment", name) || strategies.includes(strategy)) continue;
    const must = `not be set with the strategy ${strategy}`;
    yield { at: at(name as keyof DeploymentSettings), must, fix: `Remove it, or use ${listed(strategies)}.` };
  }
  const services = (settings.serviceConnect?.services ?? []).map((_, index) => ["services", index]);
  for (const endpoint of strategy === "ROLLING" ? [[], ...services] : []) {
    if (!given("serviceConnect", ...endpoint, "testTrafficHeader")) continue;
    const fix = `Remove it, or use ${listed(STRATEGIES.slice(1))}.`;
    yield {
      at: ["serviceConnect", ...endpoint, "testTrafficHeader"],
      must: "not be set with the strategy ROLLING",
      fix,
    };
  }
  if (strategy === "ROLLING") return;
  if (settings.daemon) {
    const fix = "Remove it. ECS replaces the tasks of a daemon one instance at a time.";
    yield { at: at("strategy"), must: "be ROLLING with daemon", fix };
  }
  const isRouted = hasRoute(settings, given);
  if (isRouted === false && !given("serviceConnect")) {
    const fix = "Set paths, hosts, routes or serviceConnect. Without them, ECS has no requests to move.";
    yield { at: at("strategy"), must: "be ROLLING for a service without a route and without serviceConnect", fix };
  }
  if (isRouted === false && given("deployment", "testRoute")) {
    const fix = "Set paths, hosts or routes, or remove it.";
    yield { at: at("testRoute"), must: "not be set for a service without a route", fix };
  }
  for (const name of CHECKS) {
    const must = `not be set with the strategy ${strategy}, because ECS only moves requests of rules that forward them and do nothing else`;
    const fix = "Use the strategy ROLLING, or authenticate in the container.";
    if (given(name)) yield { at: name, must, fix };
    for (const route of Object.keys(settings.routes ?? {})) {
      if (given("routes", route, name)) yield { at: ["routes", route, name], must, fix };
    }
  }
  const { steadyStateTimeoutMinutes: timeout, deployment } = settings;
  const { bakeTimeMinutes, linearConfiguration: linear, canaryConfiguration: canary } = deployment ?? {};
  const isKnown = ![
    bakeTimeMinutes,
    linear?.stepPercent,
    linear?.stepBakeTimeMinutes,
    canary?.canaryBakeTimeMinutes,
  ].includes(undefined);
  const least = isKnown ? shiftMinutes(deployment as Deployment["deployment"]) : 0;
  if (timeout !== undefined && timeout <= least) {
    const fix = "Raise it, or lower the minutes of deployment. The start of the tasks adds to them.";
    yield { at: "steadyStateTimeoutMinutes", must: `be above ${least}, the minutes of the strategy ${strategy}`, fix };
  }
}

const listed = (names: readonly string[]): string =>
  names.length > 1 ? `${names.slice(0, -1).join(", ")} or ${names.at(-1)}` : `${names[0]}`;

/** AWS documents targets of the type `ip`. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html */
export function* targetTypeOfStrategy(settings: Known<Deployed>, given: Given<Deployed>): Findings<Deployed> {
  const { networkMode, deployment } = settings;
  // With a task definition, the rule runs again with its settings.
  if (given("taskDefinition") || networkMode === undefined || networkMode === "awsvpc") return;
  if (!deployment?.strategy || deployment.strategy === "ROLLING" || deployment.allowInstanceTargets !== false) return;
  if (hasRoute(settings, given) !== true) return;
  yield {
    at: ["deployment", "strategy"],
    must: `be ROLLING with networkMode ${networkMode}, because AWS documents the other strategies only for targets of the type ip`,
    fix: 'Set networkMode to "awsvpc", or deployment.allowInstanceTargets to true. AWS does not confirm that it works.',
  };
}

/** Returns whether ECS moves requests from the tasks of one revision to those of another one. */
export const isShifted = ({ deployment }: Pick<Deployment, "deployment">): boolean => deployment.strategy !== "ROLLING";

/** Returns the problems of the routes of a service with a strategy, which only its targets show. */
export function shiftProblems(
  settings: TargetSettings & TargetGroupSettings & Pick<Deployment, "deployment">,
): Problem[] {
  const { testRoute } = settings.deployment;
  const routes = routesOf(settings);
  const [first] = routes;
  if (!isShifted(settings) || !first) return [];
  const owners = new Map<string, string>();
  const tokens = routes.flatMap(({ setting, route: { targetProtocol } }) => [
    ...(isToken(targetProtocol) ? [{ path: `${setting}.targetProtocol`, received: show(targetProtocol) }] : []),
  ]);
  const own = { path: "targetProtocol", received: show(settings.targetProtocol) };
  const problems = [
    ...[...(isToken(settings.targetProtocol) ? [own] : []), ...tokens].map((one) => ({
      ...one,
      rule: "must be known when the code runs with a deployment strategy",
      fix: "Write the value itself instead of a token. The priority of the rule follows from it.",
    })),
    ...routes.flatMap(({ setting, route }): Problem[] => {
      const { key } = targetOf(settings, route);
      const owner = owners.get(key);
      owners.set(key, setting ?? "the service");
      const rule = `must have another target than ${owner}, because ECS moves the requests of one rule of each target group`;
      const fix = "Combine the conditions in one route, or use the strategy ROLLING.";
      return owner === undefined ? [] : [{ path: setting ?? "paths", rule, received: show(key), fix }];
    }),
  ];
  if (testRoute === undefined) return problems;
  const balancer = listenerOf(settings.cluster, first.route.loadBalancer)?.name;
  const ofTest = listenerOf(settings.cluster, testRoute.loadBalancer ?? first.route.loadBalancer);
  if (ofTest !== undefined && ofTest.name === balancer) return problems;
  return [
    ...problems,
    {
      path: "deployment.testRoute.loadBalancer",
      rule: "must be the load balancer of the service's first route, because a target group has one load balancer",
      received: show(ofTest?.name),
      fix: "Remove it, or use another listener of the same load balancer.",
    },
  ];
}

/** Returns the route for requests that test a new revision. It has the load balancer of the first route by default. */
export const testRouteOf = (
  settings: Parameters<typeof routesOf>[0] & Pick<Deployment, "deployment">,
): TestRoute | undefined => {
  const { testRoute } = settings.deployment;
  const [first] = routesOf(settings);
  return testRoute && first && { ...testRoute, loadBalancer: testRoute.loadBalancer ?? first.route.loadBalancer };
};

/**
 * Returns how much lower the priority of a rule is whose requests ECS moves. The rule without a strategy has the priority that
 * follows from the conditions. While one replaces the other, both exist, and requests must reach the one with the strategy.
 * Whatever replaces the target groups gives another number, because a rule and its replacement exist at the same time.
 */
export const priorityOffset = (
  { targetProtocol = "HTTP", protocolVersion = "HTTP1" }: TargetGroupSettings,
  targetType: "instance" | "ip",
): number =>
  1 +
  ["HTTP", "HTTPS"].indexOf(targetProtocol) +
  2 * ["HTTP1", "HTTP2", "GRPC"].indexOf(protocolVersion) +
  6 * ["ip", "instance"].indexOf(targetType);

/** Returns the minutes in which ECS moves the requests and then keeps the old tasks. */
function shiftMinutes({
  strategy,
  bakeTimeMinutes,
  linearConfiguration,
  canaryConfiguration,
}: Deployment["deployment"]) {
  if (strategy === "ROLLING") return 0;
  const { stepPercent, stepBakeTimeMinutes } = linearConfiguration;
  // There is no pause after the last step.
  if (strategy === "LINEAR") return bakeTimeMinutes + (Math.ceil(100 / stepPercent) - 1) * stepBakeTimeMinutes;
  return bakeTimeMinutes + (strategy === "CANARY" ? canaryConfiguration.canaryBakeTimeMinutes : 0);
}

/** How long the AWS provider waits by default. */
const WAIT_MINUTES = 20;

/** Returns how long `apply` waits: as long as the strategy takes, and as long as the AWS provider waits by default. */
export const waitMinutes = ({ deployment }: Pick<Deployment, "deployment">): number | undefined =>
  isShifted({ deployment }) ? WAIT_MINUTES + shiftMinutes(deployment) : undefined;

/** Returns the functions that need the role of the service's hooks. */
export const invokedFunctions = ({ deployment }: Pick<Deployment, "deployment">): string[] =>
  (deployment.lifecycleHooks ?? []).flatMap(({ hookTargetArn, role }) => (role === undefined ? [hookTargetArn] : []));

/** Returns how ECS deploys, as arguments of `aws_ecs_service`. @param hookRole the role of the hooks without one of their own */
export function deploymentOf(
  { deployment, triggers, sigintRollback, daemon }: Deployment & { readonly daemon: boolean },
  hookRole: string | undefined,
  ownTriggers: Readonly<Record<string, string>>,
): Pick<EcsServiceConfig, "deploymentConfiguration" | "alarms" | "triggers" | "sigintRollback"> {
  const { strategy, bakeTimeMinutes, lifecycleHooks, alarms } = deployment;
  const { stepPercent, stepBakeTimeMinutes } = deployment.linearConfiguration;
  const { canaryPercent, canaryBakeTimeMinutes } = deployment.canaryConfiguration;
  const all = { ...ownTriggers, ...literals(triggers) };
  return {
    // Always set, because the AWS provider keeps an omitted strategy.
    deploymentConfiguration: daemon
      ? undefined
      : {
          strategy,
          bakeTimeInMinutes: strategy === "ROLLING" ? undefined : `${bakeTimeMinutes}`,
          linearConfiguration:
            strategy === "LINEAR" ? { stepPercent, stepBakeTimeInMinutes: `${stepBakeTimeMinutes}` } : undefined,
          canaryConfiguration:
            strategy === "CANARY" ? { canaryPercent, canaryBakeTimeInMinutes: `${canaryBakeTimeMinutes}` } : undefined,
          lifecycleHook: lifecycleHooks?.map(({ hookTargetArn, lifecycleStages, hookDetails, role }) => ({
            hookTargetArn,
            lifecycleStages: [...lifecycleStages],
            hookDetails: hookDetails && hcl`jsonencode(${hookDetails})`.string,
            roleArn: (role ?? hookRole) as string,
          })),
        },
    alarms: alarms && {
      alarmNames: isToken(alarms.alarmNames)
        ? hcl`[for alarm in ${alarms.alarmNames} : reverse(split(":alarm:", alarm))[0]]`.list
        : alarms.alarmNames.map(nameOfAlarm),
      enable: alarms.enable,
      rollback: alarms.rollback,
    },
    triggers: Object.keys(all).length > 0 ? all : undefined,
    sigintRollback,
  };
}

/** Returns the name of an alarm that is given by its name or its ARN. */
const nameOfAlarm = (alarm: string): string =>
  isToken(alarm)
    ? hcl`reverse(split(":alarm:", ${alarm}))[0]`.string
    : literal(alarm.replace(/^arn:aws[a-z-]*:cloudwatch:.*?:alarm:/, ""));

const literals = (texts: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(texts).map(([name, value]) => [literal(name), literal(value)]));
