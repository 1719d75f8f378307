import {
  type Action,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer,
  paginateDescribeListeners,
  paginateDescribeRules,
  type Rule,
  type RuleCondition,
  type TargetGroup,
  type TargetGroupTuple,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerFacts, ListenerRuleFacts, RuleAction, TargetGroupFacts } from "../facts";
import { allPages, inBatches } from "./paging";

/** The most ARNs that a call accepts. */
const ARNS = 20;
/** How many calls run at the same time. AWS throttles a hundred parallel calls. */
const AT_ONCE = 10;

export async function readTargetGroups(
  client: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<TargetGroupFacts[]> {
  const groups = await inBatches(arns, ARNS, async (TargetGroupArns) => {
    const read = async (some: string[]) =>
      (await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: some }))).TargetGroups ?? [];
    try {
      return await read(TargetGroupArns);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // One deleted target group fails the whole call, so this reads each one alone. The check reports the missing one.
      return inBatches(TargetGroupArns, 1, (one) =>
        read(one).catch((each) => (isNotFound(each) ? [] : Promise.reject(each))),
      );
    }
  });
  return inBatches(groups, AT_ONCE, (some) => Promise.all(some.map((group) => targetGroupFacts(client, group))));
}

export function readBalancers(client: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<LoadBalancer[]> {
  return inBatches(arns, ARNS, async (LoadBalancerArns) => {
    const answer = await client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns }));
    return answer.LoadBalancers;
  });
}

/** Reads the listeners of load balancers, with the target groups of their rules. */
export async function readListeners(
  client: ElasticLoadBalancingV2Client,
  balancerArns: readonly string[],
): Promise<ListenerFacts[]> {
  const listeners = await inBatches(balancerArns, 1, ([LoadBalancerArn]) =>
    allPages(paginateDescribeListeners({ client }, { LoadBalancerArn }), ({ Listeners }) => Listeners),
  );
  return inBatches(listeners, AT_ONCE, (some) =>
    Promise.all(
      some.map(async ({ ListenerArn = "", LoadBalancerArn = "", Protocol = "", Port = 0, DefaultActions = [] }) => {
        // Listeners of Network Load Balancers have no rules.
        const rules = /^HTTP/.test(Protocol)
          ? await allPages(paginateDescribeRules({ client }, { ListenerArn }), ({ Rules }) => Rules)
          : [];
        const actions = [...DefaultActions, ...rules.flatMap(({ Actions = [] }) => Actions)];
        const withDefault = [
          ...rules.filter(({ IsDefault }) => !IsDefault).map(ruleFacts),
          { arn: ListenerArn, conditions: {}, isComparable: true, action: actionFacts(DefaultActions) },
        ];
        return {
          ...{ arn: ListenerArn, balancerArn: LoadBalancerArn, protocol: Protocol, port: Port },
          isRedirect: DefaultActions.some(({ Type }) => Type === "redirect"),
          targetGroupArns: [...new Set(actions.flatMap(groupsOf))].sort(),
          rules: withDefault,
        };
      }),
    ),
  );
}

