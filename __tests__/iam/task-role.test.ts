import { hcl, TaskRole, type TaskRoleProps } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { at, count, emptyStack, mistakesOf, ofType, type Part, resource, synthesized } from "../support/synthesized";

function made(props: Partial<TaskRoleProps> = {}): Part {
  const stack = emptyStack();
  new TaskRole(stack, "role", { cluster: clusterTarget(), name: "prod-users", ...props });
  return synthesized(stack);
}

describe("TaskRole", () => {
  it("has a generated name and no rights where none are given", () => {
    const json = made();
    expect(resource(json, "aws_iam_role.role")).toMatchObject({ name_prefix: "prod-users-task-" });
    expect([count(json, "aws_iam_role_policy"), count(json, "aws_iam_role_policy_attachment")]).toEqual([0, 0]);
  });

  it("may be taken by tasks of this account alone", () => {
    const policy = String(resource(made(), "aws_iam_role.role").assume_role_policy);
    expect(policy).toContain('"Service" = "ecs-tasks.amazonaws.com"');
    expect(policy).toContain(
      '"StringEquals" = { "aws:SourceAccount" = split(":", "arn:aws:ecs:eu-west-1:111122223333:cluster/prod")[4] }',
    );
  });

  it("has the rights given, as they are written", () => {
    const json = made({ statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/${aws:username}/*"] }] });
    expect(at(ofType(json, "aws_iam_role_policy"), "role_policy", "policy")).toBe(
      '${jsonencode({ "Version" = "2012-10-17", "Statement" = [{ "Effect" = "Allow", "Action" = ["s3:GetObject"], "Resource" = ["arn:aws:s3:::b/$${aws:username}/*"] }] })}',
    );
  });

  it.each([
    ["*", "*", true],
    ["s3:*", "*", true],
    ["s3:*", "**", true],
    ["*", "arn:aws:s3:::b/*", false],
    ["s3:List*", "*", false],
    ["s3:ListAllMyBuckets", "*", false],
  ])("refuses everything on everything, and nothing less: %s on %s", (action, one, refused) => {
    const statements = [{ actions: ["s3:GetObject", action], resources: ["arn:aws:s3:::b", one] }];
    const message = `statements.0 must not have every action on every resource; received ${JSON.stringify(statements[0])}. Name the actions that the program calls, or the resources that it calls them on.`;
    if (refused) expect(mistakesOf(() => made({ statements }))).toEqual([message]);
    else expect(count(made({ statements }), "aws_iam_role_policy")).toBe(1);
  });

  it("attaches managed policies one by one, never exclusively, and those that are yet to be made too", () => {
    const madeLater = hcl`aws_iam_policy.mine.arn`.string;
    const json = made({ policyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", madeLater] });
    expect(resource(json, "aws_iam_role_policy_attachment.role_attachment_AmazonS3ReadOnlyAccess").policy_arn).toBe(
      "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    );
    expect(resource(json, "aws_iam_role_policy_attachment.role_attachment_1")).toEqual(
      expect.objectContaining({ policy_arn: "${aws_iam_policy.mine.arn}" }),
    );
    expect(resource(json, "aws_iam_role_policy_attachment.role_attachment_1")).not.toHaveProperty("for_each");
    expect(count(json, "aws_iam_policy_attachment")).toBe(0);
  });

  it("lets ECS Exec open its channels and write its log", () => {
    const policy = String(
      at(made({ enableExecuteCommand: true }), "resource", "aws_iam_role_policy", "role_policy", "policy"),
    );
    for (const action of ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"]) {
      expect(policy).toContain(`ssmmessages:${action}`);
    }
    expect(policy).toContain("log-group:/ecs/prod:*");
    expect(policy).not.toContain("kms:Decrypt");
  });

  it("lets ECS Exec decrypt with the key of the cluster's sessions", () => {
    const key = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";
    const cluster = clusterTarget({ cluster: { ...clusterTarget().cluster, executeCommandKeyArn: key } });
    const json = made({ enableExecuteCommand: true, cluster });
    expect(String(at(json, "resource", "aws_iam_role_policy", "role_policy", "policy"))).toContain(
      `"Action" = ["kms:Decrypt"], "Resource" = ["${key}"]`,
    );
  });
});
