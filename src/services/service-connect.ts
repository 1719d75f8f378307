import type {
  EcsServiceServiceConnectConfiguration,
  EcsServiceServiceConnectConfigurationService,
} from "@cdktf/provider-aws/lib/ecs-service";
import type { EcsClusterTarget, ServiceNamespace } from "../cluster/ecs-cluster-target";
import { secretStatements } from "../iam/execution-role";
import type { PolicyStatement } from "../iam/policy-statement";
import { type RoleReference, roleReferenceField } from "../iam/role";
import type { Container } from "../tasks/container";
import { type ContainerLog, logConfigurationJson } from "../tasks/container-logging";
import { portsOf } from "../tasks/container-network";
import { type LogDriver, logDriverField } from "../tasks/log-driver";
import { writesTo } from "../tasks/log-groups";
import { needsRouter } from "../tasks/log-router";
import { containerPorts, type NetworkMode, overlap, type Port, type Ports } from "../tasks/port-mapping";
import { literal } from "../terraform/expression";
import { kmsKeyArnRule } from "../validation/aws-rules";
import { type Problem, suggestion } from "../validation/problem";
import { length, matches, wholeNumber } from "../validation/rule";
import { list, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isToken } from "../validation/token";
import { type Namespace, ownerOf } from "./namespace-names";
import type { RouteTarget } from "./route-targets";
import { namespaceField } from "./service-connect-namespace";

/** The certificates of a port in Service Connect. AWS Private CA issues them, and ECS renews them. */
export interface ServiceConnectTls {
  /** The ARN of the private certificate authority. It must have the tag `AmazonECSManaged` with the value `true`. */
  readonly awsPcaAuthorityArn: string;
  /** The ARN of the KMS key that encrypts the certificates in Secrets Manager. @default - a key that AWS manages */
  readonly kmsKey?: string;
  /**
   * A role that exists, with which ECS issues the certificates.
   * @default - a role with the policy `AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity`
   */
  readonly role?: string | RoleReference;
}

/**
 * A header of the requests of other services that reach the new revision of a service first.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectTestTrafficHeaderRules.html
 */
export interface TestTrafficHeader {
  /** The name of the header. */
  readonly name: string;
  /** The whole value of the header. */
  readonly value: string;
}

/** How other services reach a port of a task. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html */
export interface ServiceConnectEndpoint {
  /** The name that other services call. @default - the service's name */
  readonly dnsName?: string;
  /** The port that other services call. A name can have several ports. @default - the container's port */
  readonly port?: number;
  /**
   * The name of the Cloud Map service that ECS creates. It is unique in the namespace.
   * @default - the service's name, and for a port of `services` the service's name and the name of the port
   */
  readonly discoveryName?: string;
  /**
   * Seconds that a connection stays open without a request. 0 is no limit.
   * @default - 300 with `appProtocol`, 3600 without
   */
  readonly idleTimeoutSeconds?: number;
  /** Seconds until the proxy ends a request. 0 is no limit. It requires `appProtocol` of the port. @default - 15 */
  readonly perRequestTimeoutSeconds?: number;
  /**
   * The port that the proxy listens on, in awsvpc mode. Connections to the container's port then bypass the proxy, so a load
   * balancer or a health check reaches the container itself.
   * @default - the container's port
   */
  readonly ingressPortOverride?: number;
  /** Encrypt the connections from other services. @default - no encryption */
  readonly tls?: ServiceConnectTls;
  /**
   * With a deployment strategy other than `ROLLING`, the header of the requests that reach the new revision before the others.
   * @default - none
   */
  readonly testTrafficHeader?: TestTrafficHeader;
}

/** A further port of a task in Service Connect. */
export interface ServiceConnectService extends ServiceConnectEndpoint {
  /** The name of the port: `name` in `portMappings`, or `portName` of a sidecar. */
  readonly portMappingName: string;
}

