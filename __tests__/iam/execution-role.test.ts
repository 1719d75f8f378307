import { ExecutionRole, type ExecutionRoleProps, Secret } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf";
const PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/prod/url";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d";

function made(props: Partial<ExecutionRoleProps> = {}): { role: Part; policy: string } {
  const stack = emptyStack();
  new ExecutionRole(stack, "role", {
    cluster: clusterTarget(),
    name: "prod-users",
    logGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/prod/users",
    images: ["users:7"],
    ...props,
  });
  const json = synthesized(stack);
  return {
    role: resource(json, "aws_iam_role.role"),
    policy: String(resource(json, "aws_iam_role_policy.role_policy").policy),
  };
}

// What the policy comes to is seen in terraform/services-text.test.ts, in real Terraform.
describe("ExecutionRole", () => {
  it("may be taken by ECS tasks", () => {
    expect(JSON.parse(String(made().role.assume_role_policy))).toEqual({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } }],
    });
  });

  it("has a generated name, since IAM's names are the same in every region, and a purpose", () => {
    expect(made().role).toMatchObject({
      name_prefix: "prod-users-exec-",
      tags: { Name: "prod-users-exec", Purpose: expect.stringMatching(/^[\p{L}\p{N} _.:/=+@-]{1,256}$/u) },
    });
  });

  it("says at plan that the composed name is too long, with both limits", () => {
    expect(made().role.lifecycle).toEqual({
      precondition: [
        {
          condition: '${length("prod-users") <= 32}',
          error_message:
            'The names of the cluster and the service together, prod-users, must be at most 32 characters long; received ${length("prod-users")}. Shorten the service\'s name: the names of its roles start with both, and end at 64.',
        },
      ],
    });
  });

  it("reads no secret where there is none", () => {
    expect(made().policy).not.toMatch(/ssm:|secretsmanager:|kms:/);
  });

  it("refuses a secret that would be all of them, by itself too", () => {
    const secrets = [Secret.fromSsmParameter("/a"), Secret.fromSecretsManager(SECRET.replace("prod/db-AbCdEf", "*"))];
    expect(mistakesOf(() => made({ secrets })).map((mistake) => mistake.split(" must ")[0])).toEqual(["secrets.1"]);
  });

  it("reads each secret once, and decrypts with the keys that are named", () => {
    const { policy } = made({
      secrets: [
        Secret.fromSecretsManager(SECRET, { jsonKey: "user", encryptionKeyArn: KEY }),
        Secret.fromSecretsManager(SECRET, { jsonKey: "password", encryptionKeyArn: KEY }),
        Secret.fromSsmParameter(PARAMETER),
      ],
    });
    expect(policy).toContain(`"Action" = ["secretsmanager:GetSecretValue"], "Resource" = ["${SECRET}"]`);
    expect(policy).toContain(`"Action" = ["ssm:GetParameters"], "Resource" = ["${PARAMETER}"]`);
    expect(policy).toContain(`"Action" = ["kms:Decrypt"], "Resource" = ["${KEY}"]`);
  });
});
