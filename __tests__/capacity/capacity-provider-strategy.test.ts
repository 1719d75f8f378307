import { hcl } from "../../src";
import { capacityProviderStrategyField, defaultStrategyField } from "../../src/capacity/capacity-provider-strategy";
import { schemaOf } from "../../src/validation/schema";
import { validate } from "../../src/validation/validate";
import { problemsOf } from "../support/problems";

const settings = schemaOf<{ readonly strategy: unknown; readonly defaultStrategy: unknown }>()({
  strategy: capacityProviderStrategyField.optional() as never,
  defaultStrategy: defaultStrategyField.optional() as never,
});
const read = (strategy: readonly object[]) => validate("Test", settings, { strategy, defaultStrategy: undefined });
const problems = (strategy: readonly object[]) => problemsOf(() => read(strategy));

describe("a capacity provider strategy", () => {
  it("has a base of 0 and a weight of 1 by default", () => {
    expect(read([{ capacityProvider: "arm" }, { capacityProvider: "x86", base: 2, weight: 3 }]).strategy).toEqual([
      { capacityProvider: "arm", base: 0, weight: 1 },
      { capacityProvider: "x86", base: 2, weight: 3 },
    ]);
  });

  it("accepts names and numbers that only Terraform knows", () => {
    const token = {
      capacityProvider: hcl`var.name`.string,
      base: hcl`var.base`.number,
      weight: hcl`var.weight`.number,
    };
    expect(problems([token, { capacityProvider: "arm", base: 1, weight: 0 }])).toEqual([]);
  });

  it("needs names that the code knows to choose among capacity providers of the settings", () => {
    const defaultStrategy = [{ capacityProvider: hcl`var.name`.string }];
    expect(problemsOf(() => validate("Test", settings, { strategy: undefined, defaultStrategy }))).toEqual([
      "defaultStrategy[0].capacityProvider must be known when the code runs; received a token. Write the value itself instead of a token.",
    ]);
  });

  const many = (count: number) => Array.from({ length: count }, (_, index) => ({ capacityProvider: `p${index}` }));

  it("has at most 20 capacity providers", () => {
    expect(problems(many(20))).toEqual([]);
  });

  it.each<[string, readonly object[], string]>([
    [
      "21 capacity providers",
      many(21),
      "strategy must have 1 to 20 capacity providers; received 21. Remove the setting for the default.",
    ],
    [
      "no capacity provider",
      [],
      "strategy must have 1 to 20 capacity providers; received 0. Remove the setting for the default.",
    ],
    [
      "a capacity provider twice",
      [{ capacityProvider: "arm" }, { capacityProvider: "arm" }],
      'strategy must name each capacity provider once; received ["arm"]. Combine the parts with the same name, and add their weights.',
    ],
    [
      "two bases",
      [
        { capacityProvider: "arm", base: 1 },
        { capacityProvider: "x86", base: 2 },
      ],
      'strategy must have at most one base; received ["arm", "x86"]. ECS accepts one base in a strategy. Remove the others.',
    ],
    [
      "no weight above 0",
      [
        { capacityProvider: "arm", weight: 0, base: 1 },
        { capacityProvider: "x86", weight: 0 },
      ],
      "strategy must have at least one weight above 0; received [0, 0]. Otherwise ECS starts no task beyond the base. Set the weight of one capacity provider to 1.",
    ],
    [
      "a weight above 1000",
      [{ capacityProvider: "arm", weight: 1001 }],
      "strategy[0].weight must be a whole number from 0 to 1000; received 1001. For example 1.",
    ],
    [
      "a base above 100000",
      [{ capacityProvider: "arm", base: 100_001 }],
      "strategy[0].base must be a whole number from 0 to 100000 (tasks); received 100001. For example 1.",
    ],
    [
      "a name with a space",
      [{ capacityProvider: "my arm" }],
      'strategy[0].capacityProvider must have 1 to 255 letters, digits, hyphens and underscores; received "my arm". Use the name of a capacity provider.',
    ],
    [
      "Fargate",
      [{ capacityProvider: "FARGATE_SPOT" }],
      'strategy[0].capacityProvider must name a capacity provider of instances; received "FARGATE_SPOT". Tasks in bridge mode run only on instances. Use a capacity provider of the cluster.',
    ],
    [
      "a part without a name",
      [{ weight: 1 }],
      "strategy[0].capacityProvider must be a string; received nothing. Set it.",
    ],
  ])("rejects %s", (_, strategy, message) => {
    expect(problems(strategy)).toEqual([message]);
  });
});
