import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { hcl, Secret } from "../../src";
import { problemsOf } from "../support/problems";
import { emptyStack, resolved } from "../support/synthesized";

const CLUSTER = "arn:aws-cn:ecs:cn-north-1:111122223333:cluster/prod";
const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf";

/** Returns the reference for ECS and the ARN for IAM. */
const both = (secret: Secret) =>
  [secret.valueFrom(CLUSTER), secret.arn(CLUSTER)].map((value) => resolved(emptyStack(), value.toString()));

const NO_PARAMETER =
  "parameter must be the name or the ARN of an SSM parameter; received a value that is not shown. List the parameters: aws ssm describe-parameters --query Parameters[].Name";
const NO_SECRET =
  "secretArn must be the ARN of a secret; received a value that is not shown. List the secrets: aws secretsmanager list-secrets --query SecretList[].ARN";

describe("Secret", () => {
  it("builds a parameter's ARN from its name and the cluster's partition, region and account", () => {
    const expected = `\${join(":", ["arn", split(":", "${CLUSTER}")[1], "ssm", split(":", "${CLUSTER}")[3], split(":", "${CLUSTER}")[4], "parameter/prod/url"])}`;
    expect(both(Secret.fromSsmParameter("/prod/url"))).toEqual([expected, expected]);
  });

  it("uses a parameter's ARN unchanged", () => {
    const arn = "arn:aws:ssm:eu-west-1:111122223333:parameter/prod/url";
    expect(both(Secret.fromSsmParameter(arn))).toEqual([arn, arn]);
  });

  it("adds the key and the version for ECS, and leaves them out for IAM", () => {
    expect(both(Secret.fromSecretsManager(SECRET))).toEqual([SECRET, SECRET]);
    expect(both(Secret.fromSecretsManager(SECRET, { jsonKey: "password" }))).toEqual([`${SECRET}:password::`, SECRET]);
    expect(both(Secret.fromSecretsManager(SECRET, { versionStage: "AWSPREVIOUS" }))).toEqual([
      `${SECRET}::AWSPREVIOUS:`,
      SECRET,
    ]);
    expect(both(Secret.fromSecretsManager(SECRET, { versionId: "v1" }))).toEqual([`${SECRET}:::v1`, SECRET]);
    expect(both(Secret.fromSecretsManager(`${SECRET}:password::v1`))).toEqual([`${SECRET}:password::v1`, SECRET]);
  });

  it("removes the key from a reference in an expression", () => {
    const reference = hcl`aws_secretsmanager_secret.db.arn`.string;
    const [value, arn] = both(Secret.fromSecretsManager(reference, { jsonKey: "url" }));
    expect(value).toMatch(/:url::$/);
    expect(arn).toMatch(/^\$\{join\(":", slice\(split\(":", .*\), 0, 7\)\)\}$/);
  });

  it("accepts the name or the ARN of a parameter in an expression", () => {
    const [value] = both(Secret.fromSsmParameter(hcl`aws_ssm_parameter.url.name`.string));
    expect(value).toMatch(
      /^\$\{strcontains\(aws_ssm_parameter\.url\.name, ":"\) \? aws_ssm_parameter\.url\.name : join/,
    );
  });

  it("knows the secret that a parameter of Secrets Manager refers to, in the parameter's account", () => {
    const referenced = (parameter: string) =>
      resolved(emptyStack(), Secret.fromSsmParameter(parameter).referencedSecretArn(CLUSTER)?.toString());
    const inAccountOf = (arn: string) =>
      `\${join(":", ["arn", split(":", "${arn}")[1], "secretsmanager", split(":", "${arn}")[3], split(":", "${arn}")[4], "secret:prod/db-??????"])}`;
    const arn = "arn:aws:ssm:eu-west-1:444455556666:parameter/aws/reference/secretsmanager/prod/db";
    expect(referenced("/aws/reference/secretsmanager/prod/db")).toBe(inAccountOf(CLUSTER));
    expect(referenced(arn)).toBe(inAccountOf(arn));
    expect(referenced("/prod/aws/reference/secretsmanager/db")).toBeUndefined();
    expect(referenced("/aws/reference/secretsmanager/rds!db-1+a=@b")).toContain("rds!db-1+a=@b");
    expect(Secret.fromSecretsManager(SECRET).referencedSecretArn(CLUSTER)).toBeUndefined();
  });

  it("is a resource of the app, by its ARN", () => {
    const stack = emptyStack();
    const secret = Secret.fromSecretsManager(new SecretsmanagerSecret(stack, "db", {}), { jsonKey: "password" });
    expect(resolved(stack, secret.valueFrom(CLUSTER))).toBe("${aws_secretsmanager_secret.db.arn}:password::");
    const parameter = Secret.fromSsmParameter(new SsmParameter(stack, "url", { name: "/url", type: "String" }));
    expect(resolved(stack, parameter.valueFrom(CLUSTER))).toContain("aws_ssm_parameter.url.arn");
    expect(Secret.fromSecretsManager({ arn: SECRET }).arn(CLUSTER)).toBe(SECRET);
  });

  it("names the staging label whose versions deploy the service, with redeployOnChange", () => {
    expect(Secret.fromSecretsManager(SECRET).deployedStage).toBeUndefined();
    expect(Secret.fromSecretsManager(SECRET, { redeployOnChange: true }).deployedStage).toBe("AWSCURRENT");
    const options = { redeployOnChange: true, versionStage: "blue" };
    expect(Secret.fromSecretsManager(SECRET, options).deployedStage).toBe("blue");
  });

  it("knows whether it is the whole secret", () => {
    expect(Secret.fromSecretsManager(SECRET).isPart).toBe(false);
    expect(Secret.fromSecretsManager(SECRET, { jsonKey: "a" }).isPart).toBe(true);
    expect(Secret.fromSecretsManager(`${SECRET}:a::`).isPart).toBe(true);
  });

  it.each<[string, () => Secret, string]>([
    ["text that is no parameter's name", () => Secret.fromSsmParameter("prod url"), NO_PARAMETER],
    [
      "a number",
      () => Secret.fromSecretsManager({ arn: 5 as never }),
      "secretArn.arn must be a string; received a value that is not shown. Write it in quotes.",
    ],
    ["a secret's name in place of its ARN", () => Secret.fromSecretsManager("prod/db"), NO_SECRET],
    ...["*", "prod/*", "prod/d?-AbCdEf", "${aws:username}"].map((name): [string, () => Secret, string] => [
      `an ARN that matches several secrets in a policy: ${name}`,
      () => Secret.fromSecretsManager(SECRET.replace("prod/db-AbCdEf", name)),
      NO_SECRET,
    ]),
    ...["*", "prod/*", "prod/d?", "${aws:username}"].map((name): [string, () => Secret, string] => [
      `an ARN that matches several parameters in a policy: ${name}`,
      () => Secret.fromSsmParameter(`arn:aws:ssm:eu-west-1:111122223333:parameter/${name}`),
      NO_PARAMETER,
    ]),
    [
      "an ARN without the six characters that Secrets Manager adds",
      () => Secret.fromSecretsManager("arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db"),
      "secretArn must have the hyphen and the six characters that Secrets Manager adds to the name; received a value that is not shown. Print the whole ARN: aws secretsmanager describe-secret --region eu-west-1 --secret-id 'prod/db' --query ARN --output text",
    ],
    [
      "such an ARN with a key",
      () => Secret.fromSecretsManager("arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1:password::"),
      "secretArn must have the hyphen and the six characters that Secrets Manager adds to the name; received a value that is not shown. Print the whole ARN: aws secretsmanager describe-secret --region eu-west-1 --secret-id 'rds!db-1' --query ARN --output text",
    ],
    [
      "a key in the ARN and in the options",
      () => Secret.fromSecretsManager(`${SECRET}:password::`, { jsonKey: "user" }),
      "secretArn must not have a key and a version when the options have them; received a value that is not shown. Remove them from the ARN, or from the options.",
    ],
    [
      "a colon in a key",
      () => Secret.fromSecretsManager(SECRET, { jsonKey: "user:name" }),
      'options.jsonKey must contain no colon; received "user:name". ECS separates the ARN, the key and the version with colons.',
    ],
    [
      "an alias of a key",
      () => Secret.fromSsmParameter("/prod/url", { encryptionKeyArn: "alias/mine" }),
      'options.encryptionKeyArn must be the ARN of a KMS key; received "alias/mine". Find it: aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn',
    ],
    [
      "an environment variable that is not set",
      () => Secret.fromSsmParameter(process.env.NOT_SET as unknown as string),
      "parameter must be a string or a resource with an ARN; received a value that is not shown. Set it.",
    ],
    [
      "a value of another type",
      () => Secret.fromSecretsManager({ password: "hunter2" } as unknown as string),
      "secretArn must be a string or a resource with an ARN; received a value that is not shown. Use a string, or a resource of the app.",
    ],
    [
      "an unknown option",
      () => Secret.fromSsmParameter("/prod/url", { jsonKey: "password" } as object),
      'Unknown setting "options.jsonKey". The settings are encryptionKeyArn, redeployOnChange.',
    ],
  ])("rejects %s", (_, create, message) => {
    expect(problemsOf(create)).toEqual([message]);
  });

  it("does not show a secret value in place of a name", () => {
    for (const create of [Secret.fromSsmParameter, Secret.fromSecretsManager]) {
      expect(problemsOf(() => create("hunter2 is the password")).join()).not.toContain("hunter2");
    }
  });
});
