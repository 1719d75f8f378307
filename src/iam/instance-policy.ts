import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { siblingArn } from "../terraform/arn";
import { type Expression, hcl } from "../terraform/expression";
import { PULL_ACTIONS } from "./execution-role";
import { SESSION_ACTIONS } from "./task-role";

/** What decides on the rights of the instances. */
export interface InstancePolicyProps {
  /** The one cluster that they may join. */
  readonly cluster: Pick<EcsClusterTarget["cluster"], "clusterName" | "clusterArn">;
  /** Let Session Manager on. */
  readonly sessionManager: boolean;
  /** Let the agent set its instance to draining. */
  readonly spotDraining: boolean;
  /** Let Bottlerocket pull its control and admin containers. */
  readonly bottlerocket: boolean;
}

/** What the role's own policy is called. */
export const INSTANCE_POLICY_NAME = "join-cluster";

/**
 * The least that the agent and the SSM agent need, as JSON: `AmazonEC2ContainerServiceforEC2Role` without making clusters,
 * pulling images and writing logs, which execution roles do for their own tasks, and held to one cluster.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerServiceforEC2Role.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function instancePolicy(props: InstancePolicyProps): Expression {
  const { cluster, sessionManager, spotDraining, bottlerocket } = props;
  const { clusterArn, clusterName } = cluster;
  const inCluster = (kind: string) => siblingArn(clusterArn, "ecs", `${kind}/${clusterName}/*`).string;
  const instances = inCluster("container-instance");
  const allow = (Sid: string, Action: readonly string[], Resource: readonly string[], Condition?: object) => ({
    ...{ Sid, Effect: "Allow", Action, Resource },
    ...(Condition ? { Condition } : {}),
  });
  const Statement = [
    allow(
      "JoinTheCluster",
      [
        ...["ecs:RegisterContainerInstance", "ecs:DeregisterContainerInstance"],
        ...["ecs:SubmitAttachmentStateChanges", "ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange"],
      ],
      [clusterArn],
    ),
    allow(
      "TakeOrdersFromIt",
      ["ecs:Poll", "ecs:StartTelemetrySession", ...(spotDraining ? ["ecs:UpdateContainerInstancesState"] : [])],
      [instances],
    ),
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    allow("TagWhatRegisters", ["ecs:TagResource"], [instances], {
      StringEquals: { "ecs:CreateAction": "RegisterContainerInstance" },
    }),
    // For containers that ask the agent for their tags.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
    allow("TellTasksTheirTags", ["ecs:ListTagsForResource"], [instances, inCluster("task")]),
    // IAM narrows neither. The tags are those that the agent hands on to its container instance.
    allow("FindEndpointAndTags", ["ecs:DiscoverPollEndpoint", "ec2:DescribeTags"], ["*"]),
    // As in AWS's own AWSCloud9SSMInstanceProfile; AmazonSSMManagedInstanceCore reads every parameter of the account.
    // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCloud9SSMInstanceProfile.html
    ...(sessionManager ? [allow("SessionManager", ["ssm:UpdateInstanceInformation", ...SESSION_ACTIONS], ["*"])] : []),
    // Its registries are AWS's, of another account in some regions. https://github.com/bottlerocket-os/bottlerocket/issues/857
    ...(bottlerocket
      ? [
          allow("PullHostContainers", PULL_ACTIONS, [
            hcl`join(":", ["arn", split(":", ${clusterArn})[1], "ecr:*:*:repository/bottlerocket-*"])`.string,
          ]),
          allow("LogInToRegistries", ["ecr:GetAuthorizationToken"], ["*"]),
        ]
      : []),
  ];
  return hcl`jsonencode(${{ Version: "2012-10-17", Statement }})`;
}