/** How a service uses Service Connect. The settings of a port that are set here are those of `containerPort`. */
export interface ServiceConnectSettings extends ServiceConnectEndpoint {
  /**
   * The namespace. In a stack that does not create the namespace, its name or its ARN.
   * @default - the default namespace of the cluster: `defaultCloudMapNamespace`
   */
  readonly namespace?: ServiceNamespace | string;
  /** Further ports of the task, also of sidecars. @default - only `containerPort` */
  readonly services?: readonly ServiceConnectService[];
  /**
   * Where the output of the proxy goes. The execution role that the service creates can write there. An `executionRole` or a
   * `taskDefinition` that exists needs the permissions itself.
   * @default - the log group of the service
   */
  readonly logDriver?: LogDriver;
}

const dnsName = matches(
  "^[a-z0-9]([a-z0-9.-]{0,125}[a-z0-9])?$",
  "be a name of at most 127 lower-case letters, digits, dots and hyphens",
  'For example "users" or "users.internal".',
);
const discoveryName = matches(
  "^[a-z0-9_][a-z0-9_-]{0,63}$",
  "have 1 to 64 lower-case letters, digits, underscores and hyphens, and not start with a hyphen",
  'For example "users" or "users-metrics".',
);
const authority = matches(
  "^arn:aws[a-z-]*:acm-pca:[a-z0-9-]+:[0-9]{12}:certificate-authority/[0-9a-f-]+$",
  "be the ARN of a private certificate authority",
  "List them: aws acm-pca list-certificate-authorities --query CertificateAuthorities[].Arn",
);
const headerName = matches(
  "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$",
  "be the name of a header",
  'For example "X-Revision".',
);
const seconds = wholeNumber(0, 2_147_483_647, "seconds", "For example 60. 0 is no limit.");
const containerPort = wholeNumber(1, 65_535, "", "Remove it for the container's port.");

const tlsSchema = schemaOf<ServiceConnectTls>()({
  awsPcaAuthorityArn: string(authority),
  kmsKey: string(kmsKeyArnRule).optional(),
  role: roleReferenceField.optional(),
});

const endpointSchema = schemaOf<ServiceConnectEndpoint>()(
  {
    dnsName: string(dnsName).optional(),
    port: number(containerPort).optional(),
    discoveryName: plain(string(discoveryName)).optional(),
    idleTimeoutSeconds: number(seconds).optional(),
    perRequestTimeoutSeconds: number(seconds).optional(),
    ingressPortOverride: plain(number(containerPort)).optional(),
    tls: tlsSchema.optional(),
    testTrafficHeader: schemaOf<TestTrafficHeader>()({
      name: string(headerName),
      value: string(length(1, 128, 'For example "next".')),
    }).optional(),
  },
  function* requestBeforeIdle({ idleTimeoutSeconds: idle, perRequestTimeoutSeconds: request }) {
    if (!idle || !request || request <= idle) return;
    const fix = "The proxy closes the connection after idleTimeoutSeconds. Raise that, or lower this.";
    yield { at: "perRequestTimeoutSeconds", must: `be at most idleTimeoutSeconds, which is ${idle}`, fix };
  },
);

/** The names of the settings of a port. */
const OF_ENDPOINT = Object.keys(endpointSchema.shape) as (keyof ServiceConnectEndpoint)[];

const serviceSchema = schemaOf<ServiceConnectService>()(
  { ...endpointSchema.shape, portMappingName: plain(string()) },
  ...endpointSchema.rules,
);

/** The settings of a service's `serviceConnect`. */
export const serviceConnectSettingsSchema = schemaOf<ServiceConnectSettings>()(
  {
    namespace: namespaceField.optional(),
    ...endpointSchema.shape,
    services: list(serviceSchema).default([]),
    logDriver: logDriverField.optional(),
  },
  ...endpointSchema.rules,
  logGroupOfProxy,
);

