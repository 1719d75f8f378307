import { resolveClusterSettings } from "../../src/stacks/ecs-cluster-settings";
import { problemsOf } from "../support/problems";

const problems = (settings: object) => problemsOf(() => resolveClusterSettings(settings, "ecs"));
const many = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index));
const tags = (count: number) => Object.fromEntries(many(count, (index) => `key${index}`).map((key) => [key, "x"]));
const values = (given: object, settings: object = {}) => ({ values: given, ...settings });
const bucket = (name: string) => ({ loadBalancer: { accessLogs: { bucket: name } } });
const policy = (account: string) => ({ instancePolicyArns: [`arn:aws:iam::${account}:policy/mine`] });
const existing = { keyPair: "existing" };
const subnets = (count: number) =>
  values({ subnetIds: many(count, (n) => `subnet-${String(n).padStart(8, "0")}`) }, { vpcId: "vpc-12345678" });

/** For each limit, settings with the last accepted value and settings with the first rejected value. AWS documents the limits. */
const LIMITS: readonly (readonly [limit: string, last: object, first: object])[] = [
  ["a name has at least 3 characters", values({ name: "abc" }), values({ name: "ab" })],
  ["a name has at most 24 characters", values({ name: "a".repeat(24) }), values({ name: "a".repeat(25) })],
  ["a name does not start with sg-", values({ name: "a-sg-b" }), values({ name: "sg-a" })],
  ["a name does not start with internal-", values({ name: "my-internal-x" }), values({ name: "Internal-x" })],
  [
    "40 instance types",
    values({ instanceTypes: many(40, (n) => `m${n}.large`) }),
    values({ instanceTypes: many(41, (n) => `m${n}.large`) }),
  ],
  ["at least one instance type", values({ instanceTypes: ["t3.small"] }), values({ instanceTypes: [] })],
  ["at most 5000 instances", values({ maxSize: 5000 }), values({ maxSize: 5001 })],
  ["at least 0 instances", values({ minSize: 0 }), values({ minSize: -1 })],
  ["a maxSize of at least 1", values({ minSize: 0, maxSize: 1 }), values({ minSize: 0, maxSize: 0 })],
  [
    "50 networks for SSH",
    values({ sshCidrs: many(50, (n) => `10.0.${n}.0/24`) }),
    values({ sshCidrs: many(51, (n) => `10.0.${n}.0/24`) }),
  ],
  [
    "30 networks for HTTP",
    values({ httpCidrs: many(30, (n) => `10.0.${n}.0/24`) }),
    values({ httpCidrs: many(31, (n) => `10.0.${n}.0/24`) }),
  ],
  ["SSH from /8", values({ sshCidrs: ["10.0.0.0/8"] }), values({ sshCidrs: ["10.0.0.0/7"] })],
  ["SSH from /16 of IPv6", values({ sshCidrs: ["2001::/16"] }), values({ sshCidrs: ["2000::/15"] })],
  ["HTTP from /1", values({ httpCidrs: ["0.0.0.0/1"] }), values({ httpCidrs: ["0.0.0.1/1"] })],
  ["IPv6 networks without IPv4 addresses", values({ sshCidrs: ["::/96"] }), values({ sshCidrs: ["::ffff:0:0/96"] })],
  ["a volume of at least 30 GiB", values({ rootVolumeGib: 30 }), values({ rootVolumeGib: 29 })],
  ["a volume of at most 64 TiB", values({ rootVolumeGib: 65_536 }), values({ rootVolumeGib: 65_537 })],
  ["3653 days of logs", values({ logRetentionDays: 3653 }), values({ logRetentionDays: 3654 })],
  ["45 tags", values({ tags: tags(45) }), values({ tags: tags(46) })],
  [
    "tag keys of 128 characters",
    values({ tags: { ["k".repeat(128)]: "x" } }),
    values({ tags: { ["k".repeat(129)]: "x" } }),
  ],
  ["tag values of 256 characters", values({ tags: { k: "v".repeat(256) } }), values({ tags: { k: "v".repeat(257) } })],
  [
    "tag keys that differ in more than case",
    values({ tags: { owner: "a", Name: "b" } }),
    values({ tags: { owner: "a", Owner: "b" } }),
  ],
  [
    "tag keys that differ from Cluster in more than case",
    values({ tags: { Cluster: "a" } }),
    values({ tags: { cluster: "a" } }),
  ],
  [
    "key pair names of 255 characters",
    values({ keyName: "k".repeat(255) }, existing),
    values({ keyName: "k".repeat(256) }, existing),
  ],
  ["buckets of 3 characters", bucket("abc"), bucket("ab")],
  ["buckets without two dots in a row", bucket("a.b.c"), bucket("a..c")],
  ["buckets that are not an IP address", bucket("1.2.3.4.5"), bucket("1.2.3.4")],
  ["buckets without a reserved prefix", bucket("sthree"), bucket("sthree-a")],
  ["buckets without a reserved suffix", bucket("a-s3alias-b"), bucket("a-s3alias")],
  ["buckets of 63 characters", bucket("b".repeat(63)), bucket("b".repeat(64))],
  ["a state without a home directory", { backend: { local: "a/~b" } }, { backend: { local: "~/b" } }],
  ["a state without a drive", { backend: { local: "ab:c" } }, { backend: { local: "C:state" } }],
  ["policies of an account with 12 digits", policy("123456789012"), policy("12345678901")],
  ["policies of AWS", policy("aws"), policy("")],
  ["100 subnets", subnets(100), subnets(101)],
];

