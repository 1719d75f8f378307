import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import {
  type CloudMapNamespaceSettings,
  cloudMapNamespaceSchema,
  createNamespace,
  namespaceArnRule,
  namespaceNameRule,
} from "../cluster/cloud-map-namespace";
import { identityOf } from "../cluster/cluster-identity";
import {
  clusterTargetField,
  type EcsClusterTarget,
  type ServiceNamespace,
  serviceNamespaceField,
} from "../cluster/ecs-cluster-target";
import { admittedRange } from "../network/port-range";
import { portRule } from "../network/port-sources";
import type { TaskSecurityGroup } from "../tasks/task-security-group";
import { purposeTags } from "../terraform/purpose-tags";
import { anyOf, deferReads, schemaOf, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { show } from "../validation/show";
import { throwIfInvalid, validate } from "../validation/validate";

/** A namespace for the services of a cluster that call each other. Set `name` or `namespaceArn`. */
export interface ServiceConnectNamespaceProps extends CloudMapNamespaceSettings {
  /** The cluster of the services. */
  readonly cluster: EcsClusterTarget;
}

export const serviceConnectNamespacePropsSchema = schemaOf<ServiceConnectNamespaceProps>()(
  { cluster: clusterTargetField, ...cloudMapNamespaceSchema.shape },
  ...cloudMapNamespaceSchema.rules,
  function* namedOrExisting(_, given) {
    if (given("name") || given("namespaceArn")) return;
    yield { at: "name", must: "be set, or namespaceArn", fix: 'For example "internal".' };
  },
  rangeHasProxyPorts,
);

/** The kernel of an instance chooses a proxy's host port from this range. */
const PROXY_PORTS = { from: 32_768, to: 60_999 } as const;

function* rangeHasProxyPorts({ cluster }: Known<ServiceConnectNamespaceProps>): Findings<ServiceConnectNamespaceProps> {
  const { from, to } = PROXY_PORTS;
  const range = cluster?.portRules?.portRange;
  if (range?.from === undefined || range.to === undefined || (range.from <= from && range.to >= to)) return;
  yield {
    at: ["cluster", "portRules", "portRange"],
    must: `contain ${from}-${to} with Service Connect, whose proxies use these ports`,
    received: `${range.from}-${range.to}`,
    fix: "Widen the cluster's portRange, or do not use Service Connect.",
  };
}

/** The paths of the namespaces, by the cluster that each belongs to. */
const NAMESPACES = new WeakMap<object, string>();

/**
 * A Service Connect namespace, and the security group rule that lets instances reach each other's dynamic host ports: in
 * bridge mode, the proxies connect from host to host. Create one for each cluster.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
 */
export class ServiceConnectNamespace extends Construct implements ServiceNamespace {
  /** The namespace's ARN. */
  readonly namespaceArn: string;
  /** The namespace's id. @default - undefined for a namespace that exists, which has it at the end of its ARN */
  readonly namespaceId?: string;
  /** Whether it has DNS names. @default - unknown, for a namespace that exists without `type` */
  readonly hasDnsNames?: boolean;
  /** The security group rule. A service that uses the namespace depends on it. */
  readonly rule: ITerraformDependable;
  private clientGroup?: TaskSecurityGroup;

  /** @throws {SettingsError} with every problem of the props */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceConnectNamespaceProps,
  ) {
    super(scope, id);
    deferReads(this);
    const { cluster, ...settings } = validate(this, serviceConnectNamespacePropsSchema, props);
    this.register(cluster, settings);
    const { instanceSecurityGroupId } = cluster.portRules;
    const { from, to } = admittedRange(cluster.portRules);
    const { clusterName } = cluster.cluster;
    const { resource, ...namespace } = createNamespace(this, "resource", settings, {
      name: clusterName,
      vpcId: cluster.vpc.vpcId,
    });
    if (resource) this.node.defaultChild = resource;
    this.namespaceArn = namespace.namespaceArn;
    this.namespaceId = namespace.namespaceId;
    this.hasDnsNames = namespace.hasDnsNames;
    const purpose = "Service Connect between instances";
    this.rule = new VpcSecurityGroupIngressRule(this, "instances_from_instances", {
      securityGroupId: instanceSecurityGroupId,
      referencedSecurityGroupId: instanceSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: from,
      toPort: to,
      description: purpose,
      tags: purposeTags(`${cluster.cluster.clusterName}-instances-from-instances`, purpose),
      // The proxies of tasks need it until the tasks have stopped.
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /**
   * The security group that the tasks in awsvpc mode have as clients. It exists only if a service in awsvpc mode uses the
   * namespace.
   */
  get clients(): TaskSecurityGroup {
    this.clientGroup ??= this.createClients();
    return this.clientGroup;
  }

  private createClients(): TaskSecurityGroup {
    const { cluster } = this.props;
    const { from, to } = admittedRange(cluster.portRules);
    const name = `${cluster.cluster.clusterName}-service-connect-clients`;
    const purpose = "Tasks in awsvpc mode that use Service Connect";
    const lifecycle = { createBeforeDestroy: true };
    const { id: securityGroupId } = new SecurityGroup(this, "clients", {
      namePrefix: `${name}-`,
      description: purpose,
      vpcId: cluster.vpc.vpcId,
      tags: purposeTags(name, purpose),
      lifecycle,
    });
    const toInstances = {
      securityGroupId: cluster.portRules.instanceSecurityGroupId,
      protocol: "tcp",
      from,
      to,
    } as const;
    const rule = new VpcSecurityGroupIngressRule(this, "instances_from_clients", {
      ...portRule(toInstances, "Service Connect from tasks in awsvpc mode to instances"),
      referencedSecurityGroupId: securityGroupId,
      lifecycle,
    });
    return { securityGroupId, rules: [rule] };
  }

  /** AWS rejects a second rule between the instances. @throws {SettingsError} when the cluster has a namespace */
  private register(cluster: EcsClusterTarget, { name, namespaceArn }: CloudMapNamespaceSettings): void {
    const identity = identityOf(cluster);
    const other = NAMESPACES.get(identity);
    if (other !== undefined) {
      const rule = `must not be set: the cluster already has the namespace ${other}`;
      const fix = "Use that namespace for every service.";
      const path = name === undefined ? "namespaceArn" : "name";
      throwIfInvalid(this, [{ path, rule, received: show(name ?? namespaceArn), fix }]);
    }
    NAMESPACES.set(identity, this.node.path);
  }
}

const USE_NAMESPACE = "Use a ServiceConnectNamespace, or the name of a namespace.";

const namespaceObject = serviceNamespaceField(USE_NAMESPACE);

/** The field of the namespace of a service: a construct, or the name or the ARN of one that exists. */
export const namespaceField = anyOf(namespaceObject, string(namespaceNameRule)).with<
  ServiceNamespace | string,
  ServiceNamespace | string
>({ fix: USE_NAMESPACE });

/** The same without a name: Cloud Map finds a namespace by its id, which the ARN has. */
export const namespaceByArnField = anyOf(namespaceObject, string(namespaceArnRule)).with<
  ServiceNamespace | string,
  ServiceNamespace | string
>({ fix: "Use a ServiceConnectNamespace, or the ARN of a namespace." });
