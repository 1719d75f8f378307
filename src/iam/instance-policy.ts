import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { siblingArn } from "../terraform/arn";
import { type Expression, hcl } from "../terraform/expression";
import { PULL_ACTIONS } from "./execution-role";
import { SESSION_ACTIONS } from "./task-role";

/** The settings that decide which permissions the instances have. */
export interface InstancePolicyProps {
  /** The only cluster that they can join. */
  readonly cluster: Pick<EcsClusterTarget["cluster"], "clusterName" | "clusterArn">;
  /** Lets Session Manager connect to the instances. */
  readonly sessionManager: boolean;
  /** Lets the agent drain its instance. */
  readonly spotDraining: boolean;
  /** Lets Bottlerocket pull its control and admin containers. */
  readonly bottlerocket: boolean;
}

/** The name of the role's inline policy. */
export const INSTANCE_POLICY_NAME = "join-cluster";

/**
 * Returns the smallest policy that the ECS agent and the SSM agent need, as JSON. Compared with
 * `AmazonEC2ContainerServiceforEC2Role` it allows only one cluster, and does not allow to create clusters. Execution roles
 * pull the images and write the logs of their tasks.
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
      "ReceiveTasks",
      ["ecs:Poll", "ecs:StartTelemetrySession", ...(spotDraining ? ["ecs:UpdateContainerInstancesState"] : [])],
      [instances],
    ),
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    allow("TagTheContainerInstance", ["ecs:TagResource"], [instances], {
      StringEquals: { "ecs:CreateAction": "RegisterContainerInstance" },
    }),
    // The agent shows tasks their tags.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
    allow("ReadTagsForTasks", ["ecs:ListTagsForResource"], [instances, inCluster("task")]),
    // IAM cannot limit these to a resource. The agent copies the instance's tags to its container instance.
    allow("FindEndpointAndTags", ["ecs:DiscoverPollEndpoint", "ec2:DescribeTags"], ["*"]),
    // The same as AWS's AWSCloud9SSMInstanceProfile. AmazonSSMManagedInstanceCore can read every parameter of the account.
    // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCloud9SSMInstanceProfile.html
    ...(sessionManager ? [allow("SessionManager", ["ssm:UpdateInstanceInformation", ...SESSION_ACTIONS], ["*"])] : []),
    // Its registries belong to AWS, in different accounts per region. https://github.com/bottlerocket-os/bottlerocket/issues/857
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
