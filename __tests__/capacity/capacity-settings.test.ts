import {
  capacityProvidersSchema,
  capacityRules,
  resolveCapacities,
  type StackCapacities,
} from "../../src/capacity/capacity-settings";
import { capacityValuesSchema } from "../../src/capacity/capacity-values";
import { portRangeSchema } from "../../src/network/port-range";
import { schemaOf, withDefaults } from "../../src/validation/schema";
import { check, validate } from "../../src/validation/validate";
import { problemsOf } from "../support/problems";
import { fc } from "../support/seeded";
import { anyToken, anyValue } from "../validation/any-value";

/** The schema of a stack that has nothing but capacities. */
const schema = schemaOf<StackCapacities>()(
  {
    values: withDefaults(capacityValuesSchema),
    ...capacityProvidersSchema.shape,
    portRange: portRangeSchema.optional(),
  },
  capacityRules,
);
const resolve = (settings: object = {}) => resolveCapacities(validate("Stack", schema, settings));
const problems = (settings: object) => problemsOf(() => resolve(settings));

const requirements = { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } };
const spotStrategy = { instancesDistribution: { spotAllocationStrategy: "lowest-price" } };

describe("the capacities of a stack", () => {
  it("are only main by default, without a strategy", () => {
    const { capacities, portRange, defaultStrategy } = resolve();
    expect(capacities.map(({ name }) => name)).toEqual(["main"]);
    expect(capacities[0]).toMatchObject({
      amiFamily: "amazon-linux-2023",
      spot: false,
      targetCapacity: 100,
      terminationProtection: false,
      instanceRefresh: { minHealthyPercentage: 100, maxHealthyPercentage: 110 },
      extraUserData: [],
      detailedMonitoring: false,
      values: { instanceTypes: ["t3.small"], minSize: 1, maxSize: 2 },
    });
    expect(`${portRange}`).toBe("31000-61000");
    expect(defaultStrategy).toBeUndefined();
  });

  it("use the stack's settings by default", () => {
    const { capacities } = resolve({
      targetCapacity: 80,
      managedScaling: { maximumStepSize: 8 },
      agent: { logLevel: "warn" },
      capacityProviders: {
        main: {},
        arm: { managedScaling: { minimumStepSize: 2 }, agent: { reservedMemoryMiB: 256 } },
      },
    });
    expect(capacities).toMatchObject([
      { name: "main", targetCapacity: 80, managedScaling: { maximumStepSize: 8 } },
      { name: "arm", targetCapacity: 80, managedScaling: { minimumStepSize: 2 } },
    ]);
    expect(capacities[1]?.managedScaling?.maximumStepSize).toBeUndefined();
  });

  it("add their options of the agent to the stack's", () => {
    const { capacities } = resolve({
      agent: { logLevel: "warn", reservedMemoryMiB: 64 },
      capacityProviders: { main: {}, arm: { agent: { reservedMemoryMiB: 256 } } },
    });
    expect(capacities.map(({ agent }) => [agent.logLevel, agent.reservedMemoryMiB])).toEqual([
      ["warn", 64],
      ["warn", 256],
    ]);
  });

  it("can set false where the stack sets true", () => {
    const { capacities } = resolve({ spot: true, capacityProviders: { arm: { spot: false }, x86: {} } });
    expect(capacities.map(({ spot }) => spot)).toEqual([false, true]);
  });

  it("have their own values, and main those of the stack", () => {
    const { capacities } = resolve({
      values: { minSize: 2, maxSize: 4 },
      capacityProviders: { main: {}, arm: { values: { minSize: 0 } } },
    });
    expect(capacities.map(({ values }) => [values.minSize, values.maxSize])).toEqual([
      [2, 4],
      [0, 2],
    ]);
  });

  it("share the tasks equally by default", () => {
    expect(resolve({ capacityProviders: { main: {}, arm: {} } }).defaultStrategy).toEqual([
      { capacityProvider: "main", base: 0, weight: 1 },
      { capacityProvider: "arm", base: 0, weight: 1 },
    ]);
    expect(resolve({ defaultStrategy: [{ capacityProvider: "main", base: 2 }] }).defaultStrategy).toEqual([
      { capacityProvider: "main", base: 2, weight: 1 },
    ]);
  });

  it("share one port range that every AMI family supports", () => {
    const capacityProviders = { main: {}, arm: { amiFamily: "bottlerocket" } };
    expect(`${resolve({ capacityProviders }).portRange}`).toBe("32768-65535");
    expect(`${resolve({ portRange: { from: 40_000, to: 50_000 } }).portRange}`).toBe("40000-50000");
  });
});

