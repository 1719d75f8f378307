import { type Configuration, type Element, isObject, type JsonObject, objects } from "../terraform-json/configuration";
import { displayName, nameOf, scheduleName } from "../terraform-json/display-name";
import { isLogRouterImage } from "../terraform-json/log-router-image";
import { type End, openPorts, SECURITY_GROUP } from "../terraform-json/open-ports";
import type { References } from "../terraform-json/references";
import type { Arrow, Box, Diagram, Frame, Kind } from "./diagram";
import { namedThings } from "./named-things";
import { conditionsOf, isNetworkListener, isRoute, ofTypes, servicesOf } from "./request-path";

type FrameId = "services" | "instances" | "cluster" | "vpc" | "aws";
const PARENTS: { readonly [id in FrameId]?: FrameId } = { services: "cluster", instances: "cluster", cluster: "vpc" };

/** The types with a box. All others are plumbing: they lead from one of these to another. */
const SHOWN: readonly (readonly [mode: Element["mode"], type: string, frame: FrameId, kind: Kind, title: string])[] = [
  ["resource", "aws_lb", "vpc", "balancer", "Load balancer"],
  ["data", "aws_lb", "vpc", "balancer", "Load balancer"],
  ["data", "aws_lbs", "vpc", "balancer", "Load balancer"],
  ["data", "aws_resourcegroupstaggingapi_resources", "vpc", "balancer", "Load balancer's listener"],
  ["resource", "aws_ecs_service", "services", "service", "Service"],
  ["resource", "aws_scheduler_schedule", "services", "service", "Scheduled task"],
  ["resource", "aws_autoscaling_group", "instances", "instance", "Auto Scaling group"],
  ["data", "aws_autoscaling_groups", "instances", "instance", "Auto Scaling group"],
  ["data", "aws_ssm_parameter", "aws", "aws", "ECS-optimized AMI"],
  ["data", "aws_ami", "aws", "aws", "AMI"],
  ["resource", "aws_iam_instance_profile", "aws", "aws", "Instance role"],
  ["resource", "aws_key_pair", "aws", "aws", "Key pair"],
  ["resource", "aws_kms_key", "aws", "aws", "Encryption key"],
  ["resource", "aws_ecr_repository", "aws", "aws", "Image repository"],
  ["resource", "aws_sqs_queue", "aws", "aws", "Queue"],
  ["resource", "aws_secretsmanager_secret", "aws", "aws", "Secret"],
  ["resource", "aws_ssm_parameter", "aws", "aws", "SSM parameter"],
  ["resource", "aws_s3_bucket", "aws", "aws", "Bucket"],
  ["resource", "aws_efs_file_system", "aws", "aws", "File system"],
  ["resource", "aws_service_discovery_http_namespace", "aws", "aws", "Service Connect namespace"],
  ["resource", "aws_service_discovery_private_dns_namespace", "aws", "aws", "Private DNS namespace"],
];

/** The types that are a frame around others. */
const FRAMED: readonly (readonly [mode: Element["mode"], type: string, frame: FrameId])[] = [
  ["resource", "aws_ecs_cluster", "cluster"],
  ["data", "aws_ecs_clusters", "cluster"],
  ["data", "aws_vpcs", "vpc"],
  ["data", "aws_vpc", "vpc"],
];

/** The box or the frame of an element. */
type Ids = ReadonlyMap<Element, string>;

