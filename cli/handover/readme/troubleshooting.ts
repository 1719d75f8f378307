import { ofType, type Stack } from "../stack";
import { argument } from "./argument";
import { block, paragraphs, section, table } from "./markdown";

export function instancesThatDoNotJoin(stack: Stack): string {
  if (ofType(stack, "aws_autoscaling_group").length === 0) return "";
  const cluster = argument(stack, "cluster_name", "CLUSTER");
  const group = argument(stack, "autoscaling_group_name", "GROUP");
  const agent = argument(stack, "agent_log_command", "");
  return section(
    "If an instance does not join the cluster",
    paragraphs(
      "1. Check whether the instance started. A failed activity shows the reason, for example no capacity or a quota.",
      block("sh", `aws autoscaling describe-scaling-activities --auto-scaling-group-name ${group} --max-items 5`),
      "2. List the instances that joined.",
      block("sh", `aws ecs list-container-instances --cluster ${cluster}`),
      agent ? "3. Read the log of the ECS agent." : "3. Read the log of the ECS agent on the instance.",
      block("sh", agent ? `eval ${agent}` : "sudo docker logs --tail 100 ecs-agent"),
    ),
    table(
      ["Message in the log", "Cause", "Fix"],
      [
        [
          "`AccessDeniedException`",
          "The instance role lacks a permission.",
          "Run `terraform apply`, which restores the policy `AmazonEC2ContainerServiceforEC2Role` or `join-cluster`.",
        ],
        [
          "A timeout, or `RequestError: send request failed`",
          "The instance cannot reach ECS.",
          "Give the subnet a route to the internet and the instance a public IP address, or create the VPC endpoints of ECS. Run `terraform apply`, which restores the outbound rules.",
        ],
        [
          "`ClusterNotFoundException`",
          "`/etc/ecs/ecs.config` names another cluster.",
          "Run `terraform apply`. New instances get the right name from the launch template.",
        ],
        [
          "None: the command finds no agent",
          "The AMI is not ECS-optimized, or the user data failed.",
          "Check `ami_version`. On the instance, run `sudo cat /var/log/cloud-init-output.log`.",
        ],
      ],
    ),
    "If the instance is registered, tasks do not start for another reason, such as too little memory. Run `aws ecs describe-services`, " +
      "and read the events.",
  );
}
