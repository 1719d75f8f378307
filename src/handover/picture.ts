import type { Configuration, Element, JsonObject } from "./configuration";
import { objects } from "./configuration";
import { displayName } from "./display-name";
import { type End, type OpenPort, openPorts } from "./ports";
import type { References } from "./references";

/** A box of the picture. */
export interface Box {
  readonly id: string;
  readonly frame: Frame;
  readonly title: string;
  /** What a person wants to know of it, in a few words each. */
  readonly lines: readonly string[];
}

/** An arrow: a connection that is let through, or that one thing uses another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly kind: "connects" | "uses";
  readonly label: string;
}

export interface Picture {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

export const FRAMES = {
  outside: "",
  balancer: "",
  services: "Services",
  cluster: "Cluster",
  instances: "Instances",
  lookups: "Looked up, not made",
} as const;
export type Frame = keyof typeof FRAMES;

/** The types that people think in. What isn't here is plumbing, and leads from one of these to another. */
const SHOWN: readonly (readonly [mode: Element["mode"], type: string, frame: Frame, title: string])[] = [
  ["resource", "aws_lb", "balancer", "Load balancer"],
  ["data", "aws_lb", "lookups", "Load balancer"],
  ["data", "aws_lbs", "lookups", "Load balancer"],
  ["resource", "aws_ecs_service", "services", "Service"],
  ["resource", "aws_ecs_cluster", "cluster", "ECS cluster"],
  ["data", "aws_ecs_clusters", "lookups", "ECS cluster"],
  ["resource", "aws_ecs_capacity_provider", "cluster", "Capacity provider"],
  ["resource", "aws_service_discovery_http_namespace", "cluster", "Service Connect namespace"],
  ["resource", "aws_autoscaling_group", "instances", "Auto scaling group"],
  ["resource", "aws_launch_template", "instances", "Launch template"],
  ["resource", "aws_iam_instance_profile", "instances", "Instance role"],
  ["resource", "aws_key_pair", "instances", "Key pair"],
  ["data", "aws_vpcs", "lookups", "Default VPC"],
  ["data", "aws_vpc", "lookups", "VPC"],
  ["data", "aws_subnets", "lookups", "Subnets"],
  ["data", "aws_ssm_parameter", "lookups", "ECS-optimized AMI"],
  ["data", "aws_ec2_instance_type_offerings", "lookups", "Instance types"],
];

/** What a stack consists of, as boxes and arrows, read off its references. */
export function pictureOf(configuration: Configuration, references: References): Picture {
  const shown = new Map<Element, Box>();
  for (const [mode, type, frame, title] of SHOWN) {
    const found = configuration.elements.filter((element) => element.mode === mode && element.type === type);
    // The cluster is looked up once more for the check of its instances: that is the same cluster.
    for (const element of found) shown.set(element, boxOf(element, frame, title, configuration, references));
  }
  const ports = openPorts(configuration, references);
  const outside = [...new Set(ports.flatMap(({ from, to }) => [from, to]).filter(({ group }) => !group))];
  const boxes = new Map([...shown.values()].map((box) => [box.id, box]));
  for (const end of outside) if (!boxes.has(outsideId(end))) boxes.set(outsideId(end), outsideBox(end));
  const arrows = [
    ...portArrows(ports, shown, references),
    ...routeArrows(configuration, shown, references),
    ...useArrows(configuration, shown, references),
  ];
  const used = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  return { boxes: [...boxes.values()].filter(({ id }) => used.has(id) || !id.startsWith("outside:")), arrows };
}

function boxOf(
  element: Element,
  frame: Frame,
  title: string,
  { variables }: Configuration,
  references: References,
): Box {
  const { body, address, type, name } = element;
  if (type === "aws_ecs_service") {
    return { id: address, frame, title: displayName(body.name, variables) ?? name, lines: routes(element, references) };
  }
  return { id: address, frame, title, lines: facts(element, variables, references) };
}

