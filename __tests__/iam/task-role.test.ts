import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { TerraformVariable, Testing } from "cdktf";
import { type ExecuteCommandS3, hcl, type PolicyStatement, TaskRole, type TaskRoleProps } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, ofType, synthesized } from "../support/synthesized";

Testing.setupJest();

const synthesize = (props: Partial<TaskRoleProps> = {}): string =>
  Testing.synthScope((stack) => {
    new TaskRole(stack, "role", { cluster: clusterTarget(), name: "prod-users", ...props });
  });

const problems = (props: object) => problemsOf(() => synthesize(props));

const S3: PolicyStatement = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"] };
const READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

describe("TaskRole", () => {
  it("has a generated name and no permissions by default", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(IamRole, {
      name_prefix: "prod-users-task-",
      lifecycle: { create_before_destroy: true },
    });
    expect(resourceCounts(json)).toEqual({ aws_iam_role: 1 });
  });

  it("lets only tasks of this account assume it", () => {
    const arn = "arn:aws:ecs:eu-west-1:111122223333:cluster/prod";
    expect(synthesize()).toHaveResourceWithProperties(IamRole, {
      assume_role_policy: `\${jsonencode({ "Version" = "2012-10-17", "Statement" = [{ "Effect" = "Allow", "Action" = "sts:AssumeRole", "Principal" = { "Service" = "ecs-tasks.amazonaws.com" }, "Condition" = { "ArnLike" = { "aws:SourceArn" = join(":", ["arn", split(":", "${arn}")[1], "ecs", split(":", "${arn}")[3], split(":", "${arn}")[4], "*"]) }, "StringEquals" = { "aws:SourceAccount" = split(":", "${arn}")[4] } } }] })}`,
    });
  });

  it("renders statements, with the variables of IAM as text", () => {
    const statements = [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/${aws:username}/*"] }];
    expect(synthesize({ statements })).toHaveResourceWithProperties(IamRolePolicy, {
      name: "containers",
      policy:
        '${jsonencode({ "Version" = "2012-10-17", "Statement" = [{ "Effect" = "Allow", "Action" = ["s3:GetObject"], "Resource" = ["arn:aws:s3:::b/$${aws:username}/*"] }] })}',
    });
  });

  it("accepts resources from variables and from other resources", () => {
    const json = Testing.synthScope((stack) => {
      const arns = new TerraformVariable(stack, "arns", { type: "list(string)" });
      const statements = [
        { actions: ["s3:GetObject"], resources: arns.listValue },
        { actions: ["s3:*"], resources: [hcl`aws_s3_bucket.b.arn`.string] },
      ];
      new TaskRole(stack, "role", { cluster: clusterTarget(), name: "prod-users", statements });
    });
    expect(json).toHaveResourceWithProperties(IamRolePolicy, {
      policy: expect.stringMatching(/"Resource" = var\.arns }, .*"Resource" = \[aws_s3_bucket\.b\.arn\]/),
    });
  });

  it("attaches managed policies one by one, also those that do not exist yet", () => {
    const stack = emptyStack();
    const policyArns = [READ_ONLY, hcl`aws_iam_policy.mine.arn`.string];
    new TaskRole(stack, "role", { cluster: clusterTarget(), name: "prod-users", policyArns });
    const json = synthesized(stack);
    const attachments = ofType(json, "aws_iam_role_policy_attachment");
    expect(Object.keys(attachments)).toEqual(["role_attachment_AmazonS3ReadOnlyAccess", "role_attachment_1"]);
    for (const policy_arn of [READ_ONLY, "${aws_iam_policy.mine.arn}"]) {
      expect(JSON.stringify(json)).toHaveResourceWithProperties(IamRolePolicyAttachment, {
        role: "${aws_iam_role.role.name}",
        policy_arn,
      });
    }
    expect(JSON.stringify(attachments)).not.toContain("for_each");
    // aws_iam_policy_attachment would detach the policy from other roles.
    expect(resourceCounts(JSON.stringify(json))).toEqual({ aws_iam_role: 1, aws_iam_role_policy_attachment: 2 });
  });

  it("attaches policies that have the same name in two accounts", () => {
    const stack = emptyStack();
    const policyArns = ["aws", "111122223333", "444455556666"].map((account) => `arn:aws:iam::${account}:policy/read`);
    new TaskRole(stack, "role", { cluster: clusterTarget(), name: "prod-users", policyArns });
    const attachments = ofType(synthesized(stack), "aws_iam_role_policy_attachment");
    expect(Object.entries(attachments).map(([name, { policy_arn }]) => [name, policy_arn])).toEqual([
      ["role_attachment_read", policyArns[0]],
      ["role_attachment_read_1", policyArns[1]],
      ["role_attachment_read_2", policyArns[2]],
    ]);
  });

  it("lets ECS Exec open its channels and write its log", () => {
    const json = synthesize({ enableExecuteCommand: true });
    for (const action of ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"]) {
      expect(json).toContain(`ssmmessages:${action}`);
    }
    expect(json).toContain("log-group:/ecs/prod:*");
    expect(json).not.toContain("kms:Decrypt");
  });

  it("lets ECS Exec decrypt with the key of the cluster's sessions", () => {
    const executeCommandKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";
    const cluster = clusterTarget({ cluster: { ...clusterTarget().cluster, executeCommandKeyArn } });
    expect(synthesize({ enableExecuteCommand: true, cluster })).toHaveResourceWithProperties(IamRolePolicy, {
      policy: expect.stringContaining(`"Action" = ["kms:Decrypt"], "Resource" = ["${executeCommandKeyArn}"]`),
    });
  });

  it("lets ECS Exec write to the bucket of the cluster's sessions, and use its key", () => {
    const key = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";
    const roleOf = (executeCommandS3: ExecuteCommandS3) => {
      const cluster = clusterTarget({ cluster: { ...clusterTarget().cluster, executeCommandS3 } });
      return synthesize({ enableExecuteCommand: true, cluster });
    };
    const arn = (rest: string) =>
      `join("", ["arn:", split(":", "${clusterTarget().cluster.clusterArn}")[1], ":s3:::", "sessions", ${rest}])`;
    const policies = (json: string) => JSON.stringify(Object.values(JSON.parse(json).resource.aws_iam_role_policy));
    const encoded = (text: string) => JSON.stringify(text).slice(1, -1);
    const withPrefix = policies(roleOf({ bucketName: "sessions", keyPrefix: "audit", encryptionKeyArn: key }));
    for (const statement of [
      `"Action" = ["s3:GetBucketLocation", "s3:GetEncryptionConfiguration"], "Resource" = [${arn('""')}]`,
      `"Action" = ["s3:PutObject"], "Resource" = [${arn('"/audit*"')}]`,
      `"Action" = ["kms:GenerateDataKey", "kms:Decrypt"], "Resource" = ["${key}"]`,
    ])
      expect(withPrefix).toContain(encoded(statement));
    const without = policies(roleOf({ bucketName: "sessions" }));
    expect(without).toContain(encoded(`"Resource" = [${arn('"/*"')}]`));
    expect(without).not.toContain("kms:GenerateDataKey");
  });

  it.each([
    ["*", "*"],
    ["s3:*", "*"],
    ["s3:*", "**"],
  ])("rejects every action on every resource: %s on %s", (action, resource) => {
    const statements = [{ actions: ["s3:GetObject", action], resources: ["arn:aws:s3:::b", resource] }];
    expect(problems({ statements })).toEqual([
      `statements[0].resources must not include every resource with the action ${action}; received ["arn:aws:s3:::b", "${resource}"]. Name the actions, or the resources that they apply to.`,
    ]);
  });

  it.each([
    ["*", "arn:aws:s3:::b/*"],
    ["s3:List*", "*"],
    ["s3:ListAllMyBuckets", "*"],
    ["s3:GetObject", "arn:aws:s3:::b/${aws:username}/*"],
    ["sqs:SendMessage", "arn:*:sqs:*:*:orders-?"],
  ])("accepts %s on %s", (action, resource) => {
    expect(problems({ statements: [{ actions: [action], resources: [resource] }] })).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      "a statement as IAM writes it",
      { statements: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] },
      'statements[0] must be a statement with actions and resources; received {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}. Write { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::bucket/*"] }. A statement always allows.',
    ],
    [
      "a condition, which the interface does not have",
      { statements: [{ ...S3, Condition: {} }] },
      'Unknown setting "statements[0].Condition". The settings are actions, resources.',
    ],
    [
      "a statement without a list",
      { statements: S3 },
      'statements must be a list; received {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::b/*"]}. Write it in brackets: [first, second].',
    ],
    [
      "one action without a list",
      { statements: [{ ...S3, actions: "s3:GetObject" }] },
      'statements[0].actions must be a list; received "s3:GetObject". Write it in brackets: [first, second].',
    ],
    [
      "a statement without actions",
      { statements: [S3, { ...S3, actions: [] }] },
      "statements[1].actions must have at least one action; received []. For example s3:GetObject on arn:aws:s3:::bucket/*.",
    ],
    [
      "a statement without resources",
      { statements: [{ ...S3, resources: [] }] },
      "statements[0].resources must have at least one resource; received []. For example s3:GetObject on arn:aws:s3:::bucket/*.",
    ],
    [
      "an action without its service",
      { statements: [{ ...S3, actions: ["GetObject"] }] },
      'statements[0].actions[0] must be an IAM action; received "GetObject". Write the service and the action, such as "s3:GetObject".',
    ],
    [
      "the name of a bucket in place of its ARN",
      { statements: [{ ...S3, resources: ["my-bucket"] }] },
      'statements[0].resources[0] must be an ARN or *; received "my-bucket". Write the whole ARN, such as "arn:aws:s3:::my-bucket/*".',
    ],
    [
      "a policy that is too long for IAM",
      { statements: Array.from({ length: 200 }, () => S3) },
      "statements must be at most 10240 bytes as a policy; received 15401. IAM limits the inline policies of a role to this size. Replace common parts with *, or attach managed policies.",
    ],
    [
      "the name of a managed policy in place of its ARN",
      { policyArns: [READ_ONLY, "ReadOnlyAccess"] },
      'policyArns[1] must be the ARN of an IAM policy; received "ReadOnlyAccess". List the policies: aws iam list-policies --query Policies[].Arn',
    ],
    [
      "more managed policies than IAM attaches",
      { policyArns: Array.from({ length: 11 }, (_, index) => `arn:aws:iam::aws:policy/p${index}`) },
      "policyArns must have at most 10 policies; received 11. A role has at most 10. Combine some of them in one policy.",
    ],
    [
      "a name that is too long",
      { name: `prod-${"a".repeat(28)}` },
      `name must be 1 to 32 characters long; received "prod-${"a".repeat(28)}". Shorten the service's name.`,
    ],
    [
      "a name with other characters",
      { name: "prod_users" },
      "name must contain only letters, digits and hyphens, and not start with a hyphen; received \"prod_users\". Combine the cluster's name and the service's name.",
    ],
    [
      "a cluster that is a name",
      { cluster: "prod" },
      'cluster must be a cluster; received "prod". Use an EcsClusterStack, the cluster of an EcsServiceStack, an EcsClusterLookup, or Cluster.fromClusterAttributes.',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problems(props)).toEqual([message]);
  });

  it("rejects a list of policies that only Terraform knows", () => {
    expect(problems({ policyArns: hcl`var.policies`.list })).toEqual([
      "policyArns must be known when the code runs; received a token. Write the value itself instead of a token.",
    ]);
  });
});
