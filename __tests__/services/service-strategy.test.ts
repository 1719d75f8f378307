import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, type EcsClusterSettings, EcsServiceStack, hcl, LogDriver } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { at, resolved, resource } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const MIXED: EcsClusterSettings = { capacityProviders: { main: {}, rocket: { amiFamily: "bottlerocket" }, arm: {} } };
const FILES = {
  image: "nginx:1",
  volumes: { files: { fileSystem: "fs-0123456789abcdef0" } },
  mountPoints: { "/files": "files" },
} as const;

type Own = Partial<Ec2ServiceProps>;
/** The service's own shares. `of` is a name in `capacityProviders`, or a name in AWS. */
type Shares = readonly { readonly of: string; readonly weight?: number; readonly base?: number }[];

/** Synthesizes a service that names capacity providers by their attributes: `stack.capacityProviders.arm`. */
function synthesize(settings: EcsClusterSettings, own: Own, shares?: Shares) {
  const cluster = clusterStack(settings);
  const capacityProviderStrategies = shares?.map(({ of, ...share }) => ({
    capacityProvider: cluster.capacityProviders[of]?.capacityProviderName ?? of,
    ...share,
  }));
  new Ec2Service(cluster, "web", { cluster, ...own, ...(shares && { capacityProviderStrategies }) });
  const names = Object.entries(cluster.capacityProviders).map(
    ([name, { capacityProviderName }]) => [resolved(cluster, capacityProviderName), name] as const,
  );
  const json = Testing.synth(cluster, true);
  const service = resource(JSON.parse(json), "aws_ecs_service.web");
  const strategy = service.capacity_provider_strategy as { capacity_provider: string; weight: number; base: number }[];
  return {
    json,
    service,
    strategy: strategy?.map((one) => ({ ...one, capacity_provider: new Map(names).get(one.capacity_provider) })),
  };
}

/** Synthesizes a service that names one capacity provider as the cluster's settings do. */
const named = (settings: EcsClusterSettings, capacityProvider: string, own: Own = { image: "nginx:1" }) =>
  synthesize(settings, { ...own, capacityProviderStrategies: [{ capacityProvider }] });

const share = (capacity_provider: string, weight = 1, base = 0) => ({ capacity_provider, weight, base });
const withGuard = (guard: object) => ({
  lifecycle: expect.objectContaining({ precondition: expect.arrayContaining([guard]) }),
});
const preconditions = (service: object) => JSON.stringify(at(service, "lifecycle", "precondition") ?? []);