function facts(element: Element, variables: Configuration["variables"], references: References): string[] {
  const { type, body } = element;
  const prefix = displayName(body.name_prefix ?? body.key_name_prefix, variables);
  const named = displayName(body.name ?? body.key_name, variables) ?? (prefix === undefined ? undefined : `${prefix}…`);
  if (type === "aws_lb") {
    const listeners = references.to(element).filter((other) => other.type === "aws_lb_listener");
    return [
      ...(named ? [named] : []),
      listeners.map((listener) => `${listener.body.protocol} ${listener.body.port}`).join(", "),
    ];
  }
  if (type === "aws_autoscaling_group") {
    const [min, max] = [displayName(body.min_size, variables), displayName(body.max_size, variables)];
    return [...(named ? [named] : []), ...(min && max ? [`${min} to ${max} instances`] : [])];
  }
  if (type === "aws_launch_template") {
    // An arrow back to the cluster would close a circle, and say less.
    const cluster = references.of(element).find((other) => other.type === "aws_ecs_cluster");
    return [
      ...(named ? [named] : []),
      ...(cluster ? [`joins ${displayName(cluster.body.name, variables) ?? "the cluster"}`] : []),
    ];
  }
  if (element.mode === "data") {
    const inputs = references.variablesIn(body).filter((variable) => variable !== "region" && variable !== "name");
    return inputs.map((variable) => `var.${variable}`);
  }
  return named ? [named] : [];
}

/** How requests get to a service: the conditions of the rules that lead to its target groups. */
function routes(service: Element, references: References): string[] {
  const groups = references.of(service).filter(({ type }) => type === "aws_lb_target_group");
  const rules = groups.flatMap((group) => references.to(group)).filter(({ type }) => type === "aws_lb_listener_rule");
  const values = rules.flatMap(({ body }) => objects(body.condition).flatMap(conditionValues));
  const named = [...new Set(values)];
  const daemon = service.body.scheduling_strategy === "DAEMON" ? ["one on each instance"] : [];
  return named.length > 0 ? [...named, ...daemon] : daemon.length > 0 ? daemon : ["takes no requests"];
}

const conditionValues = (condition: JsonObject): string[] =>
  Object.values(condition).flatMap((part) =>
    objects(part).flatMap(({ values }) => (Array.isArray(values) ? values.map(String) : [])),
  );

const outsideId = (end: End): string => `outside:${end.variables.join(",") || end.text.replace(/ \(IPv[46]\)$/, "")}`;

function outsideBox(end: End): Box {
  const anywhere = end.text.replace(/ \(IPv[46]\)$/, "");
  return {
    id: outsideId(end),
    frame: "outside",
    title: end.variables.length > 0 ? "Networks" : `${anywhere[0]?.toUpperCase()}${anywhere.slice(1)}`,
    lines: end.variables.map((variable) => `var.${variable}`),
  };
}

function portArrows(ports: readonly OpenPort[], shown: ReadonlyMap<Element, Box>, references: References): Arrow[] {
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
function owners(group: Element, shown: ReadonlyMap<Element, Box>, references: References): Box[] {
  const users = references.to(group).filter(({ type }) => type === "aws_lb" || type === "aws_launch_template");
  const starting = users.flatMap((user) =>
    user.type === "aws_launch_template"
      ? references.to(user).filter(({ type }) => type === "aws_autoscaling_group")
      : [user],
  );
  return starting.flatMap((element) => shown.get(element) ?? []);
}

/** A rule joins a listener's load balancer with the services behind its target groups; none of those names the other. */
function routeArrows({ elements }: Configuration, shown: ReadonlyMap<Element, Box>, references: References): Arrow[] {
  const rules = elements.filter(({ type }) => type === "aws_lb_listener_rule");
  return rules.flatMap((rule) => {
    const balancers = reached(rule, references, shown).filter(({ type }) => /^aws_lbs?$/.test(type));
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
  shown: ReadonlyMap<Element, Box>,
  seen: Set<Element> = new Set([element]),
): Element[] {
  return references.of(element).flatMap((other) => {
    // A security group is a connection, and shown as one.
    if (seen.has(other) || other.type.includes("security_group")) return [];
    seen.add(other);
    return shown.has(other) ? [other] : reached(other, references, shown, seen);
  });
}

function useArrows({ elements }: Configuration, shown: ReadonlyMap<Element, Box>, references: References): Arrow[] {
  const direct = new Map<Element, Set<Element>>();
  for (const element of shown.keys()) direct.set(element, new Set(reached(element, references, shown)));
  for (const association of elements.filter(({ type }) => type === "aws_ecs_cluster_capacity_providers")) {
    const joined = references.of(association);
    const providers = joined.filter(({ type }) => type === "aws_ecs_capacity_provider");
    for (const cluster of joined.filter(({ type }) => type === "aws_ecs_cluster")) {
      for (const provider of providers) direct.get(cluster)?.add(provider);
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
