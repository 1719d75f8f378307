import type { Answers } from "./clients";
import { runningTasks } from "./ecs";
import { block, blocks, number, type Resources, text, texts, type Values } from "./resources";

export function balancingAnswers(resources: Resources): Answers {
  const rules = resources.of("aws_lb_listener_rule");
  const listeners = resources.of("aws_lb_listener");
  const rulesOf = (listener: string) => rules.filter((rule) => text(rule, "listener_arn") === listener);
  /** The load balancers whose listeners or rules forward to a target group. */
  const balancersOf = (group: string) => {
    const used = listeners.filter((listener) =>
      [
        ...blocks(listener, "default_action"),
        ...rulesOf(text(listener, "arn")).flatMap((rule) => blocks(rule, "action")),
      ]
        .flatMap(groupsIn)
        .includes(group),
    );
    return [...new Set(used.map((listener) => text(listener, "load_balancer_arn")))];
  };
  return {
    DescribeTargetGroups: (input) => ({
      TargetGroups: resources.where("aws_lb_target_group", "arn", ...texts(input, "TargetGroupArns")).map((group) => {
        const check = block(group, "health_check");
        return {
          ...{ TargetGroupArn: group.arn, TargetGroupName: group.name, Protocol: group.protocol, Port: group.port },
          ...{ TargetType: group.target_type, LoadBalancerArns: balancersOf(text(group, "arn")), VpcId: group.vpc_id },
          ...{ HealthCheckProtocol: check.protocol, HealthCheckPort: check.port, HealthCheckPath: check.path },
          ...{ HealthCheckTimeoutSeconds: check.timeout, Matcher: { HttpCode: check.matcher } },
        };
      }),
    }),
    DescribeTargetHealth: (input) => ({
      TargetHealthDescriptions: targetsOf(text(input, "TargetGroupArn"), resources).map((Target) => ({
        ...{ Target, TargetHealth: { State: "healthy" } },
      })),
    }),
    DescribeLoadBalancers: (input) => ({
      LoadBalancers: resources.where("aws_lb", "arn", ...texts(input, "LoadBalancerArns")).map((one) => ({
        ...{ LoadBalancerArn: one.arn, LoadBalancerName: one.name, Type: one.load_balancer_type, VpcId: one.vpc_id },
        ...{ State: { Code: "active" }, Scheme: one.internal ? "internal" : "internet-facing" },
        ...{ SecurityGroups: texts(one, "security_groups") },
        AvailabilityZones: [
          ...texts(one, "subnets"),
          ...blocks(one, "subnet_mapping").map((mapping) => text(mapping, "subnet_id")),
        ].map((SubnetId) => ({ SubnetId, ZoneName: resources.zoneOf(SubnetId) })),
      })),
    }),
    DescribeListenerCertificates: (input) => {
      const [listener = {}] = listeners.filter((one) => text(one, "arn") === text(input, "ListenerArn"));
      const others = resources.where("aws_lb_listener_certificate", "listener_arn", text(listener, "arn"));
      return { Certificates: [listener, ...others].map((one) => ({ CertificateArn: one.certificate_arn })) };
    },
    DescribeTags: (input) => ({
      TagDescriptions: texts(input, "ResourceArns").map((ResourceArn) => {
        const [rule = {}] = rules.filter(({ arn }) => arn === ResourceArn);
        const tags = Object.entries((rule.tags_all ?? rule.tags ?? {}) as Values);
        return { ResourceArn, Tags: tags.map(([Key, Value]) => ({ Key, Value })) };
      }),
    }),
    DescribeListeners: (input) => ({
      Listeners: listeners
        .filter((listener) => text(listener, "load_balancer_arn") === text(input, "LoadBalancerArn"))
        .map((listener) => ({
          ...{ ListenerArn: listener.arn, LoadBalancerArn: listener.load_balancer_arn },
          ...{ Protocol: listener.protocol, Port: listener.port },
          DefaultActions: blocks(listener, "default_action").map(actionAnswer),
        })),
    }),
    DescribeRules: (input) => {
      const arn = text(input, "ListenerArn");
      const [listener = {}] = listeners.filter((one) => text(one, "arn") === arn);
      return {
        Rules: [
          ...rulesOf(arn).map((rule) => ({
            ...{ RuleArn: rule.arn, Priority: String(rule.priority), IsDefault: false },
            ...{ Conditions: blocks(rule, "condition").map(conditionAnswer) },
            Actions: blocks(rule, "action").map(actionAnswer),
          })),
          {
            ...{ RuleArn: `${arn}/default`, Priority: "default", IsDefault: true, Conditions: [] },
            Actions: blocks(listener, "default_action").map(actionAnswer),
          },
        ],
      };
    },
  };
}

/** Returns the targets of a target group. Of two that a service uses in turn, the first one has them. */
function targetsOf(group: string, resources: Resources): { readonly Id: string; readonly Port: number }[] {
  return runningTasks(resources).flatMap(({ service, machine, address, ports }) =>
    blocks(service, "load_balancer")
      .filter((one) => text(one, "target_group_arn") === group)
      .map((one) => {
        const port = number(one, "container_port");
        if (address !== undefined) return { Id: address, Port: port };
        const bound = ports.find(
          ({ container, port: own }) => container === text(one, "container_name") && own === port,
        );
        if (bound === undefined) throw new Error(`No container has the port ${port} of ${text(service, "name")}.`);
        return { Id: machine.id, Port: bound.host };
      }),
  );
}

const groupsIn = (action: Values): string[] => [
  text(action, "target_group_arn"),
  ...blocks(block(action, "forward"), "target_group").map((one) => text(one, "arn")),
];

function actionAnswer(action: Values): object {
  const [forward, redirect, fixed] = ["forward", "redirect", "fixed_response"].map((name) => block(action, name));
  return {
    ...{ Type: action.type, TargetGroupArn: action.target_group_arn || undefined },
    ForwardConfig: {
      TargetGroups: blocks(forward ?? {}, "target_group").map(({ arn, weight }) => ({
        TargetGroupArn: arn,
        Weight: weight,
      })),
    },
    RedirectConfig: { Protocol: redirect?.protocol, Port: redirect?.port, StatusCode: redirect?.status_code },
    FixedResponseConfig: { StatusCode: fixed?.status_code },
  };
}

/** The fields of conditions, by their blocks in Terraform, and the names of their values in AWS. */
const CONDITIONS: Readonly<Record<string, readonly [field: string, config: string]>> = {
  host_header: ["host-header", "HostHeaderConfig"],
  http_request_method: ["http-request-method", "HttpRequestMethodConfig"],
  path_pattern: ["path-pattern", "PathPatternConfig"],
  source_ip: ["source-ip", "SourceIpConfig"],
};

function conditionAnswer(condition: Values): object {
  const [name] = Object.keys(condition).filter((one) => blocks(condition, one).length > 0);
  const own = block(condition, name ?? "");
  if (name === "http_header") {
    const HttpHeaderConfig = { HttpHeaderName: own.http_header_name, Values: texts(own, "values") };
    return { Field: "http-header", HttpHeaderConfig };
  }
  if (name === "query_string") {
    const Values = blocks(condition, name).map(({ key, value }) => ({ Key: key, Value: value }));
    return { Field: "query-string", QueryStringConfig: { Values } };
  }
  const [field, config] = CONDITIONS[name ?? ""] ?? [];
  if (field === undefined || config === undefined) throw new Error(`Unknown condition ${name}.`);
  return { Field: field, Values: texts(own, "values"), [config]: { Values: texts(own, "values") } };
}