/** The proxy is no container of the task, so the task has no log group for it. */
function* logGroupOfProxy({ logDriver }: Known<ServiceConnectSettings>): Findings<ServiceConnectSettings> {
  for (const setting of ["retention", "logGroupClass"] as const) {
    if (logDriver?.awsLogs?.[setting] === undefined) continue;
    const fix = "Set logGroup to a log group that exists, or remove it for the log group of the service.";
    yield { at: "logDriver", must: `not have ${setting}`, fix, received: logDriver.awsLogs[setting] };
  }
}

/** A service of which a rule reads `serviceConnect`. */
interface Connected {
  readonly serviceConnect?: ServiceConnectSettings;
  readonly containerPort?: number;
  readonly taskDefinition?: object;
}

/** The settings of `containerPort` need one. */
export function* serviceConnectPort(_: Known<Connected>, given: Given<Connected>): Findings<Connected> {
  // With a task definition, the rule runs again with its settings.
  if (given("containerPort") || given("taskDefinition")) return;
  for (const setting of OF_ENDPOINT) {
    if (!given("serviceConnect", setting)) continue;
    const must = "not be set for a service without containerPort";
    const fix = "Set containerPort, or remove it: the service then only calls other services.";
    yield { at: ["serviceConnect", setting], must, fix };
  }
}

type Settings = Parsed<typeof serviceConnectSettingsSchema>;

/** What decides which ports of a service other services reach. */
interface ConnectedService {
  readonly cluster: EcsClusterTarget;
  readonly serviceConnect?: Settings;
  readonly networkMode: NetworkMode;
}

/** A port that other services reach. */
export interface ConnectedPort extends Parsed<typeof endpointSchema> {
  /** The settings, for messages. */
  readonly path: string;
  /** The name of the port in the task definition. */
  readonly portName: string;
  readonly container: string;
  readonly mapping: Port;
  readonly discoveryName: string;
}

type PortsOfContainer = Pick<Container, "name" | "portName" | "containerPort" | "portMappings">;

/** Returns the ports of containers that have a name. */
const namedPorts = (containers: readonly PortsOfContainer[]) =>
  containers.flatMap((container) =>
    portsOf(container).flatMap(({ isMain, ...mapping }) => {
      const portName = mapping.name ?? (isMain ? container.portName : undefined);
      return portName === undefined ? [] : [{ container: container.name, portName, mapping, isMain }];
    }),
  );

/**
 * Returns the ports of a service that other services reach.
 * @param containers the containers of the task. The first one has the `containerPort` of the service.
 */
export function connectedPorts(
  name: string,
  serviceConnect: Settings | undefined,
  containers: readonly PortsOfContainer[],
): ConnectedPort[] {
  if (!serviceConnect) return [];
  const ports = namedPorts(containers);
  const main = ports.find(({ container, isMain }) => isMain && container === containers[0]?.name);
  const { namespace: _, services, logDriver: __, ...endpoint } = serviceConnect;
  const ofMain = main
    ? [{ ...main, ...endpoint, discoveryName: endpoint.discoveryName ?? name, path: "serviceConnect" }]
    : [];
  const further = services.flatMap(({ portMappingName, ...own }, index) => {
    const port = ports.find(({ portName }) => portName === portMappingName);
    if (!port) return [];
    const discoveryName = own.discoveryName ?? `${name}-${portMappingName}`;
    return [{ ...port, ...own, discoveryName, path: `serviceConnect.services[${index}]` }];
  });
  return [...ofMain, ...further];
}

/** Returns the namespace of a service: its own, or the cluster's default, which a cluster of another state looks up then. */
export const namespaceOf = (
  cluster: EcsClusterTarget,
  { namespace }: Pick<ServiceConnectSettings, "namespace">,
): Namespace | undefined => namespace ?? cluster.serviceConnectNamespace;