describe("the limits of a cluster", () => {
  it.each(LIMITS)("are those that AWS documents: %s", (_, last, first) => {
    expect(problems(last)).toEqual([]);
    expect(problems(first)).not.toEqual([]);
  });

  it("list keys in the order of Terraform", () => {
    const [problem] = problems(values({ tags: { "é!": "x", "z!": "x", "Z!": "x" } }));
    expect(problem).toContain('received ["Z!", "z!", "é!"].');
  });
});

const record = (count: number, make: (index: number) => unknown) =>
  Object.fromEntries(many(count, (index) => `n${index}`).map((name, index) => [name, make(index)]));
const hook = (more: object) => ({ lifecycleHooks: { wait: { transition: "launching", ...more } } });
const volume = (more: object) => ({ volumes: { cache: { sizeGib: 200, mountPath: "/cache", ...more } } });
const spot = { onDemandPercentageAboveBaseCapacity: 50 };
const policies = (count: number) => many(count, (index) => `arn:aws:iam::111122223333:policy/p${index}`);

/** For each limit, its number in the message, and the problems with the last accepted and the first rejected value. */
const SETTINGS: readonly (readonly [
  string,
  limit: string,
  accepted: readonly string[],
  rejected: readonly string[],
])[] = [
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
        "lifecycle hooks of a group",
        "49",
        49,
        50,
        (count: number) => ({ lifecycleHooks: record(count, () => ({ transition: "launching" })) }),
      ],
      [
        "minimum timeout of a lifecycle hook",
        "30",
        30,
        29,
        (heartbeatTimeoutSeconds: number) => hook({ heartbeatTimeoutSeconds }),
      ],
      [
        "maximum timeout of a lifecycle hook",
        "7200",
        7200,
        7201,
        (heartbeatTimeoutSeconds: number) => hook({ heartbeatTimeoutSeconds }),
      ],
      [
        "metadata of a lifecycle hook",
        "1023",
        1023,
        1024,
        (length: number) => hook({ notificationMetadata: "x".repeat(length) }),
      ],
      [
        "alarms of an instance refresh",
        "10",
        10,
        11,
        (count: number) => ({ instanceRefresh: { alarms: many(count, (n) => `a${n}`) } }),
      ],
      [
        "delay after a checkpoint",
        "172800",
        172_800,
        172_801,
        (checkpointDelaySeconds: number) => ({
          instanceRefresh: { checkpointPercentages: [100], checkpointDelaySeconds },
        }),
      ],
      [
        "maximum healthy percentage",
        "200",
        200,
        201,
        (maxHealthyPercentage: number) => ({ instanceRefresh: { maxHealthyPercentage } }),
      ],
      ["lifetime of an instance", "365", 365, 366, (maxInstanceLifetimeDays: number) => ({ maxInstanceLifetimeDays })],
      ["instances of a warm pool", "5000", 5000, 5001, (minSize: number) => ({ warmPool: { minSize } })],
      [
        "sizes of a scheduled action",
        "5000",
        5000,
        5001,
        (maxSize: number) => ({ schedules: { n: { recurrence: "0 0 * * *", maxSize } } }),
      ],
      [
        "on-demand base capacity",
        "5000",
        5000,
        5001,
        (onDemandBaseCapacity: number) => ({ instancesDistribution: { ...spot, onDemandBaseCapacity } }),
      ],
      [
        "excluded instance types",
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
        "base of a capacity provider",
        "100000",
        100_000,
        100_001,
        (base: number) => ({ capacityProviders: { main: {} }, defaultStrategy: [{ capacityProvider: "main", base }] }),
      ],
      [
        "weight of a capacity provider",
        "1000",
        1000,
        1001,
        (weight: number) => ({
          capacityProviders: { main: {} },
          defaultStrategy: [{ capacityProvider: "main", weight }],
        }),
      ],
      ["maximum step", "10000", 10_000, 10_001, (maximumStepSize: number) => ({ managedScaling: { maximumStepSize } })],
      ["minimum step", "1", 1, 0, (minimumStepSize: number) => ({ managedScaling: { minimumStepSize } })],
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
      ["maximum IOPS", "80000", 80_000, 80_001, (iops: number) => volume({ iops })],
      ["minimum IOPS", "3000", 3000, 2999, (iops: number) => volume({ iops })],
      ["IOPS per GiB", "500", 5000, 5001, (iops: number) => volume({ sizeGib: 10, iops })],
      ["maximum throughput", "2000", 2000, 2001, (throughputMiBs: number) => volume({ iops: 16_000, throughputMiBs })],
      [
        "throughput for the IOPS",
        "1000",
        1000,
        1001,
        (throughputMiBs: number) => volume({ iops: 4000, throughputMiBs }),
      ],
      ["user data", "16384", 15_976, 15_977, (length: number) => ({ extraUserData: ["x".repeat(length)] })],
      [
        "attributes of an instance",
        "10",
        10,
        11,
        (count: number) => ({ agent: { instanceAttributes: record(count, () => "x") } }),
      ],
      ["policies of the instance role", "10", 8, 9, (count: number) => ({ instancePolicyArns: policies(count) })],
    ] as const
  ).map(([name, limit, last, first, make]) => [name, limit, problems(make(last)), problems(make(first))] as const),
];

describe("the limits of settings", () => {
  it.each(SETTINGS)("are in the message: %s %s", (_, limit, accepted, rejected) => {
    expect(accepted).toEqual([]);
    expect(rejected.join(" ")).toMatch(new RegExp(`(^|[^0-9])${limit}([^0-9]|$)`));
  });
});
