import { type Rule, violation } from "../src/rule";
import { tagsRules } from "../src/tag-rules";
import * as values from "../src/values";

const keeps = (rules: readonly Rule<never>[] | Rule<never>, value: unknown): boolean =>
  [rules]
    .flat()
    .every((rule) => (rule as Rule<unknown>).check(value, { region: "eu-west-1", min_size: 0, max_size: 5000 }));
const many = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index));
const tags = (count: number) => Object.fromEntries(many(count, (index) => `key${index}`).map((key) => [key, "x"]));
const arn = (account: string) => `arn:aws:iam::${account}:policy/mine`;

/** Literal figures, written apart from the source: two renderings of one wrong limit would agree with each other. */
const LIMITS: readonly (readonly [string, readonly Rule<never>[] | Rule<never>, unknown, unknown])[] = [
  ["a name has at least 3 characters", values.nameRules, "abc", "ab"],
  ["a name has at most 24 characters", values.nameRules, "a".repeat(24), "a".repeat(25)],
  ["a name may hold sg- but not start with it", values.nameRules, "a-sg-b", "sg-a"],
  ["a name may hold internal- but not start with it", values.nameRules, "my-internal-x", "Internal-x"],
  ["40 instance types", values.instanceTypesRules, many(40, (n) => `m${n}.large`), many(41, (n) => `m${n}.large`)],
  ["at least one instance type", values.instanceTypesRules, ["t3.small"], []],
  ["a group of 5000", values.sizeRule, 5000, 5001],
  ["a group of none", values.sizeRule, 0, -1],
  ["a largest size of one", values.maxSizeRules(), 1, 0],
  ["50 networks for SSH", values.sshCidrsRules, many(50, (n) => `10.0.${n}.0/24`), many(51, (n) => `10.0.${n}.0/24`)],
  ["30 networks for HTTP", values.httpCidrsRules, many(30, (n) => `10.0.${n}.0/24`), many(31, (n) => `10.0.${n}.0/24`)],
  ["SSH from the eighth bit on", values.sshCidrsRules, ["10.0.0.0/8"], ["10.0.0.0/7"]],
  ["SSH from the sixteenth bit of IPv6 on", values.sshCidrsRules, ["2001::/16"], ["2000::/15"]],
  ["half the internet for HTTP", values.httpCidrsRules, ["0.0.0.0/1"], ["0.0.0.1/1"]],
  ["no IPv4 in IPv6's clothes", values.sshCidrsRules, ["::/96"], ["::ffff:0:0/96"]],
  ["30 GiB", values.rootVolumeRule, 30, 29],
  ["64 TiB", values.rootVolumeRule, 65_536, 65_537],
  ["ten years of logs", values.retentionRule, 3653, 3654],
  ["45 tags", tagsRules, tags(45), tags(46)],
  ["tag keys of 128 characters", tagsRules, { ["k".repeat(128)]: "x" }, { ["k".repeat(129)]: "x" }],
  ["tag values of 256 characters", tagsRules, { k: "v".repeat(256) }, { k: "v".repeat(257) }],
  ["tag keys that differ in more than case", tagsRules, { owner: "a", Name: "b" }, { owner: "a", Owner: "b" }],
  ["tag keys that are this stack's in its own case", tagsRules, { Cluster: "a" }, { cluster: "a" }],
  ["key pair names of 255 characters", values.keyNameRule, "k".repeat(255), "k".repeat(256)],
  ["buckets of 3 characters", values.bucketRule, "abc", "ab"],
  ["buckets with dots apart", values.bucketRules, "a.b.c", "a..c"],
  ["buckets that are no address", values.bucketRules, "1.2.3.4.5", "1.2.3.4"],
  ["buckets of one's own", values.bucketRules, "sthree", "sthree-a"],
  ["buckets and not their aliases", values.bucketRules, "a-s3alias-b", "a-s3alias"],
  ["prefixes with a slash inside", values.logPrefixRules, "a/b", "/a"],
  ["prefixes without a slash at the end", values.logPrefixRules, "a", "a/"],
  ["prefixes of something", values.logPrefixRules, "a", ""],
  ["prefixes of another name than AWS's", values.logPrefixRules, "logs", "AWSLogs"],
  ["buckets of 63 characters", values.bucketRule, "b".repeat(63), "b".repeat(64)],
  ["a state below the folder, not in the home", values.statePathRules, "a/~b", "~/b"],
  ["a state on no drive", values.statePathRules, "ab:c", "C:state"],
  ["policies of an account of 12 digits", values.policyArnRule, arn("123456789012"), arn("12345678901")],
  ["policies of AWS's own account", values.policyArnRule, arn("aws"), arn("")],
  [
    "100 subnets",
    values.subnetIdsRules,
    many(100, (n) => `subnet-${String(n).padStart(8, "0")}`),
    many(101, (n) => `subnet-${String(n).padStart(8, "0")}`),
  ],
];

describe("the limits, by their figures", () => {
  it.each(LIMITS)("%s", (_, rules, last, first) => {
    expect([keeps(rules, last), keeps(rules, first)]).toEqual([true, false]);
  });

  it("are told of keys in Terraform's order", () => {
    const rule = tagsRules[1] as Rule<Record<string, string>>;
    expect(violation("tags", rule, { "é!": "x", "z!": "x", "Z!": "x" })).toContain('received ["Z!","z!","é!"].');
  });
});
