import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { dependableField } from "../cluster/ecs-cluster-target";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules, regionRule } from "../validation/aws-rules";
import { matches } from "../validation/rule";
import { boolean, interfaceOf, list, plain, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";
import { INSTANCE_POLICY_NAME, type InstancePolicyProps, instancePolicy } from "./instance-policy";
import { attachPolicies, managedPoliciesField } from "./managed-policies";
import { allowed, type PolicyStatement, policyStatementsField } from "./policy-statement";
import { createInstanceProfile, createRole } from "./role";

/** The permissions of the instances. */
export interface InstanceRoleProps {
  /** The start of the role's name. */
  readonly name: string;
  /** The region. It is part of the role's name, because IAM's names are global. */
  readonly region: string;
  /** Lets Session Manager connect to the instances. @default true */
  readonly sessionManager?: boolean;
  /**
   * The only cluster that the instances can join. An inline policy replaces AWS's managed policies. Every task then needs
   * an execution role, because the instance can neither pull images nor write logs.
   * @default - `AmazonEC2ContainerServiceforEC2Role` and `AmazonSSMManagedInstanceCore`, which allow every cluster
   */
  readonly onlyCluster?: InstancePolicyProps["cluster"];
  /** With `onlyCluster`: lets Spot instances drain themselves when AWS interrupts them. @default false */
  readonly spotDraining?: boolean;
  /** With `onlyCluster`: lets Bottlerocket instances pull their host containers. @default false */
  readonly bottlerocket?: boolean;
  /** Additional permissions, in an inline policy. @default - none */
  readonly statements?: readonly PolicyStatement[];
  /** Additional managed policies, by ARN. @default - none */
  readonly policyArns?: readonly string[];
}

/** The field of additional managed policies of the instances. AWS's policies for ECS and Session Manager are two more. */
export const instancePolicyArnsField = managedPoliciesField(2);

export const instanceRolePropsSchema = schemaOf<InstanceRoleProps>()({
  name: string(...clusterNameRules),
  region: string(regionRule),
  sessionManager: plain(boolean()).default(true),
  onlyCluster: interfaceOf<InstancePolicyProps["cluster"]>(
    "a cluster",
    "Use a Cluster construct.",
  )({ clusterName: string(), clusterArn: string() }).optional(),
  spotDraining: plain(boolean()).default(false),
  bottlerocket: plain(boolean()).default(false),
  statements: policyStatementsField.default([]),
  policyArns: instancePolicyArnsField.default([]),
});

/** The policy of AWS that lets instances join a cluster. */
export const MANAGED_POLICY = "AmazonEC2ContainerServiceforEC2Role";

/**
 * The role of the instances. Without `ecs:RegisterContainerInstance` they cannot join their cluster, and only the log of
 * the ECS agent shows it.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
 */
export class InstanceRole extends Construct implements InstanceProfileReference {
  /** The role's name. */
  readonly roleName: string;
  /** The instance profile's ARN, for launch templates. */
  readonly instanceProfileArn: string;
  /** The name of the policy that lets instances join the cluster. */
  readonly policyName: string;
  /** The role's policies. Auto Scaling groups depend on them, so that instances keep their permissions until they stop. */
  readonly attachments: readonly ITerraformDependable[];

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: InstanceRoleProps) {
    super(scope, id);
    const settings = validate(this, instanceRolePropsSchema, props);
    const { name, region, sessionManager, onlyCluster, spotDraining, bottlerocket } = settings;
    const partition = new DataAwsPartition(this, "partition");
    const roleName = `${name}-instance-${region}`;
    const purpose = "Lets the container instances join the ECS cluster";
    const role = createRole(this, "resource", {
      name: roleName,
      description: purpose,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: `ec2.${partition.dnsSuffix}` } },
        ],
      }),
      tags: purposeTags(roleName, purpose),
    });
    this.node.defaultChild = role;
    this.roleName = role.name;

    // Never aws_iam_policy_attachment, which detaches the policy from every other role of the account.
    // https://github.com/hashicorp/terraform-provider-aws/issues/94
    const attach = (attachmentId: string, policy: string) =>
      new IamRolePolicyAttachment(this, attachmentId, {
        role: role.name,
        policyArn: `arn:${partition.partition}:iam::aws:policy/${policy}`,
      });
    const join = onlyCluster
      ? [
          new IamRolePolicy(this, "policy", {
            name: INSTANCE_POLICY_NAME,
            role: role.name,
            policy: instancePolicy({ cluster: onlyCluster, sessionManager, spotDraining, bottlerocket }).string,
          }),
        ]
      : [
          attach("ecs", `service-role/${MANAGED_POLICY}`),
          ...(sessionManager ? [attach("session_manager", "AmazonSSMManagedInstanceCore")] : []),
        ];
    this.policyName = onlyCluster ? INSTANCE_POLICY_NAME : MANAGED_POLICY;
    this.attachments = [
      ...join,
      ...(settings.statements.length > 0
        ? [
            new IamRolePolicy(this, "further", {
              name: "further",
              role: role.name,
              policy: hcl`jsonencode(${{ Version: "2012-10-17", Statement: settings.statements.map(allowed) }})`.string,
            }),
          ]
        : []),
      ...attachPolicies(this, role, settings.policyArns, (arn) => `further_${arn.replace(/[^A-Za-z0-9]+/g, "_")}`),
    ];

    const profile = createInstanceProfile(this, "profile", {
      name: roleName,
      role: role.name,
      tags: purposeTags(roleName, "Gives the role to the container instances"),
    });
    this.instanceProfileArn = profile.arn;
  }
}

export const instanceProfileArnRule = matches(
  "^arn:aws[a-z-]*:iam::[0-9]{12}:instance-profile/.+$",
  "be the ARN of an instance profile",
  "List the profiles: aws iam list-instance-profiles --query InstanceProfiles[].Arn",
);

/** The profile of the instances: an {@link InstanceRole}, or one that exists, such as `{ instanceProfileArn: "arn:aws:iam::…" }`. */
export interface InstanceProfileReference {
  /**
   * The ARN of the instance profile. Its role must let the ECS agent register the instance, as AWS's policy
   * `AmazonEC2ContainerServiceforEC2Role` does.
   */
  readonly instanceProfileArn: string;
  /** The resources that give the role its permissions. Instances start after them, and end before them. @default - none */
  readonly attachments?: readonly ITerraformDependable[];
}

/** The field of a `role` property. */
export const instanceRoleField = interfaceOf<InstanceProfileReference>(
  "an InstanceRole",
  "Pass the construct, or an object with its attributes.",
)({
  instanceProfileArn: string(),
  attachments: list(dependableField).optional(),
});