describe("the capacity provider strategy of a service", () => {
  it("accepts the names in capacityProviders, and waits for their association", () => {
    const byName = named(MIXED, "arm");
    expect(byName.strategy).toEqual([share("arm")]);
    expect(byName.service).toEqual(synthesize(MIXED, { image: "nginx:1" }, [{ of: "arm" }]).service);
    expect(named({}, "main").service).toEqual(synthesize({}, { image: "nginx:1" }).service);
    expect(named({ capacityProviders: { arm: {} } }, "arm").strategy).toEqual([share("arm")]);
  });

  it.each<[string, number, string, EcsClusterSettings]>([
    ["one of several", 4, "arm", MIXED],
    ["the only one", 4, "arm", { capacityProviders: { arm: {} } }],
    ["an unknown one", 0, "cp-mine", MIXED],
  ])("compares a task with the instances of the capacity provider: %s", (_, count, name, settings) => {
    const guards = (at(named(settings, name).service, "lifecycle", "precondition") ?? []) as { condition: string }[];
    expect(guards).toHaveLength(count);
    expect(guards.every(({ condition }) => condition.includes("aws_ec2_instance_type.arm_instance_types"))).toBe(true);
  });

  it("passes on names in AWS", () => {
    expect(named(MIXED, "cp-mine").json).toHaveResourceWithProperties(EcsService, {
      capacity_provider_strategy: [{ capacity_provider: "cp-mine", weight: 1, base: 0 }],
    });
  });

  it.each([
    ["amr", { capacityProviders: { main: {}, arm: {} } }, "arm"],
    ["ARM", { capacityProviders: { main: {}, arm: {} } }, "arm"],
    ["mian", {}, "main"],
  ])("rejects the name %s, which is near a name in capacityProviders", (name, settings, near) => {
    expect(problemsOf(() => named(settings, name))).toEqual([
      `capacityProviderStrategies[0].capacityProvider must be a capacity provider of the cluster; received "${name}". Did you mean "${near}"?`,
    ]);
  });

  it.each<[string, Shares, string]>([
    [
      "an empty name",
      [{ of: "" }],
      'capacityProviderStrategies[0].capacityProvider must have 1 to 255 letters, digits, hyphens and underscores; received "". Use the name of a capacity provider.',
    ],
    [
      "Fargate",
      [{ of: "FARGATE_SPOT" }],
      'capacityProviderStrategies[0].capacityProvider must name a capacity provider of instances; received "FARGATE_SPOT". Tasks in bridge mode run only on instances. Use a capacity provider of the cluster.',
    ],
    [
      "a capacity provider twice",
      [{ of: "spot" }, { of: "spot" }],
      'capacityProviderStrategies must name each capacity provider once; received ["spot"]. Combine the parts with the same name, and add their weights.',
    ],
    [
      "two bases",
      [
        { of: "a", base: 1 },
        { of: "b", base: 2 },
      ],
      'capacityProviderStrategies must have at most one base; received ["a", "b"]. ECS accepts one base in a strategy. Remove the others.',
    ],
    [
      "no weight",
      [{ of: "a", weight: 0 }],
      "capacityProviderStrategies must have at least one weight above 0; received [0]. Otherwise ECS starts no task beyond the base. Set the weight of one capacity provider to 1.",
    ],
    [
      "a weight above ECS's limit",
      [{ of: "a", weight: 1001 }],
      "capacityProviderStrategies[0].weight must be a whole number from 0 to 1000; received 1001. For example 1.",
    ],
    [
      "a base above ECS's limit",
      [{ of: "a", base: 100_001 }],
      "capacityProviderStrategies[0].base must be a whole number from 0 to 100000 (tasks); received 100001. For example 1.",
    ],
    [
      "no capacity provider",
      [],
      "capacityProviderStrategies must have 1 to 20 capacity providers; received 0. Remove the setting for the default.",
    ],
    [
      "more capacity providers than ECS's limit",
      Array.from({ length: 21 }, (_, index) => ({ of: `cp-${index}` })),
      "capacityProviderStrategies must have 1 to 20 capacity providers; received 21. Remove the setting for the default.",
    ],
  ])("rejects %s", (_, shares, message) => {
    expect(problemsOf(() => synthesize({}, { image: "nginx:1" }, shares))).toEqual([message]);
  });

  it("accepts 20 capacity providers", () => {
    const shares = Array.from({ length: 20 }, (_, index) => ({ of: `cp-${index}` }));
    expect(synthesize({}, { image: "nginx:1" }, shares).strategy).toHaveLength(20);
  });
});