/** Returns the names of a port that are unique in a namespace, with their settings. Only a plan knows a token. */
const uniqueNames = (service: string, { path, mapping, discoveryName, dnsName = service, port }: ConnectedPort) => {
  const alias = port ?? mapping.containerPort;
  return [
    { at: `${path}.discoveryName`, name: discoveryName, what: discoveryName },
    ...(isToken(dnsName) || isToken(alias)
      ? []
      : [
          {
            at: `${path}.${port === undefined ? "dnsName" : "port"}`,
            name: `${dnsName}:${alias}`,
            what: `${dnsName}:${alias}`,
          },
        ]),
  ];
};

/** Returns the names of the ports of a service, which are unique in the namespace. */
export const namesOf = (service: string, ports: readonly ConnectedPort[]): string[] =>
  ports.flatMap((port) => uniqueNames(service, port).map(({ name }) => name));

/** Finds what is wrong with the ports of `serviceConnect` in the task, beside routes and among the services of the app. */
export function connectedProblems(
  name: string,
  settings: ConnectedService,
  containers: readonly (PortsOfContainer & Pick<Container, "logging">)[],
  task: { readonly targets: readonly RouteTarget[]; readonly hasLogRouter: boolean },
): Problem[] {
  const { cluster, serviceConnect, networkMode } = settings;
  if (!serviceConnect) return [];
  const ports = connectedPorts(name, serviceConnect, containers);
  const namespace = namespaceOf(cluster, serviceConnect);
  const owner = (one: string) => namespace && ownerOf(cluster, namespace, one);
  return [
    ...(namespace ? [] : [missingNamespace("serviceConnect.namespace")]),
    ...unknownPorts(serviceConnect, containers),
    ...ports.flatMap((port, index) => [
      ...portProblems(port, ports.slice(0, index)),
      ...overrideProblems(port, networkMode, containers),
      ...routeProblems(port, networkMode, task.targets),
      ...nameProblems(name, port, ports.slice(0, index), owner),
    ]),
    ...routerProblems(serviceConnect, containers, task.hasLogRouter),
  ];
}

const problemOf = (path: string, must: string, received: unknown, fix: string): Problem => ({
  path,
  rule: `must ${must}`,
  received: show(received),
  fix,
});

/** Returns the problem of a service without a namespace. @param path the setting that can name one */
export const missingNamespace = (path: string): Problem =>
  problemOf(
    path,
    "be set, because the cluster has no default namespace",
    undefined,
    "Use a ServiceConnectNamespace, or set defaultCloudMapNamespace of the cluster.",
  );

function unknownPorts({ services }: Settings, containers: readonly PortsOfContainer[]): Problem[] {
  const names = namedPorts(containers).map(({ portName }) => portName);
  return services.flatMap(({ portMappingName }, index) => {
    if (names.includes(portMappingName)) return [];
    const known = names.length > 0 ? suggestion(portMappingName, names, "ports with a name") : "No port has a name.";
    const fix = `${known} Set name of a port in portMappings, or portName of a sidecar.`;
    const must = "be the name of a port of the task";
    return [problemOf(`serviceConnect.services[${index}].portMappingName`, must, portMappingName, fix)];
  });
}

/** Finds what does not fit the port in the task definition. */
function portProblems(port: ConnectedPort, before: readonly ConnectedPort[]): Problem[] {
  const { path, portName, mapping, perRequestTimeoutSeconds: request } = port;
  const at = `${path}.portMappingName`;
  return [
    ...(mapping.protocol === "udp" || mapping.containerPort === undefined
      ? [problemOf(at, "be a single TCP port", portName, "Service Connect supports neither UDP nor ranges. Remove it.")]
      : []),
    ...(before.some((other) => other.portName === portName)
      ? [
          problemOf(
            at,
            "be a port that no other element has",
            portName,
            "Remove one of the two. serviceConnect itself has containerPort.",
          ),
        ]
      : []),
    ...(request !== undefined && mapping.appProtocol === undefined
      ? [
          problemOf(
            `${path}.perRequestTimeoutSeconds`,
            "not be set for a port without appProtocol",
            request,
            `Set name and appProtocol of the port in portMappings. Without them the proxy does not see requests.`,
          ),
        ]
      : []),
  ];
}

