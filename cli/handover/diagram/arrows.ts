import type { Configuration, Element } from "../configuration";
import type { End, OpenPort } from "../ports";
import type { References } from "../references";

/** An arrow: a connection that is let through, or that one thing uses another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly kind: "connects" | "uses";
  readonly label: string;
}

/** The elements that have a box, with its id. */
type Shown = ReadonlyMap<Element, { readonly id: string }>;

/** The id of the box for an end that is no part of the stack; both kinds of addresses are one place. */
export const outsideId = (end: End): string =>
  `outside:${end.variables.join(",") || end.text.replace(/ \(IPv[46]\)$/, "")}`;

export function portArrows(ports: readonly OpenPort[], shown: Shown, references: References): Arrow[] {
  const arrows = new Map<string, Arrow>();
  const idsOf = (end: End): string[] =>
    end.group ? owners(end.group, shown, references).map(({ id }) => id) : [outsideId(end)];
  for (const { from, to, ports: label } of ports) {
    for (const source of idsOf(from)) {
      for (const target of idsOf(to)) {
        const arrow: Arrow = { from: source, to: target, kind: "connects", label };
        if (source !== target) arrows.set(JSON.stringify(arrow), arrow);
      }
    }
  }
  return [...arrows.values()];
}

/** Whose ports a group opens: what it is given to. A launch template's are those of the instances that it starts. */
function owners(group: Element, shown: Shown, references: References): { readonly id: string }[] {
  const users = references.to(group).filter(({ type }) => type === "aws_lb" || type === "aws_launch_template");
  const starting = users.flatMap((user) =>
    user.type === "aws_launch_template"
      ? references.to(user).filter(({ type }) => type === "aws_autoscaling_group")
      : [user],
  );
  return starting.flatMap((element) => shown.get(element) ?? []);
}

const LISTENER_OWNERS = ["aws_lb", "aws_lbs", "aws_resourcegroupstaggingapi_resources"];

/** A rule joins a listener's load balancer with the services behind its target groups; none of those names the other. */
export function routeArrows({ elements }: Configuration, shown: Shown, references: References): Arrow[] {
  const rules = elements.filter(({ type }) => type === "aws_lb_listener_rule");
  return rules.flatMap((rule) => {
    const balancers = reached(rule, references, shown).filter(({ type }) => LISTENER_OWNERS.includes(type));
    const groups = references.of(rule).filter(({ type }) => type === "aws_lb_target_group");
    const services = groups.flatMap((group) => references.to(group)).filter(({ type }) => type === "aws_ecs_service");
    return balancers.flatMap((balancer) =>
      services.map((service): Arrow => ({ from: balancer.address, to: service.address, kind: "connects", label: "" })),
    );
  });
}

/** What an element leads to: the nearest boxes across whatever plumbing is between. */
function reached(
  element: Element,
  references: References,
  shown: Shown,
  seen: Set<Element> = new Set([element]),
): Element[] {
  return references.of(element).flatMap((other) => {
    // A security group is a connection, and shown as one.
    if (seen.has(other) || other.type.includes("security_group")) return [];
    seen.add(other);
    return shown.has(other) ? [other] : reached(other, references, shown, seen);
  });
}

/** Resources that do nothing but join two others, which don't refer to each other. */
const JOINS = [
  { type: "aws_ecs_cluster_capacity_providers", from: "aws_ecs_cluster", to: "aws_ecs_capacity_provider" },
  { type: "aws_wafv2_web_acl_association", from: "aws_lb", to: "aws_wafv2_web_acl" },
];

export function useArrows({ elements }: Configuration, shown: Shown, references: References): Arrow[] {
  const direct = new Map<Element, Set<Element>>();
  for (const element of shown.keys()) direct.set(element, new Set(reached(element, references, shown)));
  for (const { type: joining, from: left, to: right } of JOINS) {
    for (const join of elements.filter(({ type }) => type === joining)) {
      const joined = references.of(join);
      for (const from of joined.filter(({ type }) => type === left)) {
        for (const to of joined.filter(({ type }) => type === right)) direct.get(from)?.add(to);
      }
    }
  }
  for (const [element, targets] of direct) {
    if (element.type === "aws_launch_template")
      for (const to of targets) if (to.type === "aws_ecs_cluster") targets.delete(to);
  }
  // Where another way leads to, too, the longer one tells more.
  const isDetour = (from: Element, to: Element): boolean =>
    [...(direct.get(from) ?? [])].some((middle) => middle !== to && leads(middle, to, direct, new Set([from])));
  return [...direct].flatMap(([from, targets]) =>
    [...targets]
      .filter((to) => !isDetour(from, to))
      .map((to): Arrow => ({ from: from.address, to: to.address, kind: "uses", label: "" })),
  );
}

function leads(
  from: Element,
  to: Element,
  direct: ReadonlyMap<Element, ReadonlySet<Element>>,
  seen: Set<Element>,
): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  return [...(direct.get(from) ?? [])].some((next) => next === to || leads(next, to, direct, seen));
}
