import { type CapacityProviderSettings, Ec2Service, type EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

const IN_USE = "ResourceInUseException: The specified capacity provider is in use and cannot be removed.";

/** Returns a version with these capacity providers, of which services use some, and a service without a strategy. */
function cluster(names: readonly string[], used: readonly string[], settings: EcsClusterSettings = {}) {
  return () => {
    const stack = clusterStack({
      keyPair: "none",
      loadBalancer: false,
      capacityProviders: Object.fromEntries(names.map((name): [string, CapacityProviderSettings] => [name, {}])),
      defaultStrategy: used.map((capacityProvider) => ({ capacityProvider })),
      ...settings,
    });
    new Ec2Service(stack, "api", { cluster: stack, image: "api:1" });
    return stack;
  };
}

const partsOf = (name: string) => [
  `aws_autoscaling_group.${name}_capacity`,
  `aws_ecs_capacity_provider.${name}_capacity_provider`,
  `aws_launch_template.${name}_launch_template`,
];

describeTerraform("a change of the capacity providers of a running cluster", (lab) => {
  const start = async () => (await RunningSystem.start(lab)).state();

  it("removes one that no service uses in one apply", async () => {
    const state = await start();
    await state.apply(cluster(["main", "arm"], ["main"]));
    const removed = await state.apply(cluster(["main"], ["main"]));
    expect(removed).toMatchObject({ deleted: partsOf("arm"), replaced: [], missing: [], lost: [] });
    await state.destroy();
  });

  it("removes the second one, so that the cluster has a single one, in one apply", async () => {
    const state = await start();
    await state.apply(cluster(["main", "arm"], ["main"]));
    const single = await state.apply(() => {
      const stack = clusterStack({ keyPair: "none", loadBalancer: false });
      new Ec2Service(stack, "api", { cluster: stack, image: "api:1" });
      return stack;
    });
    expect(single).toMatchObject({ deleted: partsOf("arm"), replaced: [], missing: [], lost: [] });
  });

  it("renames one that no service uses in one apply", async () => {
    const state = await start();
    await state.apply(cluster(["main", "arm"], ["main"]));
    const renamed = await state.apply(cluster(["main", "graviton"], ["main"]));
    expect(renamed).toMatchObject({ deleted: partsOf("arm"), missing: [], lost: [] });
    expect(renamed.created).toEqual(partsOf("graviton"));
  });

  it("removes one that services use in two applies: first from the strategies, then from the cluster", async () => {
    const state = await start();
    await state.apply(cluster(["main", "arm"], ["main", "arm"]));
    const moved = await state.apply(cluster(["main", "arm"], ["main"]));
    expect(moved).toMatchObject({ created: [], replaced: [], deleted: [], missing: [], lost: [] });
    const removed = await state.apply(cluster(["main"], ["main"]));
    expect(removed).toMatchObject({ deleted: partsOf("arm"), missing: [], lost: [] });
  });

  it("fails to remove one that services use in one apply, deletes nothing, and can be repaired", async () => {
    const state = await start();
    await state.apply(cluster(["main", "arm"], ["main", "arm"]));
    const failed = await state.expectFailure(cluster(["main"], ["main"]), IN_USE);
    expect(failed).toMatchObject({ created: [], updated: [], replaced: [], deleted: [] });
    await state.apply(cluster(["main", "arm"], ["main"]));
    expect((await state.apply(cluster(["main"], ["main"]))).deleted).toEqual(partsOf("arm"));
  });

  it("replaces the group and its capacity provider when the cluster's name changes, which both names contain", async () => {
    const state = await start();
    await state.apply(cluster(["main", "arm"], ["main"]));
    const renamed = await state.apply(cluster(["main", "arm"], ["main"], { values: { name: "store" } }));
    expect(renamed.replaced).toEqual(expect.arrayContaining(["aws_ecs_cluster.cluster", ...partsOf("arm")]));
    expect(renamed.lost).toEqual([]);
  });
});