describe("the rules of capacities", () => {
  const some = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, {}]));

  it.each<[object, string]>([
    [
      { capacityProviders: { "Arm-64": {} } },
      'capacityProviders.Arm-64 must have a name of 1 to 16 lower-case letters and digits that starts with a letter; received "Arm-64". The name is part of variables, addresses and names in AWS. For example arm.',
    ],
    [
      { capacityProviders: {} },
      "capacityProviders must have 1 to 20 capacity providers; received 0. A cluster has at most 20.",
    ],
    [
      { capacityProviders: some(21) },
      "capacityProviders must have 1 to 20 capacity providers; received 21. A cluster has at most 20.",
    ],
    [
      { capacityProviders: { main: { values: { minSize: 2 } } } },
      'capacityProviders.main.values must not be set; received {"minSize": 2}. The variables of main have no prefix. Write them in the values of the stack.',
    ],
    [
      { capacityProviders: { arm: {} }, values: { minSize: 1 } },
      "values.minSize must be set in the values of a capacity provider, because none is named main; received 1. Write it as capacityProviders.arm.values.minSize.",
    ],
    [
      { capacityProviders: { arm: { sopt: true } } },
      'Unknown setting "capacityProviders.arm.sopt". Did you mean "spot"?',
    ],
    [
      { capacityProviders: { arm: { values: { minSise: 1 } } } },
      'Unknown setting "capacityProviders.arm.values.minSise". Did you mean "minSize"?',
    ],
    [
      { capacityProviders: { arm: { values: { minSize: 3 } } } },
      'capacityProviders.arm.values.maxSize must be at least min_size; received {"max_size": 2, "min_size": 3}. Raise it, or lower min_size.',
    ],
    [{ minSize: 2 }, 'Unknown setting "minSize". Write it as values.minSize.'],
    [
      { capacityProviders: { arm: { minSize: 2 } } },
      'Unknown setting "capacityProviders.arm.minSize". Write it as capacityProviders.arm.values.minSize.',
    ],
    [
      { capacityProviders: { arm: {}, x86: {} }, defaultStrategy: [{ capacityProvider: "amr" }] },
      'defaultStrategy[0].capacityProvider must be a name in capacityProviders; received "amr". Did you mean "arm"?',
    ],
    [
      { defaultStrategy: [{ capacityProvider: "arm" }] },
      'defaultStrategy[0].capacityProvider must be a name in capacityProviders; received "arm". The capacity providers are main.',
    ],
    [
      { warmPool: {}, agent: { warmPoolsCheck: false } },
      "agent.warmPoolsCheck must be true with warmPool; received false. Remove it. Without the check, instances of the pool join the cluster and ECS places tasks on them.",
    ],
    [
      { warmPool: {}, instanceRequirements: requirements },
      "warmPool must not be set with instanceRequirements; received {}. A warm pool has one instance type. Set that in instance_types instead.",
    ],
    [
      { warmPool: {}, values: { instanceTypes: ["t3.small", "t3.large"] } },
      'values.instanceTypes must have a single instance type with warmPool; received ["t3.small", "t3.large"]. Keep the preferred type, or remove warmPool.',
    ],
    [
      { instanceRequirements: requirements, values: { instanceTypes: ["m5.large"] } },
      'values.instanceTypes must not be set with instanceRequirements; received ["m5.large"]. The requirements select the types. Remove one of the two.',
    ],
    [
      { instanceRequirements: requirements, instancesDistribution: { onDemandAllocationStrategy: "prioritized" } },
      'instancesDistribution.onDemandAllocationStrategy must not use priorities with instanceRequirements; received "prioritized". Instance types that AWS chooses have no order. Remove it, or name the types.',
    ],
    [
      {
        spot: true,
        instanceRequirements: requirements,
        instancesDistribution: { spotAllocationStrategy: "capacity-optimized-prioritized" },
      },
      'instancesDistribution.spotAllocationStrategy must not use priorities with instanceRequirements; received "capacity-optimized-prioritized". Instance types that AWS chooses have no order. Remove it, or name the types.',
    ],
    [
      { values: { amiVersion: "latest" } },
      'values.amiVersion must be "recommended" or a published version of amazon-linux-2023; received "latest". Use "recommended", or a version such as al2023-ami-ecs-hvm-2023.0.20250304-kernel-6.1-x86_64.',
    ],
    [
      { amiFamily: "bottlerocket", portRange: { from: 31_000, to: 61_000 } },
      'portRange must be 32768-65535 with bottlerocket, which cannot set the agent\'s host ports; received "31000-61000". Remove the setting, or use amazon-linux-2023.',
    ],
  ])("reject %j", (settings, message) => {
    expect(problems(settings)).toEqual([message]);
  });

  it.each<[object, string, string]>([
    [spotStrategy, "instancesDistribution.spotAllocationStrategy", "be used with Spot capacity"],
    [{ partitionCount: 3 }, "partitionCount", 'be used with placementGroup "partition"'],
    [{ warmPool: {}, spot: true }, "warmPool", "not be set with Spot capacity"],
    [{ instanceRefresh: { alarms: [] } }, "instanceRefresh.alarms", "have 1 to 10 different alarms"],
    [
      { amiFamily: "bottlerocket", extraUserData: ["x"] },
      "extraUserData",
      "be empty with bottlerocket, which has no shell",
    ],
    [
      { amiFamily: "bottlerocket", volumes: { a: { sizeGib: 10, mountPath: "/data" } } },
      "volumes",
      "not be set with bottlerocket",
    ],
    [{ bottlerocket: {} }, "bottlerocket", 'be used with amiFamily "bottlerocket", and not "amazon-linux-2023"'],
    [
      { amiFamily: "bottlerocket", agent: { variables: { ECS_POLL_METRICS: "false" } } },
      "agent.variables",
      "be empty with bottlerocket, whose agent reads no ECS_* variables",
    ],
    [{ warmPool: {}, agent: { warmPoolsCheck: false } }, "agent.warmPoolsCheck", "be true with warmPool"],
  ])("report %j where it was given, and once for several capacity providers", (settings, path, rule) => {
    const start = (at: string) => [expect.stringContaining(`${at} must ${rule}; received `)];
    expect(problems(settings)).toEqual(start(path));
    expect(problems({ capacityProviders: { main: {}, arm: settings } })).toEqual(
      start(`capacityProviders.arm.${path}`),
    );
    expect(problems({ ...settings, capacityProviders: { main: {}, arm: {}, x86: {} } })).toEqual(start(path));
  });

  it("check a setting of one capacity provider with the stack's other settings", () => {
    expect(problems({ ...spotStrategy, capacityProviders: { arm: { spot: true } } })).toEqual([]);
    expect(problems({ spot: true, capacityProviders: { arm: { warmPool: {} } } })).toEqual([
      expect.stringMatching(/^capacityProviders\.arm\.warmPool must not be set with Spot capacity/),
    ]);
    const capacityProviders = { arm: { amiFamily: "bottlerocket", values: { amiVersion: "1.49.0" } } };
    expect(problems({ capacityProviders })).toEqual([]);
    expect(problems({ capacityProviders: { arm: { values: { amiVersion: "1.49.0" } } } })).toEqual([
      expect.stringMatching(/^capacityProviders\.arm\.values\.amiVersion must be "recommended" or a published version/),
    ]);
  });

  it("accept settings of Bottlerocket beside other AMI families when one capacity provider uses it", () => {
    const capacityProviders = { main: {}, arm: { amiFamily: "bottlerocket" } };
    expect(problems({ bottlerocket: {}, capacityProviders })).toEqual([]);
  });

  it("blame no other setting for a wrong one", () => {
    expect(problems({ spot: "no", ...spotStrategy })).toEqual([
      'spot must be true or false; received "no". Write it without quotes.',
    ]);
    expect(problems({ spot: true, capacityProviders: { arm: { spot: 0, ...spotStrategy } } })).toEqual([
      "capacityProviders.arm.spot must be true or false; received 0. Write it without quotes.",
    ]);
    expect(problems({ capacityProviders: 5, values: { minSize: 1 } })).toEqual([
      "capacityProviders must be a map; received 5. Write it in braces: { name: value }.",
    ]);
  });
});

