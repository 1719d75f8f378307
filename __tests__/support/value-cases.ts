import { type ValueDefinition, valueTable } from "../../src/stacks/value-table";
import type { Rule } from "../../src/validation/rule";
import { bucketRule, policyArnRule, statePathRules } from "../../src/validation/values";
import { CIDRS, generated } from "./generated-values";

/** A value's rules, its Terraform type, and values to hold them against. */
export interface ValueCases {
  readonly name: string;
  readonly type: ValueDefinition["type"];
  readonly nullable?: boolean;
  readonly rules: readonly Rule<never>[];
  readonly values: readonly unknown[];
}

/** What the rules that look at other variables see of them. */
export const OTHERS = { region: "eu-west-1", min_size: 2, max_size: 5 } as const;

const NAMES = [
  ...["ecs", "ab", "a", "", "a".repeat(24), "a".repeat(25), "-ecs", "ecs-", "e-s", "e_s", "e.s", "e s", "internal-x"],
  ...[
    "INTERNAL-x",
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

/** Good and bad values by hand; what nobody thought of comes from {@link generated}. */
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
  bucket: ["abc", "ab", "a.b-c", "Abc", "a_b", "-ab", "ab-", "a".repeat(63), "a".repeat(64)],
  state_path: [...["a/b.tfstate", "../x", "/abs", "\\abs", "~/x", "C:\\x", "c:x", "", "a$b", "a%b", "a\nb", "a b"]],
};

/** Every value of the project that has rules, with values by hand and `count` generated ones; `seed` repeats a run. */
export function valueCases(count: number, seed: number): ValueCases[] {
  const tables = [
    valueTable({
      amiFamily: "amazon-linux-2023",
      keyPair: "import",
      loadBalancer: { https: true },
      vpcId: "vpc-12345678",
    }),
    valueTable({ amiFamily: "bottlerocket", keyPair: "existing", loadBalancer: {} }),
    valueTable({ amiFamily: "amazon-linux-2", keyPair: "none", loadBalancer: false }),
  ];
  const [first = {}, ...others] = tables.map((table) => Object.values(table));
  const seen = new Set((first as ValueDefinition[]).map(({ name }) => name));
  const further = others.flat().filter(({ name }) => name === "ami_version" || !seen.has(name));
  const strings: Record<string, readonly Rule<string>[]> = {
    policy_arn: [policyArnRule],
    bucket: [bucketRule],
    state_path: statePathRules,
  };
  const definitions: Omit<ValueCases, "values">[] = [
    ...(first as ValueDefinition[]),
    ...further,
    ...Object.entries(strings).map(([name, rules]) => ({ name, type: "string" as const, rules })),
  ].filter(({ rules }) => rules.length > 0);
  return definitions.map(({ name, type, nullable, rules }) => ({
    name,
    type,
    nullable,
    rules,
    values: [...(BY_NAME[name] ?? []), ...generated(type, count, seed)],
  }));
}
