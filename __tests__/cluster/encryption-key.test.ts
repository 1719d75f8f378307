import { EncryptionKey } from "../../src";
import { clusterStack } from "../support/cluster";
import { at, count, data, emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

function keyed(): Part {
  const stack = emptyStack();
  new EncryptionKey(stack, "key", { name: "prod", region: "eu-west-1" });
  return synthesized(stack);
}

interface Statement {
  readonly Sid: string;
  readonly Principal: { readonly AWS?: string; readonly Service?: string };
  readonly Action: readonly string[];
  readonly Condition?: unknown;
}

describe("EncryptionKey", () => {
  const json = keyed();
  const statements = (JSON.parse(String(resource(json, "aws_kms_key.key").policy)) as { Statement: Statement[] })
    .Statement;
  const statement = (sid: string) => statements.find(({ Sid }) => Sid === sid);

  it("is one key that rotates, with an alias", () => {
    expect(resource(json, "aws_kms_key.key")).toMatchObject({ enable_key_rotation: true });
    expect(resource(json, "aws_kms_alias.key_alias")).toMatchObject({ name: "alias/prod" });
    expect([count(json, "aws_kms_key"), count(json, "aws_kms_alias")]).toEqual([1, 1]);
  });

  it("lets Auto Scaling encrypt volumes and hand them to instances, and nothing else", () => {
    const role = /:role\/aws-service-role\/autoscaling\.amazonaws\.com\/AWSServiceRoleForAutoScaling$/;
    expect(statement("AutoScalingEncryptsVolumes")?.Principal.AWS).toMatch(role);
    expect(statement("AutoScalingEncryptsVolumes")?.Action).not.toContain("kms:*");
    expect(statement("AutoScalingHandsVolumesToInstances")).toMatchObject({
      Action: ["kms:CreateGrant"],
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    });
  });

  it("lets the region's CloudWatch Logs use it for this cluster's log groups alone", () => {
    const logs = statement("LogsEncryptTheseGroups");
    expect(logs?.Principal.Service).toBe("logs.eu-west-1.${data.aws_partition.key_partition.dns_suffix}");
    const groups = at(logs?.Condition, "ArnLike", "kms:EncryptionContext:aws:logs:arn") as string[];
    expect(groups.map((arn) => arn.split(":log-group:")[1])).toEqual(["/ecs/prod*", "aws-waf-logs-prod*"]);
  });

  it("says what to type in an account that has no role for Auto Scaling yet", () => {
    expect(data(json, "aws_iam_roles.key_autoscaling_roles")).toMatchObject({
      path_prefix: "/aws-service-role/autoscaling.amazonaws.com/",
    });
    expect(at(resource(json, "aws_kms_key.key"), "lifecycle", "precondition", 0, "error_message")).toContain(
      "aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com",
    );
  });

  it("refuses a name and a region that can't be", () => {
    expect(mistakesOf(() => new EncryptionKey(emptyStack(), "key", { name: "a", region: "seoul" }))).toHaveLength(2);
  });

  it("reaches volumes, log group and ECS Exec of a stack by one setting", () => {
    const stack = synthesized(clusterStack({ customerKey: true }));
    const key = "${aws_kms_key.encryption_key.arn}";
    expect(at(resource(stack, "aws_launch_template.launch_template"), "block_device_mappings", 0, "ebs")).toMatchObject(
      {
        kms_key_id: key,
      },
    );
    expect(resource(stack, "aws_cloudwatch_log_group.cluster_log_group")).toMatchObject({ kms_key_id: key });
    expect(
      at(resource(stack, "aws_ecs_cluster.cluster"), "configuration", "execute_command_configuration"),
    ).toMatchObject({
      kms_key_id: key,
      log_configuration: { cloud_watch_encryption_enabled: true },
    });
  });

  it("is not there by default", () => {
    const stack = synthesized(clusterStack());
    expect(count(stack, "aws_kms_key")).toBe(0);
    expect(JSON.stringify(stack)).not.toContain("kms");
  });
});
