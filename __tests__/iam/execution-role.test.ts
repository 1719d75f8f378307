import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Testing } from "cdktf";
import { ExecutionRole, type ExecutionRoleProps, hcl, Secret } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";

Testing.setupJest();

const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf";
const PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/prod/url";
const CACHED = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/nginx:1.27";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";

const synthesize = (props: Partial<ExecutionRoleProps> = {}): string =>
  Testing.synthScope((stack) => {
    new ExecutionRole(stack, "role", {
      cluster: clusterTarget(),
      name: "prod-users",
      logGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/prod/users",
      images: ["users:7"],
      ...props,
    });
  });

const problems = (props: object) => problemsOf(() => synthesize(props));

// integration/services-text.test.ts tests the policy that real Terraform renders.
describe("ExecutionRole", () => {
  it("lets ECS tasks assume it", () => {
    expect(synthesize()).toHaveResourceWithProperties(IamRole, {
      assume_role_policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } }],
      }),
    });
  });

  it("has a purpose, and a generated name, because IAM's names are the same in every region", () => {
    expect(synthesize()).toHaveResourceWithProperties(IamRole, {
      name_prefix: "prod-users-exec-",
      tags: { Name: "prod-users-exec", Purpose: expect.stringMatching(/^[\p{L}\p{N} _.:/=+@-]{1,256}$/u) },
    });
  });

  it("reports a composed name that is too long at plan, with both limits", () => {
    expect(synthesize({ name: hcl`"\${var.name}-users"`.string })).toHaveResourceWithProperties(IamRole, {
      lifecycle: {
        create_before_destroy: true,
        precondition: [
          {
            condition: '${length("${var.name}-users") <= 32}',
            error_message:
              'The names of the cluster and the service together, ${"${var.name}-users"}, must be at most 32 characters long; received ${length("${var.name}-users")}. Shorten the service\'s name. The names of its roles start with both names and have at most 64 characters.',
          },
        ],
      },
    });
  });

  it("has no precondition with a name that is known, because Terraform rejects one that refers to nothing", () => {
    expect(synthesize()).not.toContain("precondition");
  });

  it("writes the logs of its tasks", () => {
    expect(synthesize()).toHaveResourceWithProperties(IamRolePolicy, {
      name: "start-tasks",
      policy: expect.stringContaining(
        '"Action" = ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource" = ["arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/prod/users:*"]',
      ),
    });
  });

  it("reads no secrets by default", () => {
    expect(synthesize()).not.toMatch(/ssm:|secretsmanager:|kms:/);
  });

  it("reads each secret once, and decrypts with the given keys", () => {
    const json = synthesize({
      secrets: [
        Secret.fromSecretsManager(SECRET, { jsonKey: "user", encryptionKeyArn: KEY }),
        Secret.fromSecretsManager(SECRET, { jsonKey: "password", encryptionKeyArn: KEY }),
        Secret.fromSsmParameter(PARAMETER),
      ],
    });
    for (const [action, resource] of [
      ["secretsmanager:GetSecretValue", `${SECRET}", "${SECRET}-??????`],
      ["ssm:GetParameters", PARAMETER],
      ["kms:Decrypt", KEY],
    ]) {
      expect(json).toHaveResourceWithProperties(IamRolePolicy, {
        policy: expect.stringContaining(`"Action" = ["${action}"], "Resource" = ["${resource}"]`),
      });
    }
  });

  it("reads the secret that a parameter of Secrets Manager refers to", () => {
    const secrets = [Secret.fromSsmParameter(PARAMETER.replace("prod/url", "aws/reference/secretsmanager/prod/db"))];
    expect(synthesize({ secrets })).toHaveResourceWithProperties(IamRolePolicy, {
      policy: expect.stringMatching(
        /"Action" = \["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"\], "Resource" = \[join\(":", \["arn", .*, "secretsmanager", .*, "secret:prod\/db-\?{6}"\]\)\]/,
      ),
    });
  });

  it("has more permissions with statements", () => {
    const statements = [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::config/app.env"] }];
    expect(synthesize({ statements })).toHaveResourceWithProperties(IamRolePolicy, {
      policy: expect.stringContaining(
        '{ "Effect" = "Allow", "Action" = ["s3:GetObject"], "Resource" = ["arn:aws:s3:::config/app.env"] }',
      ),
    });
  });

  it("imports only the images of a pull-through cache", () => {
    expect(synthesize()).not.toContain("ecr:CreateRepository");
    expect(synthesize({ images: ["users:7", CACHED], pullThroughCacheImages: [CACHED] })).toHaveResourceWithProperties(
      IamRolePolicy,
      {
        policy: expect.stringContaining(
          `, [{ Effect = "Allow", Action = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"], Resource = distinct(flatten([for image in ["${CACHED}"] :`,
        ),
      },
    );
  });

  it("reports an image outside ECR at plan, when only Terraform knows it", () => {
    const image = hcl`var.image`.string;
    expect(synthesize({ images: [image], pullThroughCacheImages: [image] })).toHaveResourceWithProperties(
      IamRolePolicy,
      {
        lifecycle: {
          create_before_destroy: true,
          precondition: [
            {
              condition: expect.stringMatching(/^\$\{length\(regexall\(".*", var\.image\)\) > 0\}$/),
              error_message:
                "The image must be in a private registry of ECR with pullThroughCache; received ${var.image}. Write the registry and the prefix of the cache rule before the name, such as 111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/docker-hub/library/nginx:1.27.",
            },
          ],
        },
      },
    );
  });

  it.each<[string, object, string]>([
    [
      "a secret that is text, without showing it",
      { secrets: [Secret.fromSsmParameter("/a"), "hunter2"] },
      "secrets[1] must be a Secret; received a value that is not shown. Use Secret.fromSsmParameter or Secret.fromSecretsManager.",
    ],
    [
      "one image without a list",
      { images: "users:7" },
      'images must be a list; received "users:7". Write it in brackets: [first, second].',
    ],
    [
      "every action on every resource",
      { statements: [{ actions: ["s3:*"], resources: ["*"] }] },
      'statements[0].resources must not include every resource with the action s3:*; received ["*"]. Name the actions, or the resources that they apply to.',
    ],
    ["a missing log group", { logGroupArn: undefined }, "logGroupArn must be a string; received nothing. Set it."],
  ])("rejects %s", (_, props, message) => {
    expect(problems(props)).toEqual([message]);
  });
});
