import { Ec2Service, type Ec2ServiceProps, type EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { at, mistakesOf, ofType, resolved, resource, synthesized } from "../support/synthesized";

const MIXED: EcsClusterSettings = { capacityProviders: { main: {}, rocket: { amiFamily: "bottlerocket" }, arm: {} } };
const FILES = {
  image: "nginx:1",
  volumes: { files: { fileSystem: "fs-0123456789abcdef0" } },
  mountPoints: { "/files": "files" },
} as const;

type Own = Partial<Ec2ServiceProps>;
/** Of `rocket` and the like, shares of a service's own. */
type Shares = readonly { readonly of: string; readonly weight?: number; readonly base?: number }[];

function served(settings: EcsClusterSettings, own: Own, shares?: Shares) {
  const cluster = clusterStack(settings);
  const capacityProviderStrategies = shares?.map(({ of, ...share }) => ({
    capacityProvider: cluster.capacityProviders[of]?.capacityProviderName ?? of,
    ...share,
  }));
  new Ec2Service(cluster, "web", { cluster, ...own, ...(shares && { capacityProviderStrategies }) });
  const names = Object.entries(cluster.capacityProviders).map(
    ([name, { capacityProviderName }]) => [resolved(cluster, capacityProviderName), name] as const,
  );
  const service = resource(synthesized(cluster), "aws_ecs_service.web");
  const strategy = service.capacity_provider_strategy as { capacity_provider: string; weight: number; base: number }[];
  return {
    service,
    strategy: strategy?.map((one) => ({ ...one, capacity_provider: new Map(names).get(one.capacity_provider) })),
  };
}
const share = (capacity_provider: string, weight = 1, base = 0) => ({ capacity_provider, weight, base });
const preconditions = (service: object) => JSON.stringify(at(service, "lifecycle", "precondition") ?? []);

describe("a service's shares of capacity providers", () => {
  const named = (settings: EcsClusterSettings, capacityProvider: string, own: Own = { image: "nginx:1" }) =>
    served(settings, { ...own, capacityProviderStrategies: [{ capacityProvider }] });

  it("name them as the settings do, and wait for the association", () => {
    const byName = named(MIXED, "arm");
    expect(byName.strategy).toEqual([share("arm")]);
    expect(byName.service).toEqual(served(MIXED, { image: "nginx:1" }, [{ of: "arm" }]).service);
    expect(named({}, "main").service).toEqual(served({}, { image: "nginx:1" }).service);
    expect(named({ capacityProviders: { arm: {} } }, "arm").strategy).toEqual([share("arm")]);
  });

  it.each<[string, number, string, EcsClusterSettings]>([
    ["one of several", 2, "arm", MIXED],
    ["the only one", 4, "arm", { capacityProviders: { arm: {} } }],
    ["another", 0, "cp-mine", MIXED],
  ])("have a task compared with the instances of %s", (_, count, name, settings) => {
    const guards = (at(named(settings, name).service, "lifecycle", "precondition") ?? []) as { condition: string }[];
    expect(guards).toHaveLength(count);
    expect(guards.every(({ condition }) => condition.includes("aws_ec2_instance_type.arm_instance_types"))).toBe(true);
  });

  it("keep the names of others as they are", () => {
    expect(named(MIXED, "cp-mine").service.capacity_provider_strategy).toEqual([
      { capacity_provider: "cp-mine", weight: 1, base: 0 },
    ]);
  });

  it("are refused Bottlerocket for EFS by that name too", () => {
    expect(mistakesOf(() => named(MIXED, "rocket", FILES))).toEqual([
      'capacityProviderStrategies must name providers whose instances mount EFS, for volumes.files; received ["rocket"], with bottlerocket. Name those that can: main, arm.',
    ]);
  });

  it("are refused where they name nothing", () => {
    expect(mistakesOf(() => named(MIXED, ""))).toEqual([
      'capacityProviderStrategies.0.capacityProvider must hold 1 to 255 letters, digits, hyphens and underscores; received "". ECS takes nothing else.',
    ]);
  });
});

describe("a service with EFS on a cluster that mixes families", () => {
  it("leaves Bottlerocket's providers out of the cluster's strategy", () => {
    expect(served(MIXED, FILES).strategy).toEqual([share("main"), share("arm")]);
    expect(served(MIXED, { image: "nginx:1" }).strategy).toEqual([share("main"), share("rocket"), share("arm")]);
  });

  it("gives what a base alone would have left to a provider that is left out", () => {
    const defaultStrategy = [
      { capacityProvider: "main", base: 2, weight: 0 },
      { capacityProvider: "rocket", weight: 3 },
    ];
    expect(served({ ...MIXED, defaultStrategy }, FILES).strategy).toEqual([share("main", 1, 2)]);
  });

  it("is compared with the instances that can mount it, and not in the sum of all", () => {
    const own = preconditions(served(MIXED, FILES).service);
    for (const types of ["instance_types", "arm_instance_types"])
      expect(own).toContain(`aws_ec2_instance_type.${types} :`);
    expect(own).not.toContain("rocket_instance_types");
    expect(own).not.toContain("The services want");
    expect(preconditions(served(MIXED, { image: "nginx:1" }).service)).toContain("A task of web wants");
    const same = { capacityProviders: { main: {}, arm: {} } };
    expect(preconditions(served(same, FILES).service)).toContain("A task of web wants");
  });

  it("may name providers that can, and one that can't without a share", () => {
    const shares = [{ of: "main" }, { of: "rocket", weight: 0 }];
    expect(served(MIXED, FILES, shares).strategy).toEqual([share("main"), share("rocket", 0)]);
  });

  it("runs as a daemon on the instances that can alone, by what the agents say of themselves", () => {
    const { service, strategy } = served(MIXED, { ...FILES, daemon: true });
    expect(strategy).toBeUndefined();
    expect(preconditions(service)).toContain("A task of web wants");
  });

  it("is held at plan against providers that are named by text", () => {
    const { service } = served(MIXED, FILES, [{ of: "cp-prod-rocket" }, { of: "main" }]);
    expect(at(service, "lifecycle", "precondition", 0)).toEqual({
      condition: expect.stringMatching(/^\$\{length\(setintersection\(\["cp-prod-rocket"\], \[one\(/),
      error_message: expect.stringMatching(
        /^capacityProviderStrategies must name providers whose instances mount EFS, for volumes\.files; received .*, with bottlerocket\. Name those that can: main, arm\.$/,
      ),
    });
    expect(preconditions(served(MIXED, { image: "nginx:1" }, [{ of: "cp-prod-rocket" }]).service)).toBe("[]");
  });

  it.each<[EcsClusterSettings, Shares | undefined, string]>([
    [
      MIXED,
      [{ of: "main", weight: 3 }, { of: "rocket" }],
      'capacityProviderStrategies must name providers whose instances mount EFS, for volumes.files; received ["rocket"], with bottlerocket. Name those that can: main, arm.',
    ],
    [
      MIXED,
      [{ of: "main" }, { of: "rocket", weight: 0, base: 1 }],
      'capacityProviderStrategies must name providers whose instances mount EFS, for volumes.files; received ["rocket"], with bottlerocket. Name those that can: main, arm.',
    ],
    [
      { ...MIXED, defaultStrategy: [{ capacityProvider: "rocket" }] },
      undefined,
      'capacityProviderStrategies must be given for volumes.files, since the cluster\'s default strategy has no provider whose instances mount EFS; received ["rocket"], with bottlerocket. Name those that can: main, arm.',
    ],
    [
      { capacityProviders: { rocket: { amiFamily: "bottlerocket" } } },
      undefined,
      'volumes.files.fileSystem must be left out with bottlerocket, which can\'t mount EFS with encryption; received "fs-0123456789abcdef0". Give the cluster a capacity provider with amazon-linux-2023.',
    ],
  ])("is refused what would wait for ever: %j, %j", (settings, shares, message) => {
    expect(mistakesOf(() => served(settings, FILES, shares))).toEqual([message]);
  });

  it("is left alone where nothing is known of the providers", () => {
    const cluster = clusterStack(MIXED);
    const { instanceCapacity: _, ...unknown } = cluster;
    new Ec2Service(cluster, "web", { cluster: { ...unknown, cluster: cluster.cluster }, ...FILES });
    expect(ofType(synthesized(cluster), "aws_ecs_service").web?.capacity_provider_strategy).toHaveLength(3);
  });
});
