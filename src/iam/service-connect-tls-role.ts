import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { createInfrastructureRole, type InfrastructureRoleProps } from "./infrastructure-role";
import { AFTER_USERS } from "./managed-policies";

/** The service whose ports have TLS in Service Connect. */
interface ServiceConnectTlsRoleProps extends InfrastructureRoleProps {
  /** The keys that encrypt the certificates' secrets. */
  readonly kmsKeyArns: readonly string[];
}

/** The role with which ECS issues the certificates of Service Connect, and keeps them in Secrets Manager. */
export class ServiceConnectTlsRole extends Construct {
  /** The role's ARN. */
  readonly roleArn: string;
  /** The role's policies. The service depends on them, so that ECS can renew and delete its certificates. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { kmsKeyArns, ...props }: ServiceConnectTlsRoleProps) {
    super(scope, id);
    const { role, attachment } = createInfrastructureRole(this, props, {
      purpose: "Lets ECS manage the certificates of Service Connect",
      suffix: "tls",
      tag: "tls",
      policyId: "certificates",
      policyName: "AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity",
    });
    this.roleArn = role.arn;
    this.policies = [attachment, ...(kmsKeyArns.length === 0 ? [] : [keyPolicy(this, role.name, kmsKeyArns)])];
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html */
const keyPolicy = (scope: Construct, role: string, keyArns: readonly string[]) =>
  new IamRolePolicy(scope, "policy", {
    name: "encrypt-certificates",
    role,
    policy: hcl`jsonencode(${{
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair"],
          Resource: keyArns,
        },
      ],
    }})`.string,
    lifecycle: AFTER_USERS,
  });
