import type { EcsClusterSettings } from "../../src";
import { placementMistakes, strategyMistakes } from "../../src/services/placement";
import { resolveSettings } from "../../src/stacks/settings";
import { type Rule, violation } from "../../src/validation/rule";
import { tagsRules } from "../../src/validation/tag-rules";
import * as values from "../../src/validation/values";
import { mistakesOf } from "../support/synthesized";

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
    const rule = tagsRules.find(({ must }) => must.includes("keys of letters")) as Rule<Record<string, string>>;
    expect(violation("tags", rule, { "é!": "x", "z!": "x", "Z!": "x" })).toContain('received ["Z!","z!","é!"].');
  });
});

const settings = (given: object) => mistakesOf(() => resolveSettings(given as EcsClusterSettings));
const record = (count: number, make: (index: number) => unknown) =>
  Object.fromEntries(many(count, (index) => `n${index}`).map((name, index) => [name, make(index)]));
const hook = (more: object) => ({ lifecycleHooks: { wait: { transition: "launching", ...more } } });
const volume = (more: object) => ({ volumes: { cache: { sizeGib: 200, mountPath: "/cache", ...more } } });
const spot = { onDemandPercentageAboveBaseCapacity: 50 };
const policies = (count: number) => many(count, (index) => `arn:aws:iam::111122223333:policy/p${index}`);
const shares = (count: number) =>
  many(count, (index) => `cp-${index}`).map((capacityProvider) => ({ capacityProvider }));

