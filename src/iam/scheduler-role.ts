import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { accountOf, siblingArn } from "../terraform/arn";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { AFTER_USERS } from "./managed-policies";
import { createRole } from "./role";

/** The schedule of a task. */
interface SchedulerRoleProps {
  readonly clusterArn: string;
  /** The start of the role's name: `<cluster>-<task>`. */
  readonly name: string;
  /** The name of the schedule group, whose schedules can use the role. */
  readonly scheduleGroupName: string;
  /** The permissions, as IAM writes them. */
  readonly statements: readonly object[];
}

/**
 * The role with which EventBridge Scheduler starts a task.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
 */
export class SchedulerRole extends Construct {
  /** The role's ARN. */
  readonly roleArn: string;
  /** The role's policy. The schedule depends on it, so that no run fails before the role has its permissions. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, { clusterArn, name, scheduleGroupName, statements }: SchedulerRoleProps) {
    super(scope, id);
    const purpose = "Lets EventBridge Scheduler start the tasks";
    const role = createRole(this, "resource", {
      namePrefix: `${name}-sched-`,
      description: `${purpose} of ${name}`,
      assumeRolePolicy: hcl`jsonencode(${{
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "scheduler.amazonaws.com" },
            // AWS passes the ARN of the group, and not that of the schedule:
            // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
            Condition: {
              StringEquals: {
                "aws:SourceAccount": accountOf(clusterArn),
                "aws:SourceArn": siblingArn(clusterArn, "scheduler", `schedule-group/${scheduleGroupName}`),
              },
            },
          },
        ],
      }})`.string,
      tags: purposeTags(`${name}-scheduler`, purpose),
      lifecycle: AFTER_USERS,
    });
    this.node.defaultChild = role;
    this.roleArn = role.arn;
    this.policy = new IamRolePolicy(this, "policy", {
      name: "run-task",
      role: role.name,
      policy: hcl`jsonencode(${{ Version: "2012-10-17", Statement: statements }})`.string,
      lifecycle: AFTER_USERS,
    });
  }
}
