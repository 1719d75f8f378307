import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { AFTER_USERS } from "./managed-policies";
import { createRole } from "./role";

/** The service whose tasks have EBS volumes. */
interface VolumeRoleProps {
  readonly clusterArn: string;
  /** The start of the role's name: `<cluster>-<service>`. */
  readonly name: string;
  /** The key that encrypts the volumes. @default - the account's key for EBS */
  readonly encryptionKeyArn?: string;
}

/**
 * The role with which ECS creates the EBS volumes of tasks, attaches them and deletes them.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
 */
export class VolumeRole extends Construct {
  /** The role's ARN. */
  readonly roleArn: string;
  /** The role's policies. The service depends on them, so that ECS can delete the volumes of its tasks. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { clusterArn, name, encryptionKeyArn }: VolumeRoleProps) {
    super(scope, id);
    const purpose = "Lets ECS manage the EBS volumes of tasks";
    const role = createRole(this, "resource", {
      namePrefix: `${name}-vols-`,
      description: `${purpose} of ${name}`,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs.amazonaws.com" } }],
      }),
      tags: purposeTags(`${name}-volumes`, purpose),
      lifecycle: AFTER_USERS,
    });
    this.node.defaultChild = role;
    this.roleArn = role.arn;
    const partition = hcl`split(":", ${clusterArn})[1]`;
    const attachment = new IamRolePolicyAttachment(this, "volumes", {
      role: role.name,
      policyArn: `arn:${partition}:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForVolumes`,
      lifecycle: AFTER_USERS,
    });
    this.policies = [
      attachment,
      ...(encryptionKeyArn === undefined ? [] : [encryptionPolicy(this, role.name, encryptionKeyArn)]),
    ];
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ebs-kms-encryption.html */
const encryptionPolicy = (scope: Construct, role: string, keyArn: string) =>
  new IamRolePolicy(scope, "policy", {
    name: "encrypt-volumes",
    role,
    policy: hcl`jsonencode(${{
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt"],
          Resource: [keyArn],
        },
        {
          Effect: "Allow",
          Action: ["kms:CreateGrant"],
          Resource: [keyArn],
          // Only for AWS services, such as EBS.
          Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
        },
      ],
    }})`.string,
    lifecycle: AFTER_USERS,
  });