/** What each setting may be at most, or at least, and the figure that whoever goes beyond it is told. */
const SETTINGS: readonly (readonly [string, figure: string, within: readonly string[], beyond: readonly string[]])[] = [
  ...(
    [
      [
        "capacity providers of a cluster",
        "20",
        20,
        21,
        (count: number) => ({ capacityProviders: record(count, () => ({})) }),
      ],
      [
        "scheduled actions of a group",
        "125",
        125,
        126,
        (count: number) => ({
          schedules: record(count, (n) => ({ recurrence: `${n % 60} ${Math.floor(n / 60)} * * *`, minSize: 0 })),
        }),
      ],
      [
        "hooks of a group",
        "49",
        49,
        50,
        (count: number) => ({ lifecycleHooks: record(count, () => ({ transition: "launching" })) }),
      ],
      ["least wait of a hook", "30", 30, 29, (heartbeatTimeoutSeconds: number) => hook({ heartbeatTimeoutSeconds })],
      [
        "most wait of a hook",
        "7200",
        7200,
        7201,
        (heartbeatTimeoutSeconds: number) => hook({ heartbeatTimeoutSeconds }),
      ],
      ["text of a hook", "1023", 1023, 1024, (length: number) => hook({ notificationMetadata: "x".repeat(length) })],
      [
        "alarms of a refresh",
        "10",
        10,
        11,
        (count: number) => ({ instanceRefresh: { alarms: many(count, (n) => `a${n}`) } }),
      ],
      [
        "pause of a refresh",
        "172800",
        172_800,
        172_801,
        (checkpointDelaySeconds: number) => ({
          instanceRefresh: { checkpointPercentages: [100], checkpointDelaySeconds },
        }),
      ],
      [
        "healthy percentage",
        "200",
        200,
        201,
        (maxHealthyPercentage: number) => ({ instanceRefresh: { maxHealthyPercentage } }),
      ],
      ["lifetime of an instance", "365", 365, 366, (maxInstanceLifetimeDays: number) => ({ maxInstanceLifetimeDays })],
      ["warm pool", "5000", 5000, 5001, (minSize: number) => ({ warmPool: { minSize } })],
      [
        "sizes of a schedule",
        "5000",
        5000,
        5001,
        (maxSize: number) => ({ schedules: { n: { recurrence: "0 0 * * *", maxSize } } }),
      ],
      [
        "on-demand base",
        "5000",
        5000,
        5001,
        (onDemandBaseCapacity: number) => ({ instancesDistribution: { ...spot, onDemandBaseCapacity } }),
      ],
      [
        "types left out",
        "400",
        400,
        401,
        (count: number) => ({
          instanceRequirements: {
            vCpuCount: { min: 1 },
            memoryMiB: { min: 512 },
            excludedInstanceTypes: many(count, (n) => `m${n}.*`),
          },
        }),
      ],
      ["partitions", "7", 7, 8, (partitionCount: number) => ({ placementGroup: "partition", partitionCount })],
      [
        "base of a strategy",
        "100000",
        100_000,
        100_001,
        (base: number) => ({ capacityProviders: { main: {} }, defaultStrategy: [{ capacityProvider: "main", base }] }),
      ],
      [
        "weight of a strategy",
        "1000",
        1000,
        1001,
        (weight: number) => ({
          capacityProviders: { main: {} },
          defaultStrategy: [{ capacityProvider: "main", weight }],
        }),
      ],
      ["step", "10000", 10_000, 10_001, (maximumStepSize: number) => ({ managedScaling: { maximumStepSize } })],
      ["least step", "1", 1, 0, (minimumStepSize: number) => ({ managedScaling: { minimumStepSize } })],
      [
        "warm-up of managed scaling",
        "10000",
        10_000,
        10_001,
        (instanceWarmupSeconds: number) => ({ managedScaling: { instanceWarmupSeconds } }),
      ],
      ["target capacity", "100", 100, 101, (targetCapacity: number) => ({ targetCapacity })],
      [
        "further volumes",
        "11",
        11,
        12,
        (count: number) => ({ volumes: record(count, (n) => ({ sizeGib: 10, mountPath: `/v${n}` })) }),
      ],
      ["size of a volume", "65536", 65_536, 65_537, (sizeGib: number) => volume({ sizeGib })],
      ["most IOPS", "80000", 80_000, 80_001, (iops: number) => volume({ iops })],
      ["least IOPS", "3000", 3000, 2999, (iops: number) => volume({ iops })],
      ["IOPS of a GiB", "500", 5000, 5001, (iops: number) => volume({ sizeGib: 10, iops })],
      ["throughput", "2000", 2000, 2001, (throughputMiBs: number) => volume({ iops: 16_000, throughputMiBs })],
      [
        "throughput of the IOPS",
        "1000",
        1000,
        1001,
        (throughputMiBs: number) => volume({ iops: 4000, throughputMiBs }),
      ],
      ["user data", "16384", 15_997, 15_998, (length: number) => ({ extraUserData: ["x".repeat(length)] })],
      [
        "attributes of an instance",
        "10",
        10,
        11,
        (count: number) => ({ agent: { instanceAttributes: record(count, () => "x") } }),
      ],
      ["policies of the instances' role", "10", 8, 9, (count: number) => ({ instancePolicyArns: policies(count) })],
    ] as const
  ).map(([name, figure, most, over, make]) => [name, figure, settings(make(most)), settings(make(over))] as const),
  [
    "placement strategies",
    "5",
    placementMistakes(Array(5).fill({ type: "random" })),
    placementMistakes(Array(6).fill({ type: "random" })),
  ],
  [
    "placement constraints",
    "10",
    placementMistakes([], Array(10).fill({ type: "distinctInstance" })),
    placementMistakes([], Array(11).fill({ type: "distinctInstance" })),
  ],
  [
    "a placement expression",
    "2000",
    placementMistakes([], [{ type: "memberOf", expression: "x".repeat(2000) }]),
    placementMistakes([], [{ type: "memberOf", expression: "x".repeat(2001) }]),
  ],
  ["shares of a service", "20", strategyMistakes(shares(20)), strategyMistakes(shares(21))],
];

describe("the limits of settings", () => {
  it.each(SETTINGS)("are told with their figure: %s, %s", (_, figure, within, beyond) => {
    expect(within).toEqual([]);
    expect(beyond.join(" ")).toMatch(new RegExp(`(^|[^0-9])${figure}([^0-9]|$)`));
  });
});
