import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { createInfrastructureRole, type InfrastructureRoleProps } from "./infrastructure-role";
import { AFTER_USERS } from "./managed-policies";

/** The service whose tasks have EBS volumes. */
interface VolumeRoleProps extends InfrastructureRoleProps {
  /** The key that encrypts the volumes. @default - the account's key for EBS */
  readonly encryptionKeyArn?: string;
}

/** The role with which ECS creates the EBS volumes of tasks, attaches them and deletes them. */
export class VolumeRole extends Construct {
  /** The role's ARN. */
  readonly roleArn: string;
  /** The role's policies. The service depends on them, so that ECS can delete the volumes of its tasks. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { encryptionKeyArn, ...props }: VolumeRoleProps) {
    super(scope, id);
    const { role, attachment } = createInfrastructureRole(this, props, {
      purpose: "Lets ECS manage the EBS volumes of tasks",
      suffix: "vols",
      tag: "volumes",
      policyId: "volumes",
      policyName: "AmazonECSInfrastructureRolePolicyForVolumes",
    });
    this.roleArn = role.arn;
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
