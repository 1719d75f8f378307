import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { purposeTags } from "../terraform/purpose-tags";
import { checkProps, isToken } from "../validation/check-props";
import { each } from "../validation/rule";
import { custom, interfaceOf, list, string } from "../validation/schema";
import { nameRules, policyArnRule, regionRule } from "../validation/values";
import { INSTANCE_POLICY_NAME, instancePolicy } from "./instance-policy";

/** What the instances may do. */
export interface InstanceRoleProps {
  /** What the role's name starts with. */
  readonly name: string;
  /** The region: IAM's names are global, so it is part of the role's name. */
  readonly region: string;
  /** Let Session Manager onto the instances. @default true */
  readonly sessionManager?: boolean;
  /**
   * The one cluster that the instances may join, by an inline policy in place of AWS's managed ones. Every task then
   * needs an execution role, since the instance neither pulls its images nor writes its logs.
   * @default - `AmazonEC2ContainerServiceforEC2Role` and `AmazonSSMManagedInstanceCore`, which hold for every cluster
   */
  readonly onlyCluster?: Pick<EcsClusterTarget["cluster"], "clusterName" | "clusterArn">;
  /** With `onlyCluster`: some instances are Spot, and drain themselves when they are taken back. @default false */
  readonly spotDraining?: boolean;
  /** With `onlyCluster`: some instances are Bottlerocket, which pulls its own containers. @default false */
  readonly bottlerocket?: boolean;
  /** Further managed policies, by ARN. @default - none */
  readonly policyArns?: readonly string[];
}

const MANAGED_POLICY = "AmazonEC2ContainerServiceforEC2Role";

/**
 * The instances' role: without `ecs:RegisterContainerInstance` they would never join their cluster, and say so in the
 * agent's log alone.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
 */
export class InstanceRole extends Construct {
  /** The role's name. */
  readonly roleName: string;
  /** The instance profile's ARN, for launch templates. */
  readonly instanceProfileArn: string;
  /** The policy that lets them register, by its name. */
  readonly policyName: string;
  /** The policies. What runs on the instances depends on them, so that the rights outlive the instances on destroy. */
  readonly attachments: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: InstanceRoleProps) {
    super(scope, id);
    const { name, region, sessionManager = true, policyArns = [], onlyCluster } = props;
    checkProps(this, {
      name: [name, nameRules],
      region: [region, [regionRule]],
      policyArns: [policyArns, [each(policyArnRule)]],
    });
    const partition = new DataAwsPartition(this, "partition");
    const roleName = `${name}-instance-${region}`;
    const purpose = "Lets the container instances join the ECS cluster";
    const role = new IamRole(this, "resource", {
      name: roleName,
      description: `${purpose} and reach what their policies name`,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: `ec2.${partition.dnsSuffix}` } },
        ],
      }),
      tags: purposeTags(roleName, purpose),
    });
    this.roleName = role.name;

    // Never aws_iam_policy_attachment, which takes the policy away from every other role of the account.
    // https://github.com/hashicorp/terraform-provider-aws/issues/94
    const attach = (attachmentId: string, policy: string) =>
      new IamRolePolicyAttachment(this, attachmentId, {
        role: role.name,
        policyArn: `arn:${partition.partition}:iam::aws:policy/${policy}`,
      });
    if (onlyCluster) {
      this.policyName = INSTANCE_POLICY_NAME;
      const { spotDraining = false, bottlerocket = false } = props;
      const policy = instancePolicy({ cluster: onlyCluster, sessionManager, spotDraining, bottlerocket });
      this.attachments = [
        new IamRolePolicy(this, "policy", { name: this.policyName, role: role.name, policy: policy.string }),
      ];
    } else {
      this.policyName = MANAGED_POLICY;
      this.attachments = [attach("ecs", `service-role/${MANAGED_POLICY}`)];
      if (sessionManager)
        this.attachments = [...this.attachments, attach("session_manager", "AmazonSSMManagedInstanceCore")];
    }
    // One by one and not by for_each, which takes no ARN that isn't known before the policy is made.
    const further = [...new Set(policyArns)].map((policyArn, index) => {
      const named = isToken(policyArn) ? String(index) : policyArn.slice(policyArn.indexOf(":iam::") + ":iam::".length);
      return new IamRolePolicyAttachment(this, `further_${named.replace(/[^A-Za-z0-9]+/g, "_")}`, {
        role: role.name,
        policyArn,
      });
    });
    this.attachments = [...this.attachments, ...further];

    const profile = new IamInstanceProfile(this, "profile", {
      name: roleName,
      role: role.name,
      tags: purposeTags(roleName, "Hands the role to the container instances"),
    });
    this.instanceProfileArn = profile.arn;
  }
}

/** The field of a `role` property. */
export const instanceRoleField = interfaceOf<InstanceRole>(
  "an instance role",
  "Use an InstanceRole construct.",
)({
  roleName: string(),
  instanceProfileArn: string(),
  policyName: string(),
  attachments: list(
    custom<ITerraformDependable>(
      "a resource",
      "Use an InstanceRole construct.",
      (value) => typeof (value as Partial<ITerraformDependable> | null)?.fqn === "string",
    ),
  ),
});
