import { type Configuration, type Element, type JsonObject, objects } from "../terraform-json/configuration";
import { displayName, nameOf } from "../terraform-json/display-name";
import { openPorts } from "../terraform-json/open-ports";
import type { References } from "../terraform-json/references";
import type { Arrow, Box, Diagram, Frame } from "./diagram";

export const ofTypes = (elements: readonly Element[], ...types: string[]): Element[] =>
  elements.filter(({ type }) => types.includes(type));

/** Whether an element sends requests to target groups. */
export const isRoute = ({ mode, type }: Element): boolean =>
  mode === "resource" && (type === "aws_lb_listener_rule" || type === "aws_lb_listener");

/** The services behind the target groups of a listener or a rule. */
export const servicesOf = (route: Element, references: References): Element[] =>
  ofTypes(references.of(route), "aws_lb_target_group").flatMap((group) =>
    ofTypes(references.to(group), "aws_ecs_service"),
  );

/** The types of which one can be a rule's listener. */
const LISTENER = /^aws_(lb_listener|lbs?|resourcegroupstaggingapi_resources)$/;
const CONDITIONS: { readonly [name: string]: string } = {
  path_pattern: "path",
  host_header: "host",
  http_header: "header",
  http_request_method: "method",
  query_string: "query",
  source_ip: "client",
};

/** The conditions of a rule: `host api.example.com`, `path /v1* or /v2*`, `header X-Version: 2`. */
export const conditionsOf = ({ body }: Element): string[] =>
  objects(body.condition).flatMap((condition) =>
    Object.entries(condition).map(([name, part]) => {
      const accepted = objects(part).flatMap(({ values, regex_values: regexes, key, value }) => [
        ...list(values),
        ...list(regexes).map((regex) => `/${regex}/`),
        ...(value === undefined ? [] : [key === undefined ? String(value) : `${key}=${value}`]),
      ]);
      const [header] = objects(part).flatMap(({ http_header_name: own }) => (own === undefined ? [] : [`${own}: `]));
      return `${CONDITIONS[name] ?? name} ${header ?? ""}${accepted.join(" or ")}`;
    }),
  );

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The way of a request from the URL to a container. Undefined if no load balancer sends requests to a service. */
export function requestPathOf(configuration: Configuration, references: References): Diagram | undefined {
  const { elements, variables, outputs } = configuration;
  const priorityOf = ({ body }: Element): number => Number(body.priority ?? Number.MAX_SAFE_INTEGER);
  const routes = elements
    .filter(
      (element) => isRoute(element) && (servicesOf(element, references).length > 0 || answersOf(element).length > 0),
    )
    .sort((a, b) => priorityOf(a) - priorityOf(b));
  if (!routes.some((route) => servicesOf(route, references).length > 0)) return undefined;

  const frames = new Map<string, Frame>();
  const boxes = new Map<string, Box>();
  const arrows = new Map<string, Arrow>();
  const isOnlyBalancer = elements.filter(({ mode, type }) => mode === "resource" && type === "aws_lb").length < 2;
  const add = (from: string | undefined, id: string, box: Omit<Box, "id">): string => {
    boxes.set(id, { id, ...box });
    if (from !== undefined) arrows.set(`${from} ${id}`, { from, to: id, kind: "requests" });
    return id;
  };
  /** Adds a listener and the URL before it. Returns the load balancer's frame and the listener's id. */
  const addListener = (listener: Element | undefined) => {
    const balancer = listener && ofTypes(references.of(listener), "aws_lb", "aws_lbs")[0];
    const frame = `balancer ${balancer?.address}`;
    const name = balancer ? nameOf(balancer, variables).join() : "(looked up)";
    frames.set(frame, { id: frame, title: `Load balancer ${name}` });
    const records = balancer ? ofTypes(references.to(balancer), "aws_route53_record") : [];
    const names = [...new Set(records.flatMap((record) => recordNames(record, variables, references)))];
    const urls = Object.entries(outputs).filter(
      ([output, { value = null }]) => balancer && /(^|_)url$/.test(output) && references.in(value).includes(balancer),
    );
    const fromOutputs = urls.map(([output]) => `output ${output}`);
    const lines = names.length > 0 ? names : [...fromOutputs, "DNS name of the load balancer"];
    const isNetwork = listener !== undefined && isNetworkListener(listener);
    const url = add(undefined, `url of ${frame}`, {
      kind: "network",
      side: "left",
      title: isNetwork ? "Address" : "URL",
      lines,
    });
    const { protocol, port } = listener?.body ?? {};
    const listens = protocol ? `Listener ${protocol} ${port}` : "Listener";
    const title = isOnlyBalancer ? listens : `${listens} of ${name}`;
    const isLookedUp = listener?.mode !== "resource";
    const id = add(url, listener?.address ?? "listener", { kind: "balancer", frame, title, lines: [], isLookedUp });
    return { frame, id };
  };
  const serviceNames = (services: readonly Element[]): string[] =>
    services.flatMap((service) => nameOf(service, variables)).map((name) => `service ${name}`);
  const range = hostPorts(configuration, references);
  /** Returns where the load balancer connects to: a port of the instance, or the network interface of the task. */
  const targetOf = (group: Element, service: Element, block: JsonObject | undefined) => {
    if (group.body.target_type === "ip") return { title: "Task's network interface", lines: [] };
    const fixed = fixedHostPort(service, block?.container_port, references);
    return fixed ? { title: "Host port", lines: [fixed] } : { title: "Dynamic host port", lines: [range] };
  };
  for (const route of routes) {
    const isDefault = route.type === "aws_lb_listener";
    const { frame, id } = addListener(isDefault ? route : references.of(route).find(({ type }) => LISTENER.test(type)));
    const priority = displayName(route.body.priority, variables);
    const title = isDefault ? "Default rule" : ["Rule", ...(priority ? [`priority ${priority}`] : [])].join(", ");
    // A listener of a Network Load Balancer has no rules.
    const rule = isNetworkListener(route)
      ? id
      : add(id, `rule ${route.address}`, { kind: "balancer", frame, title, lines: linesOf(route) });
    for (const group of ofTypes(references.of(route), "aws_lb_target_group")) {
      const [check] = objects(group.body.health_check);
      const services = ofTypes(references.to(group), "aws_ecs_service");
      // A name that starts with a prefix is too short to say which service it is: `threa-…`.
      const names = group.body.name === undefined ? serviceNames(services) : nameOf(group, variables);
      const lines = [...names, ...(check ? healthCheckOf(check) : [])];
      const target = add(rule, group.address, { kind: "balancer", frame, title: "Target group", lines });
      for (const service of services) {
        const block = objects(service.body.load_balancer).find((other) => references.in(other).includes(group));
        const host = { kind: "instance", frame: "instances", ...targetOf(group, service, block) } as const;
        const facts = [`port ${block?.container_port}`, ...serviceNames([service])];
        const container = { kind: "service", title: `Container ${block?.container_name}`, lines: facts } as const;
        const port = add(target, `host port of ${group.address} ${service.address}`, host);
        add(port, `container of ${group.address} ${service.address}`, { ...container, frame: "instances" });
      }
    }
  }
  for (const listener of ofTypes(elements, "aws_lb_listener")) {
    for (const response of objects(listener.body.default_action).flatMap(responseOf)) {
      const { frame, id } = addListener(listener);
      add(id, `rule ${listener.address}`, { kind: "balancer", frame, title: "Default rule", lines: [response] });
    }
  }
  frames.set("instances", { id: "instances", title: "EC2 instances" });
  return { frames: [...frames.values()], boxes: [...boxes.values()], arrows: [...arrows.values()], isDetailed: true };
}

