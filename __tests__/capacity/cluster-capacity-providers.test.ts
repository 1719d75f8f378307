import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { TerraformOutput, Testing } from "cdktf";
import { AsgCapacityProvider, ClusterCapacityProviders, type ClusterCapacityProvidersProps, hcl } from "../../src";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack } from "../support/synthesized";

Testing.setupJest();

/** Creates two groups without an association, and the association of both. */
function created(props: Partial<ClusterCapacityProvidersProps> = {}) {
  const stack = emptyStack();
  const { cluster, launchTemplate, capacity } = new Parts(stack, { capacity: { association: false } });
  const other = new AsgCapacityProvider(stack, "other", { cluster, launchTemplate, name: "two", association: false });
  const capacityProviders = { one: capacity, two: other };
  const all = new ClusterCapacityProviders(stack, "all", { cluster, capacityProviders, ...props });
  return { stack, all };
}
const synthesize = (props: Partial<ClusterCapacityProvidersProps> = {}): string =>
  Testing.synth(created(props).stack, true);
const problems = (props: object) => problemsOf(() => created(props));

const ONE = "${aws_ecs_capacity_provider.capacity_provider.name}";
const TWO = "${aws_ecs_capacity_provider.other_provider.name}";

describe("ClusterCapacityProviders", () => {
  it("adds all capacity providers to the cluster with equal weights by default", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(EcsClusterCapacityProviders, {
      cluster_name: "${aws_ecs_cluster.cluster.name}",
      capacity_providers: [ONE, TWO],
      default_capacity_provider_strategy: [
        { capacity_provider: ONE, base: 0, weight: 1 },
        { capacity_provider: TWO, base: 0, weight: 1 },
      ],
    });
    expect(resourceCounts(json).aws_ecs_cluster_capacity_providers).toBe(1);
  });

  it("renders the default strategy with the names of the capacity providers in AWS", () => {
    const defaultStrategy = [{ capacityProvider: "two", base: 2, weight: 3 }];
    expect(synthesize({ defaultStrategy })).toHaveResourceWithProperties(EcsClusterCapacityProviders, {
      capacity_providers: [ONE, TWO],
      default_capacity_provider_strategy: [{ capacity_provider: TWO, base: 2, weight: 3 }],
    });
  });

  it("gives services the names from the association, so that they wait for it", () => {
    const { stack, all } = created({ defaultStrategy: [{ capacityProvider: "two" }] });
    new TerraformOutput(stack, "name", { value: all.capacities.two?.capacityProviderName });
    new TerraformOutput(stack, "strategy", { value: all.defaultStrategy });
    const { output } = JSON.parse(Testing.synth(stack, true));
    const name =
      "one([for name in aws_ecs_cluster_capacity_providers.all.capacity_providers : name if name == aws_ecs_capacity_provider.other_provider.name])";
    expect(output.name.value).toBe(`\${${name}}`);
    expect(output.strategy.value).toEqual([{ capacityProvider: `\${${name}}`, base: 0, weight: 1 }]);
  });

  it("compares the sizes of all capacity providers with the limit of a cluster, at plan", () => {
    expect(synthesize({ maxSize: hcl`sum([var.one, var.two])`.number })).toHaveResourceWithProperties(
      EcsClusterCapacityProviders,
      {
        lifecycle: {
          precondition: [
            {
              condition: "${sum([var.one, var.two]) <= 5000}",
              error_message:
                "max_size of all capacity providers together must be at most 5000, the limit of a cluster; received ${sum([var.one, var.two])}. Lower one of them, or use another cluster.",
            },
          ],
        },
      },
    );
    expect(synthesize()).not.toContain("<= 5000");
  });

  it.each<[string, object, readonly string[]]>([
    [
      "a strategy with an unknown name",
      { defaultStrategy: [{ capacityProvider: "tow" }] },
      ['defaultStrategy[0].capacityProvider must be a name in capacityProviders; received "tow". Did you mean "two"?'],
    ],
    [
      "no capacity provider",
      { capacityProviders: {} },
      ["capacityProviders must have 1 to 20 capacity providers; received 0. A cluster has at most 20."],
    ],
    [
      "a name in place of a capacity provider",
      { capacityProviders: { one: "cp-prod" } },
      ['capacityProviders.one must be a capacity provider; received "cp-prod". Use an AsgCapacityProvider.'],
    ],
    ["a size as text", { maxSize: "5" }, ['maxSize must be a number; received "5". Write it without quotes.']],
  ])("rejects %s", (_, props, messages) => {
    expect(problems(props)).toEqual(messages);
  });
});
