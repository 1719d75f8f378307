import type { EcsServiceServiceRegistries } from "@cdktf/provider-aws/lib/ecs-service";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import type { Construct } from "constructs";
import { namespaceIdOf } from "../cluster/cloud-map-namespace";
import type { EcsClusterTarget, ServiceNamespace } from "../cluster/ecs-cluster-target";
import type { Container } from "../tasks/container";
import { portsOf } from "../tasks/container-network";
import { type NetworkMode, type Port, portNumber } from "../tasks/port-mapping";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import type { Problem } from "../validation/problem";
import { matches, wholeNumber } from "../validation/rule";
import { choice, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import { show } from "../validation/show";
import { isSame, type Namespace, ownerOf } from "./namespace-names";
import { namespaceByArnField } from "./service-connect-namespace";

/**
 * The DNS records of a service's tasks in AWS Cloud Map, for callers without Service Connect. The names are those of AWS CDK. With a
 * deployment strategy other than `ROLLING`, callers can reach both revisions during a deployment: AWS documents no shift of records.
 */
export interface CloudMapOptions {
  /**
   * The namespace, with `type: "DNS_PRIVATE"`. In a stack that does not create the namespace, its ARN.
   * @default - the default namespace of the cluster: `defaultCloudMapNamespace`
   */
  readonly cloudMapNamespace?: ServiceNamespace | string;
  /** The first part of the DNS name, before the name of the namespace. @default - the service's name */
  readonly name?: string;
  /**
   * The type of the records. `SRV` has the address and the port of each task. `A` has only addresses, and requires awsvpc mode.
   * It cannot change.
   * @default - `A` in awsvpc mode, otherwise `SRV`
   */
  readonly dnsRecordType?: "A" | "SRV";
  /** Seconds that callers keep an answer. @default 60 */
  readonly dnsTtlSeconds?: number;
  /** The name of the container that the records lead to, such as a sidecar. @default - the container of the service */
  readonly container?: string;
  /** The TCP port of the container. @default - `containerPort` of the container */
  readonly containerPort?: number;
}

const recordName = matches(
  "^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?([.][a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$",
  "be a DNS name of lower-case letters, digits, underscores, hyphens and dots",
  'For example "users" or "_users._tcp".',
);
const ttl = wholeNumber(0, 2_147_483_647, "seconds", "For example 60.");

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html */
export const cloudMapOptionsSchema = schemaOf<CloudMapOptions>()({
  cloudMapNamespace: namespaceByArnField.optional(),
  name: plain(string(recordName)).optional(),
  dnsRecordType: plain(choice("A", "SRV")).optional(),
  dnsTtlSeconds: number(ttl).default(60),
  container: plain(string()).optional(),
  containerPort: plain(number(portNumber)).optional(),
});

type Options = Parsed<typeof cloudMapOptionsSchema>;
type PortsOfContainer = Pick<Container, "name" | "containerPort" | "portMappings">;

/** A service with records in Cloud Map. */
interface DiscoveredService {
  readonly cluster: EcsClusterTarget;
  readonly cloudMapOptions?: Options;
  readonly networkMode: NetworkMode;
}

/** What the records of a service lead to. */
export interface DiscoveredPort {
  readonly container: string;
  /** Undefined for tasks without a port, which have an address only. */
  readonly mapping?: Port;
}

const recordTypeOf = ({ dnsRecordType }: Options, mode: NetworkMode): "A" | "SRV" =>
  dnsRecordType ?? (mode === "awsvpc" ? "A" : "SRV");

/** Returns the namespace of the records: the service's own, or the cluster's default. */
export const namespaceOfRecords = (
  cluster: EcsClusterTarget,
  { cloudMapNamespace }: Pick<CloudMapOptions, "cloudMapNamespace">,
): Namespace | undefined => cloudMapNamespace ?? cluster.serviceConnectNamespace;

/** Returns what the records of a service lead to. @param containers the first one has the `containerPort` of the service */
export function discoveredPort(
  { container: wanted, containerPort }: Pick<CloudMapOptions, "container" | "containerPort">,
  containers: readonly PortsOfContainer[],
): DiscoveredPort {
  const container = containers.find(({ name }) => name === wanted) ?? (containers[0] as PortsOfContainer);
  const { containerPort: own } = container;
  const mapping = portsOf(container).find(
    (port) =>
      port.containerPort !== undefined && port.containerPort === (containerPort ?? own) && port.protocol === "tcp",
  );
  return { container: container.name, mapping };
}

/**
 * Finds what is wrong with the records of a service.
 * @param others the namespace of `serviceConnect`, and the names that it has there
 */
export function discoveryProblems(
  service: string,
  { cluster, cloudMapOptions: options, networkMode }: DiscoveredService,
  containers: readonly PortsOfContainer[],
  others: { readonly namespace?: Namespace; readonly names: readonly string[] },
): Problem[] {
  if (!options) return [];
  const namespace = namespaceOfRecords(cluster, options);
  const { name = service } = options;
  return [
    ...(namespace === undefined
      ? [
          problemOf(
            "cloudMapNamespace",
            "be set, because the cluster has no default namespace",
            undefined,
            'Use a ServiceConnectNamespace with type "DNS_PRIVATE", or set defaultCloudMapNamespace of the cluster.',
          ),
        ]
      : namespaceProblems(cluster, namespace, name, options.cloudMapNamespace, others)),
    ...recordProblems(options, networkMode),
    ...portProblems(options, networkMode, containers),
  ];
}

const problemOf = (setting: string, must: string, received: unknown, fix: string): Problem => ({
  path: `cloudMapOptions.${setting}`,
  rule: `must ${must}`,
  received: show(received),
  fix,
});

function namespaceProblems(
  cluster: EcsClusterTarget,
  namespace: Namespace,
  name: string,
  received: unknown,
  others: { readonly namespace?: Namespace; readonly names: readonly string[] },
): Problem[] {
  if (typeof namespace === "object" && namespace.hasDnsNames === false) {
    const fix = 'Set type: "DNS_PRIVATE" of the namespace, with another name, or use another namespace.';
    return [problemOf("cloudMapNamespace", "be a namespace with DNS names", received, fix)];
  }
  const other = ownerOf(cluster, namespace, name);
  const isOwn = isSame(namespace, others.namespace) && others.names.includes(name);
  if (other === undefined && !isOwn) return [];
  const owner = other === undefined ? "serviceConnect of the service has it." : `${other} has it.`;
  const fix = `${owner} Use another name, or set discoveryName of serviceConnect.`;
  return [problemOf("name", "be unique in the namespace", name, fix)];
}

function recordProblems({ dnsRecordType: type }: Options, mode: NetworkMode): Problem[] {
  if (type !== "A" || mode === "awsvpc") return [];
  const fix = "An A record has no port, and the tasks have ports of their instance. Use SRV, or networkMode awsvpc.";
  return [problemOf("dnsRecordType", `not be A with networkMode ${mode}`, type, fix)];
}

function portProblems(options: Options, mode: NetworkMode, containers: readonly PortsOfContainer[]): Problem[] {
  const names = containers.map(({ name }) => name);
  const { container = names[0] as string, containerPort } = options;
  if (!names.includes(container)) {
    const must = `be the name of a container of the task: ${names.map(show).join(", ")}`;
    return [problemOf("container", must, container, "Add the container to sidecars, or correct the name.")];
  }
  if (discoveredPort(options, containers).mapping) return [];
  if (containerPort !== undefined) {
    const must = `be a TCP port of the container ${show(container)}`;
    return [problemOf("containerPort", must, containerPort, "Add it to portMappings of the container.")];
  }
  if (recordTypeOf(options, mode) === "A") return [];
  const must = `be set, because the container ${show(container)} has no containerPort`;
  return [
    problemOf("containerPort", must, undefined, "An SRV record has a port. Use the port that the process listens on."),
  ];
}

/** Creates the service of Cloud Map with the records of a service. */
export function createDiscoveryService(
  scope: Construct,
  service: { readonly name: string; readonly clusterName: string; readonly networkMode: NetworkMode },
  options: Options,
  namespace: Namespace,
): ServiceDiscoveryService {
  const { name, clusterName, networkMode } = service;
  const type = recordTypeOf(options, networkMode);
  const purpose = `DNS records of the tasks of ${name}`;
  const namespaceId =
    typeof namespace === "string"
      ? namespaceIdOf(namespace)
      : (namespace.namespaceId ?? namespaceIdOf(namespace.namespaceArn));
  return new ServiceDiscoveryService(scope, "discovery", {
    name: literal(options.name ?? name),
    description: purpose,
    dnsConfig: { namespaceId, dnsRecords: [{ type, ttl: options.dnsTtlSeconds }] },
    // ECS reports the health of tasks. Without the threshold, which AWS ignores, the provider replaces the service in each
    // apply: https://github.com/hashicorp/terraform-provider-aws/issues/44285
    healthCheckCustomConfig: { failureThreshold: 1 },
    // ECS removes the records of stopped tasks after Terraform deleted the service.
    forceDestroy: true,
    tags: purposeTags(`${clusterName}-${name}`, purpose),
    lifecycle: {
      // The tasks leave it first.
      createBeforeDestroy: true,
      // Cloud Map cannot change the type, and the new service cannot have the name of the old one.
      ignoreChanges: ["dns_config[0].dns_records[0].type"],
      postcondition: [
        {
          condition: hcl`self.dns_config[0].dns_records[0].type == ${type}`.string,
          errorMessage: `The type of the DNS records of ${name} cannot change; received ${type} in place of ${hcl`self.dns_config[0].dns_records[0].type`}. ${type === "A" ? "Set dnsRecordType of cloudMapOptions to SRV, or remove" : "Remove"} cloudMapOptions, apply, and set it again.`,
        },
      ],
    },
  });
}

/** Returns the registry of a service as an argument of `aws_ecs_service`. An A record has no port. */
export const serviceRegistry = (
  options: Options,
  mode: NetworkMode,
  { container, mapping }: DiscoveredPort,
  registryArn: string,
): EcsServiceServiceRegistries =>
  recordTypeOf(options, mode) === "A"
    ? { registryArn }
    : { registryArn, containerName: container, containerPort: mapping?.containerPort };
