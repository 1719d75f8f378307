import { Cluster, type ClusterProps } from "../../src";
import { LOG_RETENTION_DAYS } from "../../src/validation/values";
import { count, emptyStack, mistakesOf, type Part, resolved, resource, synthesized } from "../support/synthesized";

function cluster(props: Partial<ClusterProps> = {}): Part {
  const stack = emptyStack();
  new Cluster(stack, "cluster", { name: "prod", ...props });
  return synthesized(stack);
}

const mistakes = (props: Partial<ClusterProps>) => mistakesOf(() => cluster(props));

describe("Cluster", () => {
  it("has its name, a purpose and Container Insights", () => {
    expect(resource(cluster(), "aws_ecs_cluster.cluster")).toMatchObject({
      name: "prod",
      setting: [{ name: "containerInsights", value: "enabled" }],
      tags: { Name: "prod", Purpose: "Runs the services of this stack on EC2 instances" },
    });
  });

  it.each(["enhanced", "disabled"] as const)("takes Container Insights %s", (containerInsights) => {
    expect(resource(cluster({ containerInsights }), "aws_ecs_cluster.cluster")).toMatchObject({
      setting: [{ name: "containerInsights", value: containerInsights }],
    });
  });

  it("logs what ECS Exec sessions print into a log group that keeps it for 14 days", () => {
    const json = cluster();
    expect(resource(json, "aws_cloudwatch_log_group.cluster_log_group")).toMatchObject({
      name: "/ecs/prod",
      retention_in_days: 14,
    });
    expect(resource(json, "aws_ecs_cluster.cluster").configuration).toEqual({
      execute_command_configuration: {
        logging: "OVERRIDE",
        log_configuration: { cloud_watch_log_group_name: "${aws_cloudwatch_log_group.cluster_log_group.name}" },
      },
    });
  });

  it("logs no ECS Exec session where that is off", () => {
    expect(resource(cluster({ executeCommandLogging: false }), "aws_ecs_cluster.cluster").configuration).toEqual({
      execute_command_configuration: { logging: "NONE" },
    });
  });

  it("makes the service-linked role by setting only, and before the cluster", () => {
    expect(count(cluster(), "aws_iam_service_linked_role")).toBe(0);
    const json = cluster({ serviceLinkedRole: true });
    expect(resource(json, "aws_iam_service_linked_role.cluster_service_linked_role")).toMatchObject({
      aws_service_name: "ecs.amazonaws.com",
    });
    expect(resource(json, "aws_ecs_cluster.cluster").depends_on).toEqual([
      "aws_iam_service_linked_role.cluster_service_linked_role",
    ]);
  });

  it("hands out its name and ARN as references, so that what uses them waits for it", () => {
    const stack = emptyStack();
    const { clusterName, clusterArn, nameOnceMade } = new Cluster(stack, "cluster", { name: "prod" });
    expect([clusterName, clusterArn, nameOnceMade].map((value) => resolved(stack, value))).toEqual([
      "${aws_ecs_cluster.cluster.name}",
      "${aws_ecs_cluster.cluster.arn}",
      '${element(split("/", aws_ecs_cluster.cluster.arn), 1)}',
    ]);
  });

  it("refuses a retention that CloudWatch doesn't know, and lists those that it does", () => {
    expect(mistakes({ logRetentionDays: 15 })).toEqual([
      `logRetentionDays must be one of ${LOG_RETENTION_DAYS.join(", ")}; received 15. CloudWatch Logs knows no other retention in days.`,
    ]);
  });

  it("refuses a bad name and a bad retention in one error", () => {
    expect(() => cluster({ name: "x", logRetentionDays: 2 })).toThrow('Cluster "test/cluster": 2 settings are wrong');
  });
});
