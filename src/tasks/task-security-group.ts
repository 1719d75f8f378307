import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { admitSources } from "../network/port-sources";
import { purposeTags } from "../terraform/purpose-tags";
import type { Container } from "./container";
import { portsOf } from "./container-network";
import { fixedPorts, type NetworkMode, portsText } from "./port-mapping";

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