/** What the stack consists of, what may connect to what, and what uses what. It follows the references in the JSON. */
export function overviewOf(configuration: Configuration, references: References): Diagram {
  const { elements, variables } = configuration;
  const framed = FRAMED.flatMap(([mode, type, frame]) =>
    ofTypes(elements, type).flatMap((element) => (element.mode === mode ? [{ element, frame }] : [])),
  );
  const shown = SHOWN.flatMap(([mode, type, frame, kind, title]) =>
    ofTypes(elements, type).flatMap((element) => (element.mode === mode ? [{ element, frame, kind, title }] : [])),
  );
  const inner = shown.filter(({ frame }) => frame !== "vpc");
  const present = [...new Set([...inner, ...framed].map(({ frame }) => frame))];
  const around = (id: FrameId | undefined): FrameId | undefined =>
    id === undefined || present.includes(id) ? id : around(PARENTS[id]);
  const boxes = shown.map(
    ({ element, frame, kind, title }): Box => ({
      ...{ id: element.address, kind, frame: around(frame), isLookedUp: element.mode === "data" },
      title: titleOfBox(element, variables) ?? title,
      lines: factsOf(element, configuration, references),
    }),
  );
  const frames = present.map((id): Frame => {
    const own = framed.filter(({ frame }) => frame === id).map(({ element }) => element);
    return { id, title: titleOf(id, own, configuration), parent: around(PARENTS[id]), isColumn: id !== "vpc" };
  });
  const isEmpty = ({ id }: Frame) =>
    !boxes.some(({ frame }) => frame === id) && !frames.some(({ parent }) => parent === id);
  const empty = frames
    .filter(isEmpty)
    .map(({ id, title, parent }): Box => ({ id, kind: "network", title, lines: [], frame: parent }));
  const endpoints = ofTypes(elements, ENDPOINT);
  const ids: Ids = new Map([
    ...framed.map(({ element, frame }) => [element, frame] as const),
    ...shown.map(({ element }) => [element, element.address] as const),
    ...endpoints.map((element) => [element, ENDPOINT] as const),
  ]);
  if (endpoints.length > 0) boxes.push(boxOfEndpoints(endpoints, around("vpc")));
  const outside = new Map<string, Box>();
  const named = namedThings(configuration, references, ids);
  const frameOfNamed = frames.find(({ id }) => id === "aws")?.id;
  const arrows = [
    ...portArrows(configuration, references, ids, outside),
    ...routeArrows(configuration, references, ids),
    ...useArrows(references, ids, boxes),
    ...named.arrows,
  ];
  return {
    frames: frames.filter((frame) => !isEmpty(frame)),
    boxes: [...outside.values(), ...boxes, ...named.boxes.map((box) => ({ ...box, frame: frameOfNamed })), ...empty],
    arrows,
  };
}

const ENDPOINT = "aws_vpc_endpoint";

/** One box for all VPC endpoints, because all clients of the VPC use each of them. */
function boxOfEndpoints(endpoints: readonly Element[], frame: FrameId | undefined): Box {
  const services = (kind: string) =>
    endpoints
      .filter(({ body }) => (body.vpc_endpoint_type ?? "Gateway") === kind)
      .map(({ body, name }) => /\}-(.*)$/.exec(String(isObject(body.tags) && body.tags.Name))?.[1] ?? name);
  const [interfaces, gateways] = [services("Interface"), services("Gateway")];
  return {
    ...{ id: ENDPOINT, kind: "network", frame, title: "VPC endpoints", isList: true },
    lines: [
      ...(interfaces.length > 0 ? [interfaces.join(", ")] : []),
      ...(gateways.length > 0 ? [`gateway: ${gateways.join(", ")}`] : []),
    ],
  };
}

/** Returns the title of a box whose type has no title that fits. */
function titleOfBox(element: Element, variables: Configuration["variables"]): string | undefined {
  if (element.type === "aws_ecs_service") return displayName(element.body.name, variables) || undefined;
  if (element.type === "aws_scheduler_schedule") return scheduleName(element);
  if (element.type === "aws_sqs_queue" && element.name.endsWith("dead_letter_queue")) return "Dead-letter queue";
  if (isLogRouterImage(element)) return "Log router image";
  const isParameter = element.mode === "data" && element.type === "aws_ssm_parameter";
  return isParameter && !String(element.body.name).includes("/aws/service/") ? "SSM parameter" : undefined;
}

function titleOf(id: FrameId, own: readonly Element[], { variables }: Configuration): string {
  if (id === "vpc") return JSON.stringify(own).includes("is-default") ? "Default VPC (looked up)" : "VPC (looked up)";
  const clusters = own.flatMap((element) => (element.mode === "data" ? ["(looked up)"] : nameOf(element, variables)));
  return {
    ...{ services: "Services", instances: "EC2 instances in each zone", aws: "AWS services" },
    cluster: ["ECS cluster", clusters.join(", ")].join(" "),
  }[id];
}

const STRATEGIES: { readonly [strategy: string]: string } = {
  BLUE_GREEN: "blue/green deployments",
  LINEAR: "linear deployments",
  CANARY: "canary deployments",
};

const strategyOf = ({ strategy }: JsonObject): string[] =>
  typeof strategy === "string" && STRATEGIES[strategy] !== undefined ? [STRATEGIES[strategy]] : [];

