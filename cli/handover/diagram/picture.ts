import type { Configuration, Element, JsonObject } from "../configuration";
import { objects } from "../configuration";
import { displayName } from "../display-name";
import { type End, openPorts } from "../ports";
import type { References } from "../references";
import { type Arrow, outsideId, portArrows, routeArrows, useArrows } from "./arrows";

/** A box of the picture. */
export interface Box {
  readonly id: string;
  readonly frame: Frame;
  readonly title: string;
  /** What a person wants to know of it, in a few words each. */
  readonly lines: readonly string[];
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
  keys: "",
  lookups: "Looked up",
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
  ["resource", "aws_wafv2_web_acl", "balancer", "Web ACL"],
  ["resource", "aws_kms_key", "keys", "Encryption key"],
  ["data", "aws_resourcegroupstaggingapi_resources", "lookups", "Load balancer's listener"],
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
  // The lookup is the same for a VPC that is named.
  const isNamed = title === "Default VPC" && !JSON.stringify(body).includes("is-default");
  return { id: address, frame, title: isNamed ? "VPC" : title, lines: facts(element, variables, references) };
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

function outsideBox(end: End): Box {
  const anywhere = end.text.replace(/ \(IPv[46]\)$/, "");
  return {
    id: outsideId(end),
    frame: "outside",
    title: end.variables.length > 0 ? "Networks" : `${anywhere[0]?.toUpperCase()}${anywhere.slice(1)}`,
    lines: end.variables.map((variable) => `var.${variable}`),
  };
}