/** Returns the names of a record: its own, or the defaults of the variables that its `for_each` has. */
function recordNames(
  record: Element,
  variables: Configuration["variables"],
  references: References,
): readonly string[] {
  const own = nameOf(record, variables);
  if (own.length > 0) return own;
  return references
    .variablesIn(record.body.for_each ?? null)
    .flatMap((name) => [variables[name]?.default ?? `var.${name}`].flat().map(String));
}

/** Whether a listener forwards all connections, as that of a Network Load Balancer does. */
export const isNetworkListener = ({ type, body }: Element): boolean =>
  type === "aws_lb_listener" && /^(TCP|UDP|TCP_UDP|TLS)$/.test(String(body.protocol));

/** What a load balancer checks: `health check port 8080 /health`, `health check TCP`. */
function healthCheckOf({ path, port, protocol }: JsonObject): string[] {
  const what = path ?? (protocol === "TCP" ? protocol : undefined);
  const own = port === undefined || port === "traffic-port" ? "" : `port ${port} `;
  return what === undefined ? [] : [`health check ${own}${what}`];
}

/** How a listener or a rule answers by itself. */
function responseOf({ fixed_response: response, redirect }: JsonObject): string[] {
  const fixed = objects(response).map(({ status_code: code }) => `returns ${code}`);
  return [
    ...fixed,
    ...objects(redirect).map(
      ({ protocol, port, host, path }) => `redirects to ${[protocol, port, host, path].filter(Boolean).join(" ")}`,
    ),
  ];
}

/** The answers of a rule without a service. */
const answersOf = ({ type, body }: Element): string[] =>
  type === "aws_lb_listener_rule" ? objects(body.action).flatMap(responseOf) : [];

const CHECKS: { readonly [type: string]: string } = {
  "authenticate-oidc": "authenticates with OpenID Connect",
  "authenticate-cognito": "authenticates with Amazon Cognito",
  "jwt-validation": "verifies a JSON Web Token",
  "url-rewrite": "rewrites the URL",
  "host-header-rewrite": "rewrites the host",
};

/** The conditions of a rule, and what it does with requests besides forwarding them. */
const linesOf = (route: Element): string[] => [
  ...conditionsOf(route),
  ...[...objects(route.body.action), ...objects(route.body.transform)].flatMap(
    ({ type }) => CHECKS[String(type)] ?? [],
  ),
  ...answersOf(route),
];

/** Returns the host port of a container port in the task definition of a service, or undefined for a dynamic one. */
function fixedHostPort(service: Element, port: unknown, references: References): string | undefined {
  const [task] = ofTypes(references.of(service), "aws_ecs_task_definition");
  const mappings = String(task?.body.container_definitions).matchAll(/"containerPort" = ([^,]+), "hostPort" = (\d+)/g);
  return [...mappings].flatMap(([, container, host]) => (container === String(port) && host !== "0" ? host : []))[0];
}

/** The host ports that load balancers may connect to. */
function hostPorts(configuration: Configuration, references: References): string {
  const ports = openPorts(configuration, references).flatMap(({ direction, from, ports: range }) =>
    direction === "in" && range.includes("-") && from.group && ofTypes(references.to(from.group), "aws_lb").length > 0
      ? [range]
      : [],
  );
  return [...new Set(ports)].join(", ").replaceAll("tcp ", "") || "in the cluster's range";
}
