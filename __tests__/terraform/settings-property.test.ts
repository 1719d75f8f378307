import { type EcsClusterSettings, SettingsError } from "../../src";
import { clusterConfiguration, clusterStack, PUBLIC_KEY } from "../support/cluster";
import { fc } from "../support/seeded";
import { describeTerraform } from "../support/terraform";

const RUNS = { valid: 12, invalid: 300 };
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
        // Neither nothing nor a slash at an end.
        accessLogs: fc.record({ bucket: fc.constant("my-logs"), prefix: hostile.map((text) => `x${text}`) }),
      },
      { requiredKeys: [] },
    )
    .map(({ tls, ...rest }) => ({ ...rest, ...tls })),
);

/** Any settings that should be accepted. */
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

/** Anything at all where a setting could stand. */
const anySettings = fc.record(
  Object.fromEntries(
    [
      "values",
      "vpcId",
      "amiFamily",
      "spot",
      "keyPair",
      "portRange",
      "agent",
      "extraUserData",
      "instancePolicy",
      "instancePolicyArns",
      "targetCapacity",
      "loadBalancer",
      "backend",
      "mispelt",
    ].map((name) => [
      name,
      fc.oneof(
        fc.anything(),
        fc.record({ from: fc.anything(), region: fc.anything(), s3: fc.anything(), variables: fc.anything() }),
      ),
    ]),
  ),
  { requiredKeys: [] },
);

describeTerraform("settings", (lab) => {
  it("give a configuration that validates and plans, whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(validSettings, async (settings) => {
        const https = settings.loadBalancer !== false && settings.loadBalancer?.https;
        const terraform = await lab.terraform({
          configuration: clusterConfiguration(settings),
          variables: {
            ...(settings.keyPair === "import" ? { ssh_public_key: PUBLIC_KEY } : {}),
            ...(settings.keyPair === "existing" ? { key_name: "mine" } : {}),
            ...(https ? { certificate_arn: "arn:aws:acm:ap-northeast-2:111122223333:certificate/abc-123" } : {}),
          },
        });
        // A plan validates first, and warns of what it finds; that nothing has been checked yet is no finding.
        const { status, stdout, stderr } = await terraform.plan();
        expect(stderr).toBe("");
        expect(stdout.match(/Warning: (?!Check block assertion).*/g)).toBeNull();
        expect(status).toBe(2);
        terraform.remove();
      }),
      { numRuns: RUNS.valid },
    );
  });

  it("that are anything else give a settings error, never an exception from inside", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        try {
          clusterStack(settings as EcsClusterSettings);
        } catch (error) {
          expect(error).toBeInstanceOf(SettingsError);
        }
      }),
      { numRuns: RUNS.invalid },
    );
  });
});