/** In bridge mode, the proxy has a dynamic port of the instance, which the rules of the cluster open. */
function overrideProblems(
  { path, ingressPortOverride: override }: ConnectedPort,
  mode: NetworkMode,
  containers: readonly PortsOfContainer[],
): Problem[] {
  if (override === undefined) return [];
  const at = `${path}.ingressPortOverride`;
  if (mode !== "awsvpc") {
    const fix = "The proxy has a dynamic port of the instance there, beside the container's port. Remove it.";
    return [problemOf(at, `not be set with networkMode ${mode}`, override, fix)];
  }
  const isPort = containers
    .flatMap(portsOf)
    .some(
      (port) =>
        port.protocol === "tcp" &&
        overlap({ protocol: "tcp", from: override, to: override }, containerPorts(port) as Ports),
    );
  return isPort ? [problemOf(at, "not be a port of a container of the task", override, "Use another port.")] : [];
}

/**
 * In awsvpc mode, the proxy also receives the requests of the load balancer. With TLS it accepts only TLS 1.3, with which
 * health checks of targets fail. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
function routeProblems(
  { path, tls, ingressPortOverride, container, mapping }: ConnectedPort,
  mode: NetworkMode,
  targets: readonly RouteTarget[],
): Problem[] {
  if (!tls || mode !== "awsvpc" || ingressPortOverride !== undefined) return [];
  const isTarget = targets.some(
    ({ port, sidecar }) => port?.containerPort === mapping.containerPort && (sidecar ?? container) === container,
  );
  if (!isTarget) return [];
  const must = "not be set without ingressPortOverride for a port with a route, in awsvpc mode";
  const fix =
    "The health checks of the load balancer fail with TLS 1.3 of the proxy. Set ingressPortOverride to a free port, so that the load balancer reaches the container itself.";
  return [problemOf(`${path}.tls`, must, tls.awsPcaAuthorityArn, fix)];
}

function nameProblems(
  service: string,
  port: ConnectedPort,
  before: readonly ConnectedPort[],
  ownerOfName: (name: string) => string | undefined,
): Problem[] {
  const own = namesOf(service, before);
  const ofService = uniqueNames(service, port);
  const longName = ofService[0] as (typeof ofService)[number];
  const tooLong =
    longName.name.length > MOST_NAME
      ? [
          problemOf(
            longName.at,
            `have at most ${MOST_NAME} characters`,
            longName.name,
            "Set a shorter one, or shorten the name of the port.",
          ),
        ]
      : [];
  return [
    ...tooLong,
    ...ofService.flatMap(({ at, name }) => {
      const other = ownerOfName(name);
      if (other === undefined && !own.includes(name)) return [];
      const owner = other === undefined ? "Another port of the service has it." : `${other} has it.`;
      return [problemOf(at, "be unique in the namespace", name, `${owner} Use another name or another port.`)];
    }),
  ];
}

/** The longest name of a service of Cloud Map that ECS creates. */
const MOST_NAME = 64;

function routerProblems(
  { logDriver }: Settings,
  containers: readonly Pick<Container, "logging">[],
  hasLogRouter: boolean,
) {
  if (logDriver?.driver !== "awsfirelens" || needsRouter(containers, hasLogRouter || undefined)) return [];
  const fix = "Set logRouter, or use LogDriver.fireLens for a container too.";
  return [
    problemOf(
      "serviceConnect.logDriver",
      "not be LogDriver.fireLens for a task without a log router",
      "awsfirelens",
      fix,
    ),
  ];
}

