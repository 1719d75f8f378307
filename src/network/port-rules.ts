import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { checkProps } from "../validation/check-props";
import { boolean, interfaceOf, plain, string } from "../validation/schema";
import { httpCidrsRules, nameRules, sshCidrsRules } from "../validation/values";
import type { DefaultVpc } from "./default-vpc";
import { type PortRange, portRangeField } from "./port-range";

/** Who may connect to what. */
export interface PortRulesProps {
  /** What the groups' names start with. */
  readonly name: string;
  /** The VPC that the groups are in. */
  readonly vpc: DefaultVpc;
  /** The dynamic host ports: the agent's own range. */
  readonly portRange: PortRange;
  /** Networks that may connect by SSH, IPv4 (/8 or narrower) or IPv6 (/16 or narrower); never the whole internet. @default - no SSH rule */
  readonly sshCidrs?: string[];
  /** Networks that may reach the load balancer, IPv4 or IPv6. @default - no load balancer, so no group for one */
  readonly httpCidrs?: string[];
  /** Admit HTTPS to the load balancer. @default false */
  readonly https?: boolean;
  /** Admit HTTP to the load balancer. @default true */
  readonly http?: boolean;
}

/**
 * Both security groups and every rule, each rule a resource of its own: changing one never touches another. The dynamic
 * host ports are open to the load balancer's group alone.
 */
export class PortRules extends Construct {
  /** The container instances' security group. */
  readonly instanceSecurityGroupId: string;
  /** The load balancer's security group, where there is a load balancer. */
  readonly loadBalancerSecurityGroupId?: string;
  /** The dynamic host ports that the rules admit. */
  readonly portRange: PortRange;
  /** Which ports the load balancer's group admits. */
  readonly admits: { readonly http: boolean; readonly https: boolean };

  constructor(scope: Construct, id: string, props: PortRulesProps) {
    super(scope, id);
    const { name, vpc, portRange, sshCidrs, httpCidrs, https = false, http = true } = props;
    checkProps(this, {
      name: [name, nameRules],
      sshCidrs: [sshCidrs, sshCidrsRules],
      httpCidrs: [httpCidrs, httpCidrsRules],
    });
    this.portRange = portRange;
    this.admits = { http: httpCidrs !== undefined && http, https: httpCidrs !== undefined && https };

    const group = (groupId: string, groupName: string, purpose: string) =>
      new SecurityGroup(this, groupId, {
        namePrefix: `${groupName}-`,
        description: purpose,
        vpcId: vpc.vpcId,
        tags: purposeTags(groupName, purpose),
        // A group in use can't be deleted, so the new one has to be there first.
        lifecycle: { createBeforeDestroy: true },
      });
    const instances = group("instances", `${name}-instances`, "The ECS container instances");
    this.instanceSecurityGroupId = instances.id;

    if (httpCidrs) {
      const balancer = group("load_balancer", `${name}-load-balancer`, "The load balancer of the ECS cluster");
      this.loadBalancerSecurityGroupId = balancer.id;
      if (http) this.admit("http", balancer.id, 80, httpCidrs, "HTTP to the load balancer");
      if (https) this.admit("https", balancer.id, 443, httpCidrs, "HTTPS to the load balancer");
      const range = { ipProtocol: "tcp", fromPort: portRange.from, toPort: portRange.to };
      const purpose = "Requests and health checks to dynamic host ports";
      new VpcSecurityGroupEgressRule(this, "load_balancer_to_instances", {
        securityGroupId: balancer.id,
        referencedSecurityGroupId: instances.id,
        ...range,
        description: purpose,
        tags: purposeTags(`${name}-load-balancer-to-instances`, purpose),
      });
      new VpcSecurityGroupIngressRule(this, "instances_from_load_balancer", {
        securityGroupId: instances.id,
        referencedSecurityGroupId: balancer.id,
        ...range,
        description: purpose,
        tags: purposeTags(`${name}-instances-from-load-balancer`, purpose),
      });
    }
    if (sshCidrs) this.admit("ssh", instances.id, 22, sshCidrs, "SSH to the container instances");

    // Terraform removes the rule that lets everything out, and without it the agent never reaches ECS.
    for (const [egressId, cidr] of [
      ["instances_to_ipv4", { cidrIpv4: "0.0.0.0/0" }],
      ["instances_to_ipv6", { cidrIpv6: "::/0" }],
    ] as const) {
      const purpose = "To ECS and ECR and whatever the containers call";
      new VpcSecurityGroupEgressRule(this, egressId, {
        securityGroupId: instances.id,
        ipProtocol: "-1",
        ...cidr,
        description: purpose,
        tags: purposeTags(`${name}-${egressId.replace(/_/g, "-")}`, purpose),
      });
    }
  }

  /** One ingress rule a network; the key is the network as AWS writes it, so that two spellings make one rule. */
  private admit(id: string, securityGroupId: string, port: number, cidrs: string[], purpose: string): void {
    const each = TerraformIterator.fromList(hcl`[for cidr in ${cidrs} : cidrsubnet(cidr, 0, 0)]`.list);
    new VpcSecurityGroupIngressRule(this, id, {
      forEach: each,
      securityGroupId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      cidrIpv4: hcl`strcontains(each.value, ":") ? null : each.value`.string,
      cidrIpv6: hcl`strcontains(each.value, ":") ? each.value : null`.string,
      description: purpose,
      tags: purposeTags(hcl`each.value`.string, purpose),
    });
  }
}

/** The field of a `portRules` property. */
export const portRulesField = interfaceOf<PortRules>(
  "port rules",
  "Use a PortRules construct.",
)({
  instanceSecurityGroupId: string(),
  loadBalancerSecurityGroupId: string().optional(),
  portRange: portRangeField,
  admits: interfaceOf<PortRules["admits"]>(
    "the ports that the rules admit",
    "Use a PortRules construct.",
  )({
    http: plain(boolean()),
    https: plain(boolean()),
  }),
});
