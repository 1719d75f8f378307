import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { hostRules, pathRules, priorityRules, SERVICE_LIMITS } from "../services/service-rules";
import { literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { propMistakes, refuse } from "../validation/check-props";
import { conflicts, priorityOf, rulesOn } from "./listener-rules";
import { covers } from "./rule-priority";

/** Which requests a service takes: those with one of the paths and one of the hosts. At least one of them is given. */
export interface Route {
  /** Path patterns: `/api/users*`. Up to 5 values, and 5 wildcards, with the hosts. @default - any path */
  readonly paths?: readonly string[];
  /** Host patterns: `api.example.com`, `*.example.com`. @default - any host */
  readonly hosts?: readonly string[];
  /** 1 to 50000; the lower is asked first. @default - follows from the conditions: the more specific first */
  readonly priority?: number;
}

/** A route to a target group. */
export interface ListenerRuleProps extends Route {
  readonly cluster: EcsClusterTarget;
  /** The service's name. */
  readonly name: string;
  readonly targetGroupArn: string;
  /** What the route is called in the caller's code, for messages. @default "route" */
  readonly setting?: string;
}

/** Every way in which a route breaks a rule by itself. */
export function routeMistakes(route: Route, setting: string): string[] {
  const { paths = [], hosts = [], priority } = route;
  const at = setting === "" ? "" : `${setting}.`;
  const mistakes = propMistakes({
    [`${at}paths`]: [route.paths, pathRules],
    [`${at}hosts`]: [route.hosts, hostRules],
    [`${at}priority`]: [priority, priorityRules],
  });
  const values = [...paths, ...hosts];
  const name = setting || "paths and hosts";
  if (route.paths === undefined && route.hosts === undefined) {
    mistakes.push(`${name} must have paths or hosts; received none. Give it one, such as paths: ["/api/users*"].`);
  }
  if (values.length > SERVICE_LIMITS.conditionValues) {
    mistakes.push(
      `${name} must have at most ${SERVICE_LIMITS.conditionValues} paths and hosts together; received ${values.length}. Make two rules of it with routes.`,
    );
  }
  const wildcards = values.join("").replace(/[^*?]/g, "").length;
  if (wildcards > SERVICE_LIMITS.wildcards) {
    mistakes.push(
      `${name} must have at most ${SERVICE_LIMITS.wildcards} wildcards; received ${wildcards} in ${values.join(", ")}. Make two rules of it with routes.`,
    );
  }
  for (const [list, patterns] of [
    ["paths", paths],
    ["hosts", hosts],
  ] as const) {
    for (const pattern of patterns) {
      const by = patterns.find((other) => other !== pattern && covers(other, pattern));
      if (by !== undefined) {
        mistakes.push(
          `${at}${list} must not repeat themselves; received ${JSON.stringify(pattern)}, which ${JSON.stringify(by)} matches already. Remove it.`,
        );
      }
    }
  }
  return mistakes;
}

/** A rule on the cluster's listener that forwards to one service. */
export class ListenerRule extends Construct {
  readonly priority: number;
  /** The rule itself, which the service waits for: a target group that no rule names has no load balancer yet. */
  readonly rule: ITerraformDependable;

  /** @throws {SettingsError} with every mistake at once */
  constructor(scope: Construct, id: string, props: ListenerRuleProps) {
    super(scope, id);
    const { cluster, name, targetGroupArn, paths, hosts, setting = "route" } = props;
    const listener = cluster.loadBalancer;
    if (!listener) {
      throw new Error(`${this.node.path}: the cluster has no load balancer. Give it one, or leave the route out.`);
    }
    refuse(this, routeMistakes(props, setting === "route" ? "" : setting));
    this.priority = priorityOf(props, props.priority);
    const placed = { name: this.node.path, paths, hosts, priority: this.priority };
    const others = rulesOn(listener);
    refuse(this, conflicts(setting, placed, others));
    others.push(placed);

    const values = (patterns: readonly string[]) => patterns.map((pattern) => literal(pattern));
    this.rule = new LbListenerRule(this, "resource", {
      listenerArn: listener.listenerArn,
      priority: this.priority,
      condition: [
        ...(hosts ? [{ hostHeader: { values: values(hosts) } }] : []),
        ...(paths ? [{ pathPattern: { values: values(paths) } }] : []),
      ],
      action: [{ type: "forward", targetGroupArn: literal(targetGroupArn) }],
      tags: purposeTags(`${cluster.cluster.clusterName}-${name}`, `Sends requests to ${name}`),
      // Another priority is another rule: the new one first, so that no request falls between them.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
