import { hcl, Secret } from "../../src";
import { emptyStack, resolved } from "../support/synthesized";

const CLUSTER = "arn:aws-cn:ecs:cn-north-1:111122223333:cluster/prod";
const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf";

const both = (secret: Secret) =>
  [secret.valueFrom(CLUSTER), secret.arn(CLUSTER)].map((value) => resolved(emptyStack(), value.toString()));

describe("Secret", () => {
  it("makes an ARN of a parameter's name, in the cluster's partition, region and account", () => {
    const expected = `\${join(":", ["arn", split(":", "${CLUSTER}")[1], "ssm", split(":", "${CLUSTER}")[3], split(":", "${CLUSTER}")[4], "parameter/prod/url"])}`;
    expect(both(Secret.fromSsmParameter("/prod/url"))).toEqual([expected, expected]);
  });

  it("takes a parameter's ARN as it is", () => {
    const arn = "arn:aws:ssm:eu-west-1:111122223333:parameter/prod/url";
    expect(both(Secret.fromSsmParameter(arn))).toEqual([arn, arn]);
  });

  it("tells ECS the key and the version of a secret, and IAM the secret alone", () => {
    expect(both(Secret.fromSecretsManager(SECRET))).toEqual([SECRET, SECRET]);
    expect(both(Secret.fromSecretsManager(SECRET, { jsonKey: "password" }))).toEqual([`${SECRET}:password::`, SECRET]);
    expect(both(Secret.fromSecretsManager(SECRET, { versionStage: "AWSPREVIOUS" }))).toEqual([
      `${SECRET}::AWSPREVIOUS:`,
      SECRET,
    ]);
    expect(both(Secret.fromSecretsManager(`${SECRET}:password::v1`))).toEqual([`${SECRET}:password::v1`, SECRET]);
  });

  it("drops the key of a reference in an expression", () => {
    const reference = hcl`aws_secretsmanager_secret.db.arn`.string;
    const [value, arn] = both(Secret.fromSecretsManager(reference, { jsonKey: "url" }));
    expect(value).toMatch(/:url::$/);
    expect(arn).toMatch(/^\$\{join\(":", slice\(split\(":", .*\), 0, 7\)\)\}$/);
  });

  it.each<[string, Secret, string]>([
    [
      "a parameter's name that none has",
      Secret.fromSsmParameter("prod url"),
      'secrets.URL must be the name or the ARN of an SSM parameter; received "prod url". List those there are: aws ssm describe-parameters --query Parameters[].Name',
    ],
    [
      "a secret's name instead of its ARN",
      Secret.fromSecretsManager("prod/db"),
      'secrets.URL must be the ARN of a secret; received "prod/db". List those there are: aws secretsmanager list-secrets --query SecretList[].ARN',
    ],
    ...["*", "prod/*", "prod/d?-AbCdEf", "${aws:username}"].map((name): [string, Secret, string] => [
      `a secret that would be many in a policy: ${name}`,
      Secret.fromSecretsManager(SECRET.replace("prod/db-AbCdEf", name)),
      `secrets.URL must be the ARN of a secret; received "${SECRET.replace("prod/db-AbCdEf", name)}". List those there are: aws secretsmanager list-secrets --query SecretList[].ARN`,
    ]),
    ...["*", "prod/*", "prod/d?", "${aws:username}"].map((name): [string, Secret, string] => [
      `a parameter that would be many in a policy: ${name}`,
      Secret.fromSsmParameter(`arn:aws:ssm:eu-west-1:111122223333:parameter/${name}`),
      `secrets.URL must be the name or the ARN of an SSM parameter; received "arn:aws:ssm:eu-west-1:111122223333:parameter/${name}". List those there are: aws ssm describe-parameters --query Parameters[].Name`,
    ]),
    [
      "a key that is given twice",
      Secret.fromSecretsManager(`${SECRET}:password::`, { jsonKey: "user" }),
      `secrets.URL must name its key and version once; received "${SECRET}:password:::user::". Leave them out of the ARN, or out of the options.`,
    ],
    [
      "an alias for a key",
      Secret.fromSsmParameter("/prod/url", { encryptionKeyArn: "alias/mine" }),
      'secrets.URL.encryptionKeyArn must be the ARN of a KMS key; received "alias/mine". Find it: aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn',
    ],
  ])("refuses %s", (_, secret, message) => {
    expect(secret.mistakes("secrets.URL")).toEqual([message]);
  });
});