/** Returns the permissions of the execution role for the output of the proxy: its secrets, and a log group that exists. */
export function statementsOfProxy(serviceConnect: Settings | undefined, clusterArn: string): PolicyStatement[] {
  const { secretOptions = {}, awsLogs } = serviceConnect?.logDriver ?? {};
  const logGroup = awsLogs?.logGroup;
  return [
    ...secretStatements(Object.values(secretOptions), clusterArn),
    ...(logGroup === undefined ? [] : [writesTo(logGroup, clusterArn)]),
  ];
}

/** Returns the keys of the certificates for which the service creates the role, or undefined without such certificates. */
export function keysOfOwnRole(ports: readonly ConnectedPort[]): string[] | undefined {
  const own = ports.flatMap(({ tls }) => (tls && tls.role === undefined ? [tls] : []));
  return own.length > 0 ? [...new Set(own.flatMap(({ kmsKey }) => kmsKey ?? []))] : undefined;
}

/** Renders a service's part of Service Connect: a client, and also a server when the task has ports for it. */
export function serviceConnectConfiguration(
  { logDriver }: Settings,
  namespace: Namespace,
  ports: readonly ConnectedPort[],
  service: {
    readonly name: string;
    readonly log: Omit<ContainerLog, "streamPrefix">;
    readonly clusterArn: string;
    /** The role of certificates without one. */
    readonly tlsRoleArn?: string;
  },
): EcsServiceServiceConnectConfiguration {
  return {
    enabled: true,
    namespace: typeof namespace === "string" ? literal(namespace) : namespace.namespaceArn,
    logConfiguration: logConfiguration(
      logDriver,
      { ...service.log, streamPrefix: "service-connect" },
      service.clusterArn,
    ),
    service: ports.length > 0 ? ports.map((port) => serviceBlock(port, service)) : undefined,
  };
}

/** Returns the log configuration of the proxy as an argument of `aws_ecs_service`, which Terraform evaluates. */
function logConfiguration(
  logging: LogDriver | undefined,
  log: ContainerLog,
  clusterArn: string,
): EcsServiceServiceConnectConfiguration["logConfiguration"] {
  const { logGroup = log.logGroupName } = logging?.awsLogs ?? {};
  const json = logConfigurationJson({ logging }, { ...log, logGroupName: logGroup }, clusterArn).logConfiguration as {
    readonly logDriver: string;
    readonly options?: Readonly<Record<string, unknown>>;
    readonly secretOptions?: readonly { readonly name: unknown; readonly valueFrom: unknown }[];
  };
  return {
    logDriver: json.logDriver,
    options:
      json.options &&
      Object.fromEntries(Object.entries(json.options).map(([name, value]) => [literal(name), literal(`${value}`)])),
    secretOption: json.secretOptions?.map(({ name, valueFrom }) => ({
      name: literal(`${name}`),
      valueFrom: literal(`${valueFrom}`),
    })),
  };
}

function serviceBlock(
  port: ConnectedPort,
  { name, tlsRoleArn }: { readonly name: string; readonly tlsRoleArn?: string },
): EcsServiceServiceConnectConfigurationService {
  const { portName, discoveryName, dnsName = name, mapping, idleTimeoutSeconds, perRequestTimeoutSeconds, tls } = port;
  const { testTrafficHeader: header } = port;
  const hasTimeout = idleTimeoutSeconds !== undefined || perRequestTimeoutSeconds !== undefined;
  return {
    portName,
    discoveryName,
    clientAlias: {
      port: port.port ?? (mapping.containerPort as number),
      dnsName: literal(dnsName),
      testTrafficRules: header && [{ header: { name: literal(header.name), value: { exact: literal(header.value) } } }],
    },
    ingressPortOverride: port.ingressPortOverride,
    timeout: hasTimeout ? { idleTimeoutSeconds, perRequestTimeoutSeconds } : undefined,
    tls: tls && {
      issuerCertAuthority: { awsPcaAuthorityArn: tls.awsPcaAuthorityArn },
      kmsKey: tls.kmsKey,
      roleArn: tls.role ?? tlsRoleArn,
    },
  };
}