describe("any settings of capacities", () => {
  type Path = readonly string[];
  const names = (shape: object, path: Path): Path[] =>
    Object.entries(shape).flatMap(([name, field]) => [
      [...path, name],
      ...names(field.facts.shape ?? {}, [...path, name]),
    ]);
  const own = names(capacityProvidersSchema.shape, []);
  const paths: Path[] = [
    ...own,
    ...own.map((path) => ["capacityProviders", "arm", ...path]),
    ...names(capacityValuesSchema.shape, ["values"]),
    ...names(capacityValuesSchema.shape, ["capacityProviders", "arm", "values"]),
    ...["recurrence", "timeZone", "minSize"].map((name) => ["schedules", "night", name]),
    ...["transition", "roleArn"].map((name) => ["lifecycleHooks", "wait", name]),
    ...["sizeGib", "mountPath"].map((name) => ["volumes", "data", name]),
    ["portRange", "from"],
  ];
  const set = (settings: object, [name = "", ...below]: Path, value: unknown): object => ({
    ...settings,
    [name]: below.length > 0 ? set((settings as Record<string, object>)[name] ?? {}, below, value) : value,
  });
  const others = fc.constantFrom<object>(
    {},
    { capacityProviders: { main: {}, arm: { amiFamily: "bottlerocket" } }, bottlerocket: {} },
    { warmPool: {}, instanceRequirements: requirements, spot: true, placementGroup: "cluster" },
    { extraUserData: ["x"], defaultStrategy: [{ capacityProvider: "main" }], portRange: { from: 1024, to: 9999 } },
  );

  it("are resolved, or rejected without another error and without a problem twice", () => {
    const value = fc.oneof(anyValue, anyToken, fc.nat(200), fc.boolean(), fc.constant({}));
    fc.assert(
      fc.property(others, fc.constantFrom(...paths), value, (settings, path, one) => {
        const { settings: parsed, problems: found } = check(schema, set(settings, path, one));
        const texts = found.map((problem) => JSON.stringify(problem));
        expect(new Set(texts).size).toBe(texts.length);
        expect(texts.join()).not.toMatch(/TypeError: (?!Cannot perform|5 is not)/);
        if (parsed) resolveCapacities(parsed);
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 12) * 50 },
    );
  });
});
