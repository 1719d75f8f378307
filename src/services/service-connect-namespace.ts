import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { identityOf } from "../cluster/cluster-identity";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { admittedRange } from "../network/port-range";
import { portRule } from "../network/port-sources";
import type { TaskSecurityGroup } from "../tasks/task-security-group";
import { literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { matches } from "../validation/rule";
import { anyOf, interfaceOf, schemaOf, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { show } from "../validation/show";
import { throwIfInvalid, validate } from "../validation/validate";

/** A namespace for the services of a cluster that call each other. */
export interface ServiceConnectNamespaceProps {
  /** The cluster of the services. */
  readonly cluster: EcsClusterTarget;
  /** The namespace's name. It must be unique in the region and the account. */
  readonly name: string;
}

const namespaceName = matches(
  "^[!-~]{1,1024}$",
  "be the name of a namespace",
  'It has 1 to 1024 characters without spaces. For example "internal".',
);

export const serviceConnectNamespacePropsSchema = schemaOf<ServiceConnectNamespaceProps>()(
  { cluster: clusterTargetField, name: string(namespaceName) },
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
export class ServiceConnectNamespace extends Construct {
  /** The namespace's ARN. */
  readonly namespaceArn: string;
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
    const { cluster, name } = validate(this, serviceConnectNamespacePropsSchema, props);
    this.register(cluster, name);
    const { instanceSecurityGroupId } = cluster.portRules;
    const { from, to } = admittedRange(cluster.portRules);
    const namespace = new ServiceDiscoveryHttpNamespace(this, "resource", {
      name: literal(name),
      description: "Names for Service Connect between services of the ECS cluster",
      tags: purposeTags(`${cluster.cluster.clusterName}-service-connect`, "Names for Service Connect between services"),
      // Terraform would replace the namespace for another description, and AWS rejects that while services use it.
      // AWS deletes a namespace only after the services left it.
      lifecycle: { ignoreChanges: ["description"], createBeforeDestroy: true },
    });
    this.node.defaultChild = namespace;
    this.namespaceArn = namespace.arn;
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
  private register(cluster: EcsClusterTarget, name: string): void {
    const identity = identityOf(cluster);
    const other = NAMESPACES.get(identity);
    if (other !== undefined) {
      const rule = `must not be set: the cluster already has the namespace ${other}`;
      const fix = "Use that namespace for every service.";
      throwIfInvalid(this, [{ path: "name", rule, received: show(name), fix }]);
    }
    NAMESPACES.set(identity, this.node.path);
  }
}

const USE_NAMESPACE = "Use a ServiceConnectNamespace, or the name of a namespace.";

/** The field of the namespace of a service. */
export const namespaceField = anyOf(
  interfaceOf<ServiceConnectNamespace>(
    "a ServiceConnectNamespace",
    USE_NAMESPACE,
  )({
    namespaceArn: string(),
    rule: interfaceOf<ITerraformDependable>(
      "a resource",
      "Use the rule of a ServiceConnectNamespace.",
    )({
      fqn: string(),
    }),
  }),
  string(namespaceName),
).with<ServiceConnectNamespace | string, ServiceConnectNamespace | string>({ fix: USE_NAMESPACE });
