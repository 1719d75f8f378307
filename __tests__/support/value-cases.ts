import type { EcsClusterSettings } from "../../src";
import { policyArnRule } from "../../src/iam/managed-policies";
import { backendSchema } from "../../src/stacks/backend";
import { clusterVariables, resolveClusterSettings } from "../../src/stacks/ecs-cluster-settings";
import { bucketRules } from "../../src/validation/aws-rules";
import { nullable, type Rule } from "../../src/validation/rule";
import { rulesOf } from "../../src/validation/schema";
import { CIDRS, generated, TERRAFORM_TYPES, type TerraformType } from "./generated-values";

/** The rules of a variable, its Terraform type, and values to check. */
export interface ValueCases {
  readonly name: string;
  readonly type: TerraformType;
  readonly nullable?: boolean;
  readonly rules: readonly Rule<never>[];
  readonly values: readonly unknown[];
}

/** The other variables, as rules that read them see them. */
export const OTHERS = { region: "eu-west-1", min_size: 2, max_size: 5 } as const;

const NAMES = [
  ...["ecs", "ab", "a", "", "a".repeat(24), "a".repeat(25), "-ecs", "ecs-", "e-s", "e_s", "e.s", "e s", "internal-x"],
  ...[
    "INTERNAL-x",
    "internal",
    "sg",
    "internalx",
    "xinternal-",
    "sg-1",
    "SG-1",
    "sg1",
    "éca",
    "ecs\n",
    "${var.x}",
    "%{if}",
    "日本語",
    "😀😀😀",
    "1a2",
    "a\u0488b",
  ],
];

const ACM = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b-2c";

const TRUST_STORE = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:truststore/clients/0a1b2c";

const WEB_ACL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/mine/0a1b";

/** Valid and invalid values by hand. {@link generated} adds others. */
const BY_NAME: Readonly<Record<string, readonly unknown[]>> = {
  region: [
    ...[
      "ap-northeast-2",
      "ap-northeast-2a",
      "us-gov-west-1",
      "cn-north-1",
      "eu-isoe-west-1",
      "AP-northeast-2",
      "seoul",
    ],
    ...["us-iso-east-1", "mx-central-1", "a-b-1", "eu-west-", "eu-west-123", "eu-west-1 ", " eu-west-1", "eu-west-1\n"],
  ],
  name: NAMES,
  vpc_id: [
    "vpc-12345678",
    "vpc-0123456789abcdef0",
    "vpc-1234567",
    "vpc-ABCDEF12",
    "subnet-12345678",
    "vpc-0123456789abcdef01",
  ],
  subnet_ids: [
    [],
    ["subnet-12345678"],
    ["subnet-12345678", "subnet-12345678"],
    ["subnet-1234567g", "subnet-0"],
    ["vpc-1"],
  ],
  instance_types: [
    ...[[], ["t3.small"], ["t3.small", "t3.small"], ["t3", "m7g.large"], ["u-6tb1.metal"], ["T3.small"], ["t3.small "]],
    Array.from({ length: 40 }, (_, index) => `t${index}.small`),
    Array.from({ length: 41 }, (_, index) => `t${index}.small`),
    ["mac2-m2pro.metal", ".small", "t3.", "t3..small", "1t.small"],
  ],
  min_size: [0, 1, 5000, 5001, -1, 1.5, -0.5],
  max_size: [0, 1, 2, 3, 5000, 5001, 2.5],
  desired_size: [null, 0, 1, 2, 3, 5, 6, 2.5, -1, 5001],
  key_name: [
    "me",
    "me and you",
    " me",
    "me ",
    "",
    "a".repeat(255),
    "a".repeat(256),
    "schlüssel",
    "a\nb",
    "~",
    "a\u007f",
  ],
  ssh_cidrs: [[], ...CIDRS.flat().map((cidr) => [cidr]), ...CIDRS, ["10.0.0.0/8", "10.0.0.0/8"]],
  http_cidrs: [
    ...[[], ...CIDRS.flat().map((cidr) => [cidr]), ...CIDRS, ["::/0", "::/0"]],
    Array.from({ length: 60 }, (_, index) => `10.${index}.0.0/16`),
    Array.from({ length: 61 }, (_, index) => `10.${index}.0.0/16`),
  ],
  certificate_arn: [
    ...[ACM, ACM.replace("eu-west-1", "us-east-1"), ACM.replace("aws", "aws-cn"), ACM.replace("acm", "iam"), `${ACM}/`],
    ...["", "arn", "arn:aws:acm:eu-west-1", ":::eu-west-1", ACM.toUpperCase()],
  ],
  certificate_arns: [
    ...[{}, { shop: ACM }, { Shop: ACM }, { "1": ACM }, { a_b: ACM, "c-d": ACM }, { a: "arn" }, { "": ACM }],
    ...[
      { a: ACM.replace("eu-west-1", "us-east-1"), b: ACM },
      { a: "" },
      { ["a".repeat(32)]: ACM },
      { ["a".repeat(33)]: ACM },
    ],
    Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`c${index}`, ACM])),
    Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`c${index}`, ACM])),
  ],
  web_acl_arn: [WEB_ACL, WEB_ACL.replace("eu-west-1", "us-east-1"), WEB_ACL.replace("regional", "global"), "", "arn"],
  trust_store_arn: [
    ...[TRUST_STORE, TRUST_STORE.replace("eu-west-1", "us-east-1"), `${TRUST_STORE}/a`, TRUST_STORE.toUpperCase(), ""],
    ...["arn:aws:elasticloadbalancing:eu-west-1:1:truststore/a/b", `${TRUST_STORE}\n`],
  ],
  root_volume_gib: [29, 30, 31, 65536, 65537, 0, -30, 30.5],
  ami_version: [
    ...["recommended", "latest", "", "al2023-ami-ecs-hvm-2023.0.20250304-kernel-6.1-x86_64", "Recommended", "1.49.0"],
    ...[
      "1.49.0-0a1b",
      "v1.49.0",
      "1.49",
      "amzn2-ami-ecs-hvm-2.0.20250304-x86_64-ebs",
      "al2023-ami-ecs-",
      "recommended\n",
    ],
  ],
  log_retention_days: [0, 1, 2, 3, 14, 15, 365, 3653, 3654, 14.5, -1],
  tags: [
    ...[
      {},
      { team: "web" },
      { "": "x" },
      { a: "" },
      { "a:b/c=d+e-f@g.h_i j": "ü 日本 ٣" },
      { "aws:x": "y" },
      { AWS: "x" },
      { name: "x" },
      { Name: "x" },
      { owner: "a", Owner: "b" },
    ],
    ...[
      { "Aws:x": "y", b: "<" },
      { a: "x!" },
      { "a\nb": "c" },
      { a: "b\tc" },
      { a: "${var.x}" },
      { a: "😀" },
      { a: "x&y" },
    ],
    ...[{ ["k".repeat(128)]: "v".repeat(256) }, { ["k".repeat(129)]: "v".repeat(257) }, { z: "!", a: "?" }],
    Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`k${index}`, "v"])),
    Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`k${index}`, "v"])),
  ],
  policy_arn: [
    ...[
      "arn:aws:iam::aws:policy/ReadOnlyAccess",
      "arn:aws-cn:iam::123456789012:policy/a/b",
      "arn:aws:iam::1:policy/x",
      "ReadOnly",
    ],
    ...["arn:aws:iam::aws:role/x", "arn:aws:iam::aws:policy/", "arn:aws:iam::aws:policy/${x}"],
  ],
  bucket: [
    "abc",
    "ab",
    "a..b",
    "1.2.3.4",
    "sthree-a",
    "a.b-c",
    "Abc",
    "a_b",
    "-ab",
    "ab-",
    "a".repeat(63),
    "a".repeat(64),
  ],
  state_path: [...["a/b.tfstate", "../x", "/abs", "\\abs", "~/x", "C:\\x", "c:x", "", "a$b", "a%b", "a\nb", "a b"]],
};