describe("a service with EFS volumes on a cluster with several AMI families", () => {
  it("leaves the providers with Bottlerocket out of the cluster's strategy", () => {
    expect(synthesize(MIXED, FILES).strategy).toEqual([share("main"), share("arm")]);
    expect(synthesize(MIXED, { image: "nginx:1" }).strategy).toEqual([share("main"), share("rocket"), share("arm")]);
  });

  it("gives a provider with only a base a weight when it leaves out the others", () => {
    const defaultStrategy = [
      { capacityProvider: "main", base: 2, weight: 0 },
      { capacityProvider: "rocket", weight: 3 },
    ];
    expect(synthesize({ ...MIXED, defaultStrategy }, FILES).strategy).toEqual([share("main", 1, 2)]);
  });

  it("is compared with the instances that can mount the volumes", () => {
    const own = preconditions(synthesize(MIXED, FILES).service);
    for (const types of ["instance_types", "arm_instance_types"])
      expect(own).toContain(`aws_ec2_instance_type.${types} :`);
    expect(own).not.toContain("rocket_instance_types");
    expect(preconditions(synthesize(MIXED, { image: "nginx:1" }).service)).toContain("The services need");
    const same = { capacityProviders: { main: {}, arm: {} } };
    expect(preconditions(synthesize(same, FILES).service)).toContain("A task of web needs");
  });

  it("can name providers that mount the volumes, and a provider without tasks that does not", () => {
    const shares = [{ of: "main" }, { of: "rocket", weight: 0 }];
    expect(synthesize(MIXED, FILES, shares).strategy).toEqual([share("main"), share("rocket", 0)]);
  });

  it("has no strategy as a daemon: ECS uses the instances whose agents can mount the volumes", () => {
    const { service, strategy } = synthesize(MIXED, { ...FILES, daemon: true });
    expect(strategy).toBeUndefined();
    expect(preconditions(service)).toContain("The services need");
    const rocket = { ...MIXED, defaultStrategy: [{ capacityProvider: "rocket" }] };
    expect(problemsOf(() => synthesize(rocket, { ...FILES, daemon: true }))).toEqual([]);
  });

  it("compares providers that are given by their names in AWS at plan", () => {
    const { json } = synthesize(MIXED, FILES, [{ of: "cp-prod-rocket" }, { of: "main" }]);
    const guard = {
      condition: expect.stringMatching(/^\$\{length\(setintersection\(\["cp-prod-rocket"\], \[one\(/),
      error_message: expect.stringMatching(
        /^capacityProviderStrategies must name capacity providers whose instances can mount EFS, for volumes\.files; received .*\. Bottlerocket cannot mount EFS with encryption\. Use main or arm\.$/,
      ),
    };
    expect(json).toHaveResourceWithProperties(EcsService, withGuard(guard));
    expect(preconditions(synthesize(MIXED, { image: "nginx:1" }, [{ of: "cp-prod-rocket" }]).service)).toBe("[]");
  });

  it.each<[string, EcsClusterSettings, Shares | undefined, string]>([
    [
      "a share for Bottlerocket",
      MIXED,
      [{ of: "main", weight: 3 }, { of: "rocket" }],
      'capacityProviderStrategies[1].capacityProvider must be a capacity provider whose instances can mount EFS, for volumes.files; received "rocket". Bottlerocket cannot mount EFS with encryption. Use main or arm.',
    ],
    [
      "a base for Bottlerocket",
      MIXED,
      [{ of: "main" }, { of: "rocket", weight: 0, base: 1 }],
      'capacityProviderStrategies[1].capacityProvider must be a capacity provider whose instances can mount EFS, for volumes.files; received "rocket". Bottlerocket cannot mount EFS with encryption. Use main or arm.',
    ],
    [
      "a default strategy with only Bottlerocket",
      { ...MIXED, defaultStrategy: [{ capacityProvider: "rocket" }] },
      undefined,
      "capacityProviderStrategies must be set for volumes.files, because the cluster's default strategy has only Bottlerocket instances; received nothing. Bottlerocket cannot mount EFS with encryption. Use main or arm.",
    ],
    [
      "a cluster with only Bottlerocket",
      { capacityProviders: { rocket: { amiFamily: "bottlerocket" } } },
      undefined,
      'volumes.files.fileSystem must not be set on a cluster with only Bottlerocket instances, which cannot mount EFS with encryption; received "fs-0123456789abcdef0". Give the cluster a capacity provider with amazon-linux-2023.',
    ],
  ])("rejects %s, where its tasks would wait forever", (_, settings, shares, message) => {
    expect(problemsOf(() => synthesize(settings, FILES, shares))).toEqual([message]);
  });

  it("rejects Bottlerocket by its name in capacityProviders", () => {
    expect(problemsOf(() => named(MIXED, "rocket", FILES))).toEqual([
      'capacityProviderStrategies[0].capacityProvider must be a capacity provider whose instances can mount EFS, for volumes.files; received "rocket". Bottlerocket cannot mount EFS with encryption. Use main or arm.',
    ]);
  });

  it("uses the cluster's whole strategy when nothing is known of the instances", () => {
    const cluster = clusterStack(MIXED);
    const { instanceCapacity: _, ...unknown } = cluster;
    new Ec2Service(cluster, "web", { cluster: { ...unknown, cluster: cluster.cluster }, ...FILES });
    const any = expect.anything();
    expect(Testing.synth(cluster, true)).toHaveResourceWithProperties(EcsService, {
      capacity_provider_strategy: [any, any, any],
    });
  });
});

describe("a service with privileged containers", () => {
  const PRIVILEGED = { image: "nginx:1", privileged: true } as const;
  const SIDECAR = { image: "nginx:1", sidecars: [{ name: "agent", image: "agent:1", privileged: true }] } as const;
  const allow = (value: boolean): EcsClusterSettings["bottlerocket"] => ({
    settings: { ecs: { "allow-privileged-containers": value } },
  });
  const NEEDS =
    'Bottlerocket needs the setting bottlerocket.settings.ecs["allow-privileged-containers"] for this. Amazon Linux allows it without ECS_DISABLE_PRIVILEGED in agent.variables.';
  const FIX =
    'With Bottlerocket, set bottlerocket.settings.ecs["allow-privileged-containers"] to true. With Amazon Linux, remove ECS_DISABLE_PRIVILEGED from agent.variables.';
  const ROCKET: EcsClusterSettings = { amiFamily: "bottlerocket" };

  it.each([PRIVILEGED, SIDECAR])("leaves the providers that do not allow it out of the cluster's strategy", (own) => {
    expect(synthesize(MIXED, own).strategy).toEqual([share("main"), share("arm")]);
  });

  it("uses Bottlerocket that allows it", () => {
    const settings = { ...MIXED, bottlerocket: allow(true) };
    expect(synthesize(settings, PRIVILEGED).strategy).toEqual([share("main"), share("rocket"), share("arm")]);
    expect(problemsOf(() => synthesize({ ...ROCKET, bottlerocket: allow(true) }, PRIVILEGED))).toEqual([]);
  });

  it.each<[string, EcsClusterSettings, Own, Shares | undefined, string]>([
    [
      "a cluster with only Bottlerocket",
      ROCKET,
      PRIVILEGED,
      undefined,
      `privileged must not be set on a cluster whose instances cannot run privileged containers; received true. ${FIX}`,
    ],
    [
      "a sidecar on a cluster that disables it",
      { agent: { variables: { ECS_DISABLE_PRIVILEGED: "true" } } },
      SIDECAR,
      undefined,
      `sidecars[0].privileged must not be set on a cluster whose instances cannot run privileged containers; received true. ${FIX}`,
    ],
    [
      "a default strategy without it",
      { ...MIXED, defaultStrategy: [{ capacityProvider: "rocket" }], bottlerocket: allow(false) },
      PRIVILEGED,
      undefined,
      `capacityProviderStrategies must be set for privileged, because no instance of the cluster's default strategy can run privileged containers; received nothing. ${NEEDS} Use main or arm.`,
    ],
    [
      "a share for a provider without it",
      MIXED,
      PRIVILEGED,
      [{ of: "main" }, { of: "rocket" }],
      `capacityProviderStrategies[1].capacityProvider must be a capacity provider whose instances can run privileged containers, for privileged; received "rocket". ${NEEDS} Use main or arm.`,
    ],
  ])("rejects %s, where its tasks would wait forever", (_, settings, own, shares, message) => {
    expect(problemsOf(() => synthesize({ keyPair: "none", ...settings }, own, shares))).toEqual([message]);
  });

  it("is compared at plan when only Terraform knows whether they are privileged", () => {
    const own = { image: "nginx:1", privileged: hcl`var.privileged` as unknown as boolean };
    const guard = {
      condition: "${!var.privileged}",
      error_message: `privileged must be false on instances that cannot run privileged containers; received true. ${NEEDS} Use main or arm.`,
    };
    const on = (settings: EcsClusterSettings, shares?: Shares) => synthesize(settings, own, shares).json;
    expect(on(MIXED)).toHaveResourceWithProperties(EcsService, withGuard(guard));
    expect(on(MIXED, [{ of: "arm" }])).not.toHaveResourceWithProperties(EcsService, withGuard(guard));
    expect(on({})).not.toHaveResourceWithProperties(EcsService, withGuard(guard));
  });
});

describe("a service with a log driver", () => {
  const GELF = { image: "nginx:1", logging: LogDriver.gelf({ address: "udp://logs:12201" }) };
  const WHY = "ECS places no task on an instance whose agent does not offer";
  const fix = (driver: string) => `Add "${driver}" to agent.logDrivers of the cluster. This replaces its instances.`;

  it("runs where the agents offer the driver by default", () => {
    const drivers = [
      LogDriver.awsLogs(),
      LogDriver.fireLens(),
      LogDriver.fluentd(),
      LogDriver.syslog(),
      LogDriver.none(),
    ];
    for (const logging of drivers) expect(problemsOf(() => synthesize({}, { image: "nginx:1", logging }))).toEqual([]);
    const rocket: EcsClusterSettings = { amiFamily: "bottlerocket" };
    expect(problemsOf(() => synthesize(rocket, { image: "nginx:1", logging: LogDriver.fireLens() }))).toEqual([]);
  });

  it("runs where agent.logDrivers adds the driver", () => {
    expect(problemsOf(() => synthesize({ agent: { logDrivers: ["gelf"] } }, GELF))).toEqual([]);
    const rocket: EcsClusterSettings = { amiFamily: "bottlerocket", agent: { logDrivers: ["gelf"] } };
    expect(problemsOf(() => synthesize(rocket, GELF))).toEqual([]);
    const variables = { ECS_AVAILABLE_LOGGING_DRIVERS: '["awslogs","gelf"]' };
    expect(problemsOf(() => synthesize({ agent: { variables } }, GELF))).toEqual([]);
  });

  it("leaves the providers without the driver out of the cluster's strategy", () => {
    const logging = LogDriver.fluentd();
    expect(synthesize(MIXED, { image: "nginx:1", logging }).strategy).toEqual([share("main"), share("arm")]);
  });

  it.each<[string, EcsClusterSettings, Own, Shares | undefined, string]>([
    [
      "a driver that no agent of the cluster offers",
      {},
      GELF,
      undefined,
      `logging must not be set on a cluster whose agents do not offer the log driver gelf; received "gelf". ${fix("gelf")}`,
    ],
    [
      "a driver of a sidecar that Bottlerocket does not offer",
      { amiFamily: "bottlerocket" },
      { image: "nginx:1", sidecars: [{ name: "proxy", image: "envoy:1", logging: LogDriver.syslog() }] },
      undefined,
      `sidecars[0].logging must not be set on a cluster whose agents do not offer the log driver syslog; received "syslog". ${fix("syslog")}`,
    ],
    [
      "a driver that the variables of the agent remove",
      { agent: { variables: { ECS_AVAILABLE_LOGGING_DRIVERS: '["awslogs"]' } } },
      { image: "nginx:1", logging: LogDriver.none() },
      undefined,
      `logging must not be set on a cluster whose agents do not offer the log driver none; received "none". ${fix("none")}`,
    ],
    [
      "a share for a provider without the driver",
      MIXED,
      { image: "nginx:1", logging: LogDriver.fluentd() },
      [{ of: "rocket" }],
      `capacityProviderStrategies[0].capacityProvider must be a capacity provider whose instances can use the log driver fluentd, for logging; received "rocket". ${WHY} fluentd. Use main or arm.`,
    ],
    [
      "a default strategy without the driver",
      { ...MIXED, defaultStrategy: [{ capacityProvider: "rocket" }] },
      { image: "nginx:1", logging: LogDriver.fluentd() },
      undefined,
      `capacityProviderStrategies must be set for logging, because no agent of the cluster's default strategy offers the log driver fluentd; received nothing. ${WHY} fluentd. Use main or arm.`,
    ],
  ])("rejects %s, where its tasks would wait forever", (_, settings, own, shares, message) => {
    expect(problemsOf(() => synthesize({ keyPair: "none", ...settings }, own, shares))).toEqual([message]);
  });
});

describe("the deregistration delay of a service", () => {
  const ROUTED = { image: "nginx:1", containerPort: 80, paths: ["/*"] } as const;
  const SPOT: EcsClusterSettings = { capacityProviders: { main: {}, spot: { spot: true } } };
  const ON_DEMAND = [{ capacityProvider: "main" }];
  const warningsOf = (service: Ec2Service) => service.node.metadata.map(({ data }) => data as string);

  function create(settings: EcsClusterSettings, own: Own = {}) {
    const cluster = clusterStack(settings);
    const service = new Ec2Service(cluster, "web", { cluster, ...ROUTED, ...own });
    return { json: Testing.synth(cluster, true), warnings: warningsOf(service) };
  }

  it.each<[string, string, EcsClusterSettings, Own]>([
    ["90", "Spot instances only", { spot: true }, {}],
    ["90", "some Spot instances", { instancesDistribution: { onDemandPercentageAboveBaseCapacity: 50 } }, {}],
    ["90", "Spot instances in one of several providers", SPOT, {}],
    ["90", "a daemon, which runs on each instance", { ...SPOT, defaultStrategy: ON_DEMAND }, { daemon: true }],
    ["90", "a strategy with Spot", SPOT, { capacityProviderStrategies: [{ capacityProvider: "spot" }] }],
    ["60", "a longer stop timeout", { spot: true }, { stopTimeoutSeconds: 60 }],
    ["20", "a longer stop timeout of the agent", { spot: true, agent: { containerStopTimeoutSeconds: 100 } }, {}],
    ["0", "the longest stop timeout", { spot: true }, { stopTimeoutSeconds: 120 }],
    ["300", "a strategy without Spot", SPOT, { capacityProviderStrategies: ON_DEMAND }],
    ["300", "a default strategy without Spot", { ...SPOT, defaultStrategy: ON_DEMAND }, {}],
    ["300", "no Spot instances", {}, {}],
    ["200", "its own value", { spot: true }, { deregistrationDelaySeconds: 200 }],
  ])("is %s with %s", (expected, _, settings, own) => {
    expect(create(settings, own).json).toHaveResourceWithProperties(LbTargetGroup, { deregistration_delay: expected });
  });

  it("gives a warning about the stop timeout of the agent", () => {
    const settings: EcsClusterSettings = { spot: true, agent: { containerStopTimeoutSeconds: 100 } };
    expect(create(settings, { deregistrationDelaySeconds: 90 }).warnings).toEqual([
      "deregistrationDelaySeconds (90) and agent.containerStopTimeoutSeconds (100) together must leave time on a Spot instance, which ends 120 seconds after its notice. Otherwise containers are killed before they finish. Lower them.",
    ]);
    expect(create(settings, { deregistrationDelaySeconds: 90, stopTimeoutSeconds: 30 }).warnings).toEqual([]);
  });

  it("is decided at plan on the cluster of another state", () => {
    const stack = new EcsServiceStack(testApp(), "services");
    new Ec2Service(stack, "web", { cluster: stack.cluster, ...ROUTED });
    expect(Testing.synth(stack, true)).toHaveResourceWithProperties(LbTargetGroup, {
      deregistration_delay: expect.stringMatching(
        /^\$\{tostring\(anytrue\(.*on_demand_percentage_above_base_capacity.* < 100\]\) \? 90 : 300\)\}$/,
      ),
    });
  });

  it.each<[string, Own, string[]]>([
    ["the defaults", {}, []],
    ["a long stop with the default delay", { stopTimeoutSeconds: 119 }, []],
    ["a short delay and a long stop", { deregistrationDelaySeconds: 10, stopTimeoutSeconds: 110 }, []],
    [
      "a long delay",
      { deregistrationDelaySeconds: 120 },
      [
        "deregistrationDelaySeconds (120) and stopTimeoutSeconds (30) together must leave time on a Spot instance, which ends 120 seconds after its notice. Otherwise containers are killed before they finish. Lower them.",
      ],
    ],
    [
      "a long stop",
      { deregistrationDelaySeconds: 90, stopTimeoutSeconds: 60 },
      [
        "deregistrationDelaySeconds (90) and stopTimeoutSeconds (60) together must leave time on a Spot instance, which ends 120 seconds after its notice. Otherwise containers are killed before they finish. Lower them.",
      ],
    ],
    [
      "a long stop of a sidecar",
      { deregistrationDelaySeconds: 90, sidecars: [{ name: "proxy", image: "envoy:1", stopTimeoutSeconds: 100 }] },
      [
        "deregistrationDelaySeconds (90) and stopTimeoutSeconds (100) together must leave time on a Spot instance, which ends 120 seconds after its notice. Otherwise containers are killed before they finish. Lower them.",
      ],
    ],
    [
      "a long stop without a route",
      { containerPort: undefined, paths: undefined, stopTimeoutSeconds: 120 },
      [
        "stopTimeoutSeconds (120) must leave time on a Spot instance, which ends 120 seconds after its notice. Otherwise containers are killed before they finish. Lower it.",
      ],
    ],
  ])("gives a warning on Spot instances when the notice is too short: %s", (_, own, expected) => {
    const warnings = (settings: EcsClusterSettings) => {
      const cluster = clusterStack(settings);
      return warningsOf(new Ec2Service(cluster, "web", { cluster, ...ROUTED, ...own }));
    };
    expect(warnings({ spot: true })).toEqual(expected);
    expect(warnings({})).toEqual([]);
  });
});
