import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration, PUBLIC_KEY } from "../support/cluster";
import { casesAsModules, errorTextOf } from "../support/modules";
import { fc } from "../support/seeded";
import { describeTerraform } from "../support/terraform";

const RUNS = { candidates: 150, valid: 8 };
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** Text that has a meaning in a shell, in TOML, in JSON or in Terraform. */
const hostile = fc
  .array(fc.constantFrom("${", "%{", "}", '"', "'", "\\", "$", "$$", "`", "x", " ", "é", "#", "EOF", "~}"), {
    maxLength: 12,
  })
  .map((parts) => parts.join(""));

const agent = fc.record(
  {
    imagePullBehavior: fc.constantFrom("default", "always", "once", "prefer-cached"),
    taskCleanupWaitSeconds: fc.integer({ min: 60, max: 100_000 }),
    containerStopTimeoutSeconds: fc.integer({ min: 1, max: 1_000 }),
    logLevel: fc.constantFrom("crit", "error", "warn", "info", "debug"),
    reservedMemoryMiB: fc.integer({ min: 0, max: 1_024 }),
    warmPoolsCheck: fc.boolean(),
    instanceAttributes: fc.dictionary(fc.constantFrom("a", "b.c", "d-e"), fc.constantFrom("ssd", "a b\\c", "x:y@z/1")),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<NonNullable<EcsClusterSettings["agent"]>>;

const TLS13 = "ELBSecurityPolicy-TLS13-1-3-2021-06" as const;
const loadBalancer = fc.oneof(
  fc.constant(false as const),
  fc
    .record(
      {
        tls: fc.constantFrom({}, { https: true }, { https: true, redirectHttp: false, sslPolicy: TLS13 }),
        idleTimeoutSeconds: fc.integer({ min: 1, max: 4_000 }),
        deletionProtection: fc.boolean(),
        // A prefix must not be empty, and must not start or end with a slash.
        accessLogs: fc.record({ bucket: fc.constant("my-logs"), prefix: hostile.map((text) => `x${text}`) }),
      },
      { requiredKeys: [] },
    )
    .map(({ tls, ...rest }) => ({ ...rest, ...tls })),
);

/** Valid settings. */
const validSettings = fc
  .record({
    amiFamily: fc.constantFrom("amazon-linux-2023" as const, "bottlerocket" as const, "amazon-linux-2" as const),
    spot: maybe(fc.boolean()),
    keyPair: fc.constantFrom("import" as const, "existing" as const, "none" as const),
    range: maybe(fc.tuple(fc.integer({ min: 1024, max: 60_000 }), fc.integer({ min: 99, max: 5_535 }))),
    sessionManager: maybe(fc.boolean()),
    agent: maybe(agent),
    lines: maybe(fc.array(hostile, { maxLength: 4 })),
    targetCapacity: maybe(fc.integer({ min: 1, max: 100 })),
    terminationProtection: maybe(fc.boolean()),
    containerInsights: maybe(fc.constantFrom("enhanced" as const, "enabled" as const, "disabled" as const)),
    executeCommandLogging: maybe(fc.boolean()),
    serviceLinkedRole: maybe(fc.boolean()),
    instancePolicy: maybe(fc.constantFrom("managed" as const, "least-privilege" as const)),
    policies: maybe(fc.constant(["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"])),
    loadBalancer: maybe(loadBalancer),
    minSize: maybe(fc.integer({ min: 0, max: 3 })),
  })
  .map(({ range, lines, policies, minSize, ...rest }): EcsClusterSettings => {
    const bottlerocket = rest.amiFamily === "bottlerocket";
    return {
      ...rest,
      portRange: range && !bottlerocket ? { from: range[0], to: range[0] + range[1] } : undefined,
      extraUserData: bottlerocket ? undefined : lines,
      instancePolicyArns: policies,
      values: minSize === undefined ? undefined : { minSize, maxSize: minSize + 1 },
    };
  });

/** Returns the choices in settings by path: the value of a boolean or an option, and the type of any other value. */
function choices(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [typeof value === "boolean" || CHOSEN.test(path) ? `${path}=${value}` : `${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => choices(inner, path === "" ? key : `${path}.${key}`));
}
const CHOSEN =
  /^(amiFamily|keyPair|containerInsights|instancePolicy|loadBalancer|loadBalancer.sslPolicy|agent.(imagePullBehavior|logLevel))$/;

/** Returns each choice and each pair of choices. */
const pairsOf = (settings: EcsClusterSettings): string[] => {
  const all = choices(settings);
  return [...all, ...all.flatMap((one, index) => all.slice(index + 1).map((other) => `${one}, ${other}`))];
};

/** Selects settings that together have all choices and the most pairs of them. */
function selected(candidates: readonly EcsClusterSettings[], count: number): readonly EcsClusterSettings[] {
  const left = new Map(candidates.map((settings) => [settings, new Set(pairsOf(settings))]));
  const weightOf = (pairs: ReadonlySet<string>) =>
    [...pairs].reduce((sum, pair) => sum + (pair.includes(", ") ? 1 : CHOICE_WEIGHT), 0);
  return Array.from({ length: count }, () => {
    const [best, pairs] = [...left].reduce((one, other) => (weightOf(other[1]) > weightOf(one[1]) ? other : one));
    left.delete(best);
    for (const others of left.values()) for (const pair of pairs) others.delete(pair);
    return best;
  });
}
/** Above the number of pairs in any settings, so that a new choice counts more than all new pairs. */
const CHOICE_WEIGHT = 10_000;

describeTerraform("settings", (lab) => {
  it("that are valid give a configuration that Terraform plans", async () => {
    const candidates = fc.sample(validSettings, RUNS.candidates);
    const planned = selected(candidates, RUNS.valid);
    const tested = new Set(planned.flatMap((settings) => choices(settings)));
    expect(candidates.flatMap((settings) => choices(settings)).filter((choice) => !tested.has(choice))).toEqual([]);
    const cases = planned.map((settings) => {
      const https = settings.loadBalancer !== false && settings.loadBalancer?.https;
      return {
        configuration: clusterConfiguration(settings),
        variables: {
          ...(settings.keyPair === "import" ? { ssh_public_key: PUBLIC_KEY } : {}),
          ...(settings.keyPair === "existing" ? { key_name: "mine" } : {}),
          ...(https ? { certificate_arn: "arn:aws:acm:ap-northeast-2:111122223333:certificate/abc-123" } : {}),
        },
      };
    });
    // A check warns at plan that its result is not known yet.
    const { status, stdout, stderr } = await (await casesAsModules(lab, cases)).plan();
    const errors = planned.map((settings, index) => [errorTextOf(stderr, index), settings] as const);
    expect(errors.filter(([text]) => text !== "")).toEqual([]);
    expect(stderr).toBe("");
    expect(stdout.match(/Warning: (?!Check block assertion).*/g)).toBeNull();
    expect(status).toBe(2);
  });
});