/** Reads the tags `Name` of resources of load balancers, by ARN. */
export async function readNames(
  client: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<Record<string, string>> {
  const descriptions = await inBatches(arns, ARNS, async (ResourceArns) => {
    const { TagDescriptions } = await client.send(new DescribeTagsCommand({ ResourceArns }));
    return TagDescriptions;
  });
  const names = descriptions.flatMap(({ ResourceArn = "", Tags = [] }) =>
    Tags.filter(({ Key }) => Key === "Name").map(({ Value = "" }) => [ResourceArn, Value] as const),
  );
  return Object.fromEntries(names);
}

function ruleFacts({ RuleArn = "", Priority, Conditions = [], Actions = [] }: Rule): ListenerRuleFacts {
  const conditions = Conditions.flatMap(conditionFacts);
  const names = conditions.map(([name]) => name);
  return {
    arn: RuleArn,
    priority: Number(Priority),
    conditions: Object.fromEntries(conditions),
    // Two conditions of one name must both match, and their values are in different conditions.
    isComparable: !Conditions.some(isRegex) && new Set(names).size === names.length,
    action: actionFacts(Actions),
  };
}

const isRegex = ({ RegexValues, PathPatternConfig, HostHeaderConfig, HttpHeaderConfig }: RuleCondition): boolean =>
  [RegexValues, PathPatternConfig?.RegexValues, HostHeaderConfig?.RegexValues, HttpHeaderConfig?.RegexValues].some(
    (values) => (values ?? []).length > 0,
  );

/** Returns the name and the values of a condition. Hosts, headers and query strings have no upper case. */
function conditionFacts(condition: RuleCondition): [string, readonly string[]][] {
  const { Values = [], HttpHeaderConfig: header, QueryStringConfig: query } = condition;
  const lower = (values: readonly string[]) => values.map((value) => value.toLowerCase());
  const facts: Readonly<Record<string, () => [string, readonly string[]]>> = {
    "host-header": () => ["hosts", lower(condition.HostHeaderConfig?.Values ?? Values)],
    "path-pattern": () => ["paths", condition.PathPatternConfig?.Values ?? Values],
    "http-header": () => [`headers.${header?.HttpHeaderName?.toLowerCase()}`, lower(header?.Values ?? [])],
    "http-request-method": () => ["methods", condition.HttpRequestMethodConfig?.Values ?? []],
    "query-string": () => [
      "queryStrings",
      lower((query?.Values ?? []).map(({ Key = "", Value = "" }) => `${Key}=${Value}`)),
    ],
    "source-ip": () => ["sourceIps", condition.SourceIpConfig?.Values ?? []],
  };
  const own = facts[condition.Field ?? ""]?.();
  return own ? [own] : [];
}

/** Returns the last action. Others before it, such as a login, let requests through. */
function actionFacts(actions: readonly Action[]): RuleAction {
  const last = actions.at(-1);
  const {
    Type: type = "",
    RedirectConfig: redirect,
    FixedResponseConfig: response,
    TargetGroupArn,
    ForwardConfig,
  } = last ?? {};
  const weighted = ForwardConfig?.TargetGroups ?? [];
  const groups = weighted.length === 0 && TargetGroupArn ? [{ TargetGroupArn }] : weighted;
  const { Protocol = "#{protocol}", Host = "#{host}", Port = "#{port}", Path = "/#{path}" } = redirect ?? {};
  return {
    type,
    detail: response ? (response.StatusCode ?? "") : redirect ? `${Protocol}://${Host}:${Port}${Path}` : "",
    targetGroups: groups.map(({ TargetGroupArn: arn = "", Weight = 1 }: TargetGroupTuple) => ({ arn, weight: Weight })),
  };
}

/** Returns what a load balancer checks: `HTTP port 8080 /health, expects 200 within 5 s`, `TCP, expects a connection within 10 s`. */
export function healthCheckOf(group: TargetGroup, port: number | undefined): string {
  const {
    HealthCheckProtocol: protocol = "HTTP",
    HealthCheckPath: path,
    HealthCheckTimeoutSeconds: timeout = 5,
  } = group;
  const what = [protocol, ...(port === undefined ? [] : [`port ${port}`]), ...(path === undefined ? [] : [path])];
  const { HttpCode: http, GrpcCode: grpc } = group.Matcher ?? {};
  const expected = protocol === "TCP" ? "a connection" : grpc === undefined ? (http ?? "200") : `the gRPC code ${grpc}`;
  return `${what.join(" ")}, expects ${expected} within ${timeout} s`;
}

const groupsOf = ({ TargetGroupArn, ForwardConfig }: Action): string[] =>
  [TargetGroupArn, ...(ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn)].filter(
    (arn) => arn !== undefined,
  );

const isNotFound = (error: unknown): boolean => /^TargetGroupNotFound/.test((error as Error).name);

async function targetGroupFacts(client: ElasticLoadBalancingV2Client, group: TargetGroup): Promise<TargetGroupFacts> {
  const { TargetGroupArn = "", TargetGroupName = "", LoadBalancerArns = [] } = group;
  const answer = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  const own = Number(group.HealthCheckPort);
  const port = Number.isInteger(own) && own > 0 ? own : undefined;
  return {
    arn: TargetGroupArn,
    name: TargetGroupName,
    balancerArns: LoadBalancerArns,
    protocol: group.Protocol,
    healthCheckProtocol: group.HealthCheckProtocol,
    healthCheckPort: port,
    healthCheck: healthCheckOf(group, port),
    targets: (answer.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => ({
      id: Target?.Id ?? "",
      port: Target?.Port ?? 0,
      state: TargetHealth?.State ?? "",
      reason: TargetHealth?.Reason ?? "",
      description: TargetHealth?.Description ?? "",
    })),
  };
}
