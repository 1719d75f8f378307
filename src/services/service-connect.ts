import type { EcsServiceServiceConnectConfiguration } from "@cdktf/provider-aws/lib/ecs-service";
import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import type { PortRange } from "../network/port-range";
import { literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { propMistakes, refuse } from "../validation/check-props";
import { matches } from "../validation/rule";
import { portRules } from "./service-rules";

const namespaceRules = [
  matches("^[!-~]{1,1024}$", "be the name of a namespace", '1 to 1024 characters without spaces, such as "internal".'),
];
const dnsNameRules = [
  matches(
    "^[a-z0-9]([a-z0-9.-]{0,125}[a-z0-9])?$",
    "be a name of at most 127 lower-case letters, digits, dots and hyphens",
    "Other services call this one by it.",
  ),
];
/** Where the kernel of an instance picks a proxy's host port from. */
const PROXY_PORTS = { from: 32_768, to: 60_999 } as const;

/** By the ports of a cluster: which namespace brought the rule, which AWS refuses a second time. */
const RULES = new WeakMap<object, string>();

/** A namespace for the services of a cluster that call each other. */
export interface ServiceConnectNamespaceProps {
  readonly cluster: EcsClusterTarget;
  /** What the namespace is called: unique in the region and the account. */
  readonly name: string;
}

/** How a service takes part in Service Connect. */
export interface ServiceConnectSettings {
  /** The namespace, or in another state than the namespace's its name. */
  readonly namespace: ServiceConnectNamespace | string;
  /** The name that other services call this one by. @default - the service's name */
  readonly dnsName?: string;
  /** The port that other services call. @default - the container's port */
  readonly port?: number;
}

/**
 * A Service Connect namespace, and the rule that lets instances reach each other's dynamic host ports: in bridge mode the
 * proxies connect host to host. Make it once for a cluster.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
 */
export class ServiceConnectNamespace extends Construct {
  /** The namespace's ARN. */
  readonly namespaceArn: string;
  /** The rule that the proxies need. */
  readonly rule: ITerraformDependable;

  /** @throws {SettingsError} with every mistake at once */
  constructor(scope: Construct, id: string, props: ServiceConnectNamespaceProps) {
    super(scope, id);
    const { cluster, name } = props;
    const { instanceSecurityGroupId, portRange } = cluster.portRules;
    const other = RULES.get(cluster.portRules);
    refuse(this, [
      ...propMistakes({ name: [name, namespaceRules] }),
      ...portRangeMistakes(portRange),
      ...(other === undefined
        ? []
        : [
            `name must be the only namespace's on its cluster; received ${JSON.stringify(name)} beside ${other}, whose rule between the instances AWS takes once. Make one namespace, and give it to every service.`,
          ]),
    ]);
    RULES.set(cluster.portRules, this.node.path);
    const namespace = new ServiceDiscoveryHttpNamespace(this, "resource", {
      name: literal(name),
      description: "What the services of the ECS cluster call each other by",
      tags: purposeTags(`${cluster.cluster.clusterName}-service-connect`, "Names of services that call each other"),
    });
    this.namespaceArn = namespace.arn;
    const purpose = "Service Connect from instance to instance";
    this.rule = new VpcSecurityGroupIngressRule(this, "instances_from_instances", {
      securityGroupId: instanceSecurityGroupId,
      referencedSecurityGroupId: instanceSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: portRange.from,
      toPort: portRange.to,
      description: purpose,
      tags: purposeTags(`${cluster.cluster.clusterName}-instances-from-instances`, purpose),
    });
  }
}

/** A proxy's host port may be any of the kernel's, so the rule has to hold all of those. */
function portRangeMistakes(range: PortRange): string[] {
  const { from, to } = PROXY_PORTS;
  if (range.from <= from && range.to >= to) return [];
  return [
    `portRange must hold ${from}-${to} with Service Connect, whose proxies get those ports; received ${range}. Widen the cluster's portRange, or do without Service Connect.`,
  ];
}

/** Every way in which a service's Service Connect settings break a rule. */
export function serviceConnectMistakes(
  settings: ServiceConnectSettings,
  containerPort: number | undefined,
  prefix = "",
): string[] {
  const { namespace, dnsName, port } = settings;
  const mistakes = propMistakes({
    [`${prefix}namespace`]: [typeof namespace === "string" ? namespace : undefined, namespaceRules],
    [`${prefix}dnsName`]: [dnsName, dnsNameRules],
    [`${prefix}port`]: [port, portRules],
  });
  if (containerPort === undefined && (port ?? dnsName) !== undefined) {
    mistakes.push(
      `containerPort must be given with ${prefix}${port === undefined ? "dnsName" : "port"}; received nothing. Give the port that the process in the container listens on, or leave the other out: the service then only calls others.`,
    );
  }
  return mistakes;
}

/** The service's side of it: a server where the container has a port, a client in any case. */
export function serviceConnectConfiguration(
  settings: ServiceConnectSettings,
  service: {
    readonly name: string;
    readonly containerPort?: number;
    readonly logGroupName: string;
    readonly region: string;
  },
): EcsServiceServiceConnectConfiguration {
  const { namespace, dnsName = service.name, port = service.containerPort } = settings;
  return {
    enabled: true,
    namespace: typeof namespace === "string" ? literal(namespace) : namespace.namespaceArn,
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": service.logGroupName,
        "awslogs-region": service.region,
        "awslogs-stream-prefix": "service-connect",
      },
    },
    service:
      port === undefined || service.containerPort === undefined
        ? undefined
        : [{ portName: service.name, discoveryName: service.name, clientAlias: { port, dnsName } }],
  };
}
