import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { identityOf } from "../cluster/cluster-identity";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { admitSources } from "../network/port-sources";
import { purposeTags } from "../terraform/purpose-tags";
import type { Problem } from "../validation/problem";
import type { Container } from "./container";
import { portsOf } from "./container-network";
import { fixedPorts, type NetworkMode, overlap, type Port, type Ports, portsText } from "./port-mapping";

/** A security group for network interfaces of tasks, and what tasks need before they start. */
export interface TaskSecurityGroup {
  readonly securityGroupId: string;
  readonly rules: readonly ITerraformDependable[];
}

/** The security group can leave a task only after the task, so that Terraform destroys it last. */
const lifecycle = { createBeforeDestroy: true };

/** Creates the security group of the network interfaces of tasks. Like the instances, the tasks can connect to any address. */
export function createTaskSecurityGroup(
  scope: Construct,
  { vpc, cluster }: EcsClusterTarget,
  name: string,
): TaskSecurityGroup {
  const fullName = `${cluster.clusterName}-${name}-tasks`;
  const purpose = `Network interfaces of the tasks of ${name} without a public address`;
  const { id: securityGroupId } = new SecurityGroup(scope, "security_group", {
    namePrefix: `${fullName}-`,
    description: purpose,
    vpcId: vpc.vpcId,
    tags: purposeTags(fullName, purpose),
    lifecycle,
  });
  const rules = (
    [
      ["ipv4", { cidrIpv4: "0.0.0.0/0" }],
      ["ipv6", { cidrIpv6: "::/0" }],
    ] as const
  ).map(([version, network]) => {
    const outbound = `Outbound traffic of the tasks of ${name}`;
    return new VpcSecurityGroupEgressRule(scope, `tasks_to_${version}`, {
      securityGroupId,
      ipProtocol: "-1",
      ...network,
      description: outbound,
      tags: purposeTags(`${fullName}-to-${version}`, outbound),
      lifecycle,
    });
  });
  return { securityGroupId, rules };
}

/**
 * Creates the rules for `allowFrom` of the ports of a task: in the tasks' own security group, or for a fixed port of the
 * instances in theirs.
 */
export function admitToPorts(
  scope: Construct,
  containers: readonly Container[],
  task: {
    readonly name: string;
    readonly networkMode: NetworkMode;
    readonly securityGroupId: string;
    readonly instances: string;
  },
): ITerraformDependable[] {
  const { name, networkMode, securityGroupId, instances } = task;
  return containers.flatMap(portsOf).flatMap((port) => {
    const ports = fixedPorts(port, networkMode);
    if (!ports || !port.allowFrom) return [];
    const { protocol, from, to } = ports;
    const id = `${protocol}_${from === to ? from : `${from}_${to}`}`;
    const purpose = `port ${portsText(ports)} of ${name}`;
    return admitSources(scope, id, { ...ports, securityGroupId }, port.allowFrom, { instances, purpose });
  });
}

/** A fixed port of the instances, and who is admitted to it. */
export interface AdmittedPort {
  /** The construct that creates the rules. */
  readonly owner: string;
  /** The path of the setting, for messages. */
  readonly setting: string;
  readonly ports: Ports;
  /** The sources of rules of the instances' security group. AWS rejects two rules that are equal. */
  readonly sources: readonly string[];
}

const ADMITTED = new WeakMap<object, AdmittedPort[]>();

/** Returns the fixed ports of all task definitions of a cluster with their sources, in all stacks of the app. */
export function admittedOn(cluster: EcsClusterTarget): AdmittedPort[] {
  const identity = identityOf(cluster);
  const ports = ADMITTED.get(identity) ?? [];
  ADMITTED.set(identity, ports);
  return ports;
}

/** Returns the sources that `allowFrom` of a port admits. */
export const sourcesOf = ({ allowFrom }: Pick<Port, "allowFrom">): string[] => [
  ...(allowFrom?.instances ? ["instances"] : []),
  ...Object.values(allowFrom?.securityGroups ?? {}),
  ...(allowFrom?.cidrs ?? []),
];

/** Returns the fixed ports of the instances that a task definition admits sources to. */
export function admittedPorts(owner: Construct, containers: readonly Container[], mode: NetworkMode): AdmittedPort[] {
  if (mode !== "bridge" && mode !== "host") return [];
  return containers.flatMap((container, index) =>
    container.portMappings.flatMap((port, place) => {
      const [ports, sources] = [fixedPorts(port, mode), sourcesOf(port)];
      if (!ports || sources.length === 0) return [];
      return [{ owner: owner.node.path, setting: `containers[${index}].portMappings[${place}]`, ports, sources }];
    }),
  );
}

/** Finds a source that another construct admits to the same port of the instances. */
export function admittedTwice(port: AdmittedPort, others: readonly AdmittedPort[]): Problem[] {
  const other = others.find(
    ({ ports, sources }) => overlap(port.ports, ports) && sources.some((source) => port.sources.includes(source)),
  );
  if (!other) return [];
  const rule = "must admit each source once only, because all instances have one security group";
  const fix = `${other.owner} already admits it. Remove the source or the route from one of the two.`;
  return [{ path: port.setting, rule, received: portsText(port.ports), fix }];
}