/** The settings of three stacks, which have every variable together. */
const STACKS: readonly EcsClusterSettings[] = [
  {
    loadBalancer: { https: true, dualStack: true, webAcl: "existing", mutualAuthentication: { mode: "verify" } },
    values: { certificateArns: {} },
    vpcId: "vpc-12345678",
  },
  { amiFamily: "bottlerocket", keyPair: "existing" },
  { amiFamily: "amazon-linux-2", keyPair: "none", loadBalancer: false },
];

/** Returns every value with rules, with values by hand and `count` generated ones. `seed` repeats a run. */
export function valueCases(count: number, seed: number): ValueCases[] {
  const declared = STACKS.flatMap((settings) =>
    Object.values(clusterVariables(resolveClusterSettings(settings, "ecs"))),
  )
    .map(({ name, field }) => ({
      name,
      type: TERRAFORM_TYPES[field.facts.kind ?? "string"],
      nullable: field.facts.isNullable,
      rules: rulesOf(field).map((rule) => (field.facts.isNullable ? (nullable(rule) as Rule<never>) : rule)),
    }))
    // Families and load balancers have different rules. The other variables are the same in each stack.
    .filter(
      ({ name }, index, all) =>
        ["ami_version", "http_cidrs"].includes(name) || all.findIndex((one) => one.name === name) === index,
    );
  const others = { policy_arn: [policyArnRule], bucket: bucketRules, state_path: rulesOf(backendSchema.shape.local) };
  const cases = [
    ...declared,
    ...Object.entries(others).map(([name, rules]) => ({ name, type: "string" as const, nullable: false, rules })),
  ];
  return cases
    .filter(({ rules }) => rules.length > 0)
    .map((one) => ({ ...one, values: [...(BY_NAME[one.name] ?? []), ...generated(one.type, count, seed)] }));
}
