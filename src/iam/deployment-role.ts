import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { createRoleOfEcs, type InfrastructureRoleProps } from "./infrastructure-role";
import { AFTER_USERS } from "./managed-policies";

/** The service that ECS deploys. */
interface DeploymentRoleProps extends InfrastructureRoleProps {
  /** The Lambda functions that ECS calls, by ARN. @default - none: ECS moves requests between target groups */
  readonly functionArns?: readonly string[];
}

const POLICY = "AmazonECSInfrastructureRolePolicyForLoadBalancers";

/**
 * The role with which ECS moves the requests of a deployment, or calls its lifecycle hooks.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-permissions.html
 */
export class DeploymentRole extends Construct {
  /** The role's ARN. */
  readonly roleArn: string;
  /** The role's policy. The service depends on it, because a deployment needs it until it ends. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { clusterArn, name, functionArns }: DeploymentRoleProps) {
    super(scope, id);
    const role = createRoleOfEcs(
      this,
      { name },
      functionArns
        ? { suffix: "hook", tag: "hooks", purpose: "Lets ECS call the lifecycle hooks of deployments" }
        : { suffix: "elb", tag: "load-balancers", purpose: "Lets ECS move requests between target groups" },
    );
    this.roleArn = role.arn;
    const statement = { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: functionArns };
    this.policies = [
      functionArns
        ? new IamRolePolicy(this, "policy", {
            name: "call-hooks",
            role: role.name,
            policy: hcl`jsonencode(${{ Version: "2012-10-17", Statement: [statement] }})`.string,
            lifecycle: AFTER_USERS,
          })
        : new IamRolePolicyAttachment(this, "load_balancers", {
            role: role.name,
            policyArn: `arn:${hcl`split(":", ${clusterArn})[1]`}:iam::aws:policy/${POLICY}`,
            lifecycle: AFTER_USERS,
          }),
    ];
  }
}