function factsOf(element: Element, { variables }: Configuration, references: References): string[] {
  const { type, body, mode } = element;
  const users = (...types: string[]) => ofTypes(references.to(element), ...types);
  const namesOf = (label: string, others: readonly Element[]): string[] =>
    others.flatMap((other) => nameOf(other, variables)).map((name) => `${label} ${name}`);
  if (type === "aws_scheduler_schedule") {
    const when = displayName(body.schedule_expression, variables);
    return when ? [`${when} ${body.schedule_expression_timezone ?? "UTC"}`] : ["on a schedule"];
  }
  if (type === "aws_ecs_service") {
    const groups = ofTypes(references.of(element), "aws_lb_target_group");
    const routes = groups.flatMap((group) => references.to(group)).filter(isRoute);
    const conditions = routes.map((route) =>
      isNetworkListener(route)
        ? `${route.body.protocol} ${route.body.port}`
        : conditionsOf(route).join(", ") || "all other requests",
    );
    // With a deployment strategy, the rules of a service forward to two target groups.
    const lines = [...new Set([...conditions, ...objects(body.deployment_configuration).flatMap(strategyOf)])];
    const daemon = body.scheduling_strategy === "DAEMON" ? ["one task on each instance"] : [];
    const volumes = objects(body.volume_configuration)
      .flatMap(({ managed_ebs_volume: volume }) => objects(volume))
      .map(({ size_in_gb: size }) => (typeof size === "number" ? `an EBS volume of ${size} GiB` : "an EBS volume"))
      .map((volume) => `${volume} for each task`);
    if (volumes.length > 0) return [...lines, ...volumes];
    return lines.length + daemon.length > 0 ? [...lines, ...daemon] : ["no requests from a load balancer"];
  }
  if (titleOfBox(element, variables) === "SSM parameter") return nameOf(element, variables);
  if (mode === "data") {
    const inputs = references.variablesIn(body).filter((variable) => variable !== "region" && variable !== "name");
    return inputs.map((variable) => `var.${variable}`);
  }
  if (type === "aws_lb") {
    const listeners = users("aws_lb_listener").map((listener) => `${listener.body.protocol} ${listener.body.port}`);
    const acls = users("aws_wafv2_web_acl_association").flatMap((join) => references.of(join));
    return [...nameOf(element, variables), ...listeners, ...namesOf("web ACL", ofTypes(acls, "aws_wafv2_web_acl"))];
  }
  if (type === "aws_autoscaling_group") {
    const [min, max] = [displayName(body.min_size, variables), displayName(body.max_size, variables)];
    const lists = references.variablesIn(body).filter((variable) => variable.endsWith("instance_types"));
    const types = lists.flatMap((variable) => variables[variable]?.default ?? []).join(", ");
    return [
      ...nameOf(element, variables),
      ...(min && max ? [`${min} to ${max} instances`] : []),
      ...(types ? [types] : []),
      ...namesOf("capacity provider", users("aws_ecs_capacity_provider")),
      ...namesOf("launch template", ofTypes(references.of(element), "aws_launch_template")),
    ];
  }
  return nameOf(element, variables);
}

/** The open ports. A port that admits no network by default has no arrow. Adds the boxes of the networks to `outside`. */
function portArrows(
  configuration: Configuration,
  references: References,
  ids: Ids,
  outside: Map<string, Box>,
): Arrow[] {
  const endsOf = (end: End, side: "left" | "right"): string[] => {
    if (end.group) return ownersOf(end.group, references).flatMap((owner) => ids.get(owner) ?? []);
    const defaults = JSON.stringify(end.variables.map((name) => configuration.variables[name]?.default));
    if (/^\[(\[\],?)+\]$/.test(defaults)) return [];
    const isInternet = end.text.startsWith("anywhere") || defaults.includes('"0.0.0.0/0"');
    const isClient = side === "left" && isInternet;
    const isGroup = end.text.startsWith(SECURITY_GROUP);
    const title = isClient ? "Clients" : isInternet ? "Internet" : isGroup ? "Security group" : "Networks";
    const lines =
      end.variables.length > 0
        ? [...end.variables.map((name) => `var.${name}`), ...(isClient ? ["default: anywhere"] : [])]
        : title === "Internet"
          ? []
          : [end.text.replace(SECURITY_GROUP, "")];
    const id = `${side} ${lines}`;
    outside.set(id, { id, kind: "network", side, title, lines });
    return [id];
  };
  // A service with a fixed port waits for the rules of the port, which are those of the instances.
  const servicesOn = (rule: string): string[] =>
    ofTypes(configuration.elements, "aws_ecs_service").flatMap((service) =>
      JSON.stringify(service.body.depends_on ?? []).includes(`"${rule}"`) ? (ids.get(service) ?? []) : [],
    );
  // A service also waits for the rules of its listeners, which are those of a load balancer.
  const balancersOf = (rule: string): string[] =>
    configuration.elements
      .filter(({ address }) => address === rule)
      .flatMap(({ body }) => references.in(body.security_group_id ?? null))
      .flatMap((end) => [end, ...ownersOf(end, references)])
      .flatMap((owner) => (BALANCERS.includes(owner.type) ? (ids.get(owner) ?? []) : []));
  // Endpoints admit the networks of the VPC, in which the instances are.
  const instances = [...ids].flatMap(([element, id]) => (isGroup(element) ? [id] : []));
  const arrows = openPorts(configuration, references).flatMap(({ address, direction, from, to, ports: label }) => {
    const balancers = direction === "in" ? balancersOf(address) : [];
    const services = balancers.length === 0 ? servicesOn(address) : [];
    const targets = [balancers, services].find(({ length }) => length > 0) ?? endsOf(to, "right");
    const sources = targets.length === 0 ? [] : targets.includes(ENDPOINT) ? instances : endsOf(from, "left");
    return sources.flatMap((source) =>
      targets.map((target): Arrow => ({ from: source, to: target, kind: "connects", label })),
    );
  });
  return joined(unique(arrows.filter(({ from, to }) => from !== to)));
}

/** One arrow with all ports between two boxes: several would hide each other. */
const joined = (arrows: readonly Arrow[]): Arrow[] =>
  [...new Map(arrows.map((arrow) => [`${arrow.from} ${arrow.to}`, arrow])).values()].map((arrow) => {
    const same = arrows.filter(({ from, to }) => from === arrow.from && to === arrow.to);
    return { ...arrow, label: [...new Set(same.map(({ label }) => label))].sort().join(", ") };
  });

/** Both security groups of a connection have a rule for it, and each may have one for IPv4 and one for IPv6. */
const unique = (arrows: readonly Arrow[]): Arrow[] => [
  ...new Map(arrows.map((arrow) => [JSON.stringify(arrow), arrow])).values(),
];

/** The elements that have a security group. A launch template's is the one of the instances that it starts. */
const ownersOf = (group: Element, references: References): Element[] =>
  references.to(group).flatMap((user) => {
    if (user.type === "aws_launch_template") return references.to(user);
    return user.type === "aws_efs_mount_target" ? references.of(user) : [user];
  });

/** A load balancer sends requests to the services behind its target groups. Neither refers to the other. */
const routeArrows = ({ elements }: Configuration, references: References, ids: Ids): Arrow[] =>
  unique(
    elements.filter(isRoute).flatMap((route) =>
      servicesOf(route, references).flatMap((service) =>
        reached(route, references, ids)
          .filter(({ type }) => BALANCERS.includes(type))
          .map(({ address: from }): Arrow => ({ from, to: service.address, kind: "requests" })),
      ),
    ),
  );

const BALANCERS = SHOWN.flatMap(([, type, , kind]) => (kind === "balancer" ? [type] : []));

/** The nearest elements with a place in the diagram to which an element's references lead. */
function reached(element: Element, references: References, ids: Ids, seen = new Set([element])): Element[] {
  const all = references.of(element);
  // A service that names its capacity providers does not use the others of the cluster.
  const passed =
    ofTypes(all, "aws_ecs_capacity_provider").length > 0 ? "aws_ecs_cluster_capacity_providers" : undefined;
  return all.flatMap((next) => {
    if (seen.has(next) || next.type === passed || next.type.includes("security_group")) return [];
    seen.add(next);
    return ids.has(next) ? [next] : reached(next, references, ids, seen);
  });
}

/** A daemon runs on each instance, and names no capacity provider. */
const groupsOfDaemon = ({ type, body }: Element, ids: Ids): Element[] =>
  type === "aws_ecs_service" && body.scheduling_strategy === "DAEMON" ? [...ids.keys()].filter(isGroup) : [];

const isGroup = ({ type }: Element): boolean => /^aws_autoscaling_groups?$/.test(type);

function useArrows(references: References, ids: Ids, boxes: readonly Box[]): Arrow[] {
  const isBox = (id: string | undefined) => boxes.some((box) => box.id === id);
  const direct = new Map(
    [...ids.keys()].map((element) => [
      element,
      [...reached(element, references, ids), ...groupsOfDaemon(element, ids)].filter(
        (to) => to !== element && isBox(ids.get(to)),
      ),
    ]),
  );
  const ofBoxes = [...direct].flatMap(([from, targets]) => (isBox(ids.get(from)) ? targets : []));
  return [...direct].flatMap(([from, targets]) => {
    // The longer way says more, and a box more than the frame around it.
    const others = isBox(ids.get(from)) ? targets.flatMap((middle) => direct.get(middle) ?? []) : ofBoxes;
    return targets
      .filter((to) => !others.includes(to))
      .map((to): Arrow => ({ from: ids.get(from) ?? "", to: to.address, kind: "uses" }));
  });
}
