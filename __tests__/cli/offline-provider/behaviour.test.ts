import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { behaviourOf } from "../../../cli/offline-provider/plan/behaviour";
import { conform } from "../../../cli/offline-provider/plan/conform";
import { type ProviderSettings, planChange } from "../../../cli/offline-provider/plan/planner";
import { deriveBlock } from "../../../cli/offline-provider/schema/derive";
import type { CtyType, NestedBlock } from "../../../cli/offline-provider/schema/types";
import type { ObjectValue, Value } from "../../../cli/offline-provider/wire/values";
import { REPLACEMENT_FACTS } from "./replacement-facts";

const SETTINGS: ProviderSettings = {
  place: { region: "ap-northeast-2", partition: "aws", account: "000000000000" },
  defaultTags: {},
  subnetOf: () => undefined,
};

/** Returns a value that an argument of this type can have. */
function some(type: CtyType): Value {
  if (!Array.isArray(type)) return type === "number" ? 7 : type === "bool" ? true : "other";
  if (type[0] === "map") return { other: some(type[1]) };
  if (type[0] !== "object") return [some(type[1] as CtyType)];
  const fields = Object.entries(type[1] as { readonly [name: string]: CtyType });
  return Object.fromEntries(fields.map(([name, field]) => [name, some(field)]));
}

/** Returns a block with all of its arguments. */
function someBlock({ block }: NestedBlock): ObjectValue {
  const attributes = Object.entries(block.attributes).map(([name, { type }]): [string, Value] => [name, some(type)]);
  const blocks = Object.entries(block.blocks).map(([name, nested]): [string, Value] => [name, [someBlock(nested)]]);
  return Object.fromEntries([...attributes, ...blocks]);
}

/** Returns the arguments of a type that replace a resource without them when they are set. */
function replacing(type: string): string[] {
  const block = deriveBlock("resource", type);
  const prior = conform(block, { id: "before", region: SETTINGS.place.region });
  const settable = Object.entries(block.attributes).filter(([, { optional, required }]) => optional || required);
  const changes: [string, Value][] = [
    ...settable.map(([name, attribute]): [string, Value] => [name, some(attribute.type)]),
    ...Object.entries(block.blocks).map(([name, nested]): [string, Value] => [name, [someBlock(nested)]]),
  ];
  return changes
    .filter(
      ([name, value]) => planChange(type, block, prior, { ...prior, [name]: value }, SETTINGS).replaces.length > 0,
    )
    .map(([name]) => name)
    .filter((name) => name !== "region" && name !== "id");
}

/** The types whose bindings the library imports. */
const created = readdirSync(join(__dirname, "../../../src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => [
    ...readFileSync(join(__dirname, "../../../src", file), "utf8").matchAll(
      /provider-aws\/lib\/(?!data-|provider)([\w-]+)/g,
    ),
  ])
  .map(([, name = ""]) => `aws_${name.replaceAll("-", "_")}`);

describe("the arguments that replace a resource", () => {
  it.each(Object.entries(REPLACEMENT_FACTS))("are those of the AWS provider's source: %s", (type, expected) => {
    const known = Object.keys(deriveBlock("resource", type).attributes);
    const blocks = Object.keys(deriveBlock("resource", type).blocks);
    // The source has arguments that version 6.25 does not have, and the other way round.
    const facts = expected.split(" ").filter((name) => known.includes(name) || blocks.includes(name));
    expect(replacing(type).sort()).toEqual(facts.sort());
  });

  it("are known for every type that the library creates", () => {
    expect(created.length).toBeGreaterThan(30);
    expect([...new Set(created)].filter((type) => !(type in REPLACEMENT_FACTS))).toEqual([]);
    for (const type of created) expect(() => behaviourOf(type)).not.toThrow();
  });

  it("are an error for a type that is not in the table, with the file to extend", () => {
    const block = deriveBlock("resource", "aws_nat_gateway");
    const prior = conform(block, { id: "nat-1", region: SETTINGS.place.region });
    const planned = (change: ObjectValue) =>
      planChange("aws_nat_gateway", block, prior, { ...prior, ...change }, SETTINGS);
    expect(() => planned({ instance: "i-1" })).toThrow(
      "The offline provider cannot plan a change of aws_nat_gateway.\nIt does not know which arguments replace a resource of " +
        "this type. Plan it in an account. In the repository of ecs-default-vpc, add the type to cli/offline-provider/plan/behaviour.ts.",
    );
    expect(planned({}).replaces).toEqual([]);
  });
});

describe("an argument of a block", () => {
  const provider = (arn: string, capacity: number) => ({
    auto_scaling_group_provider: [
      { auto_scaling_group_arn: arn, managed_scaling: [{ target_capacity: capacity }] } as unknown as Value,
    ],
  });
  const planned = (type: string, before: ObjectValue, after: ObjectValue) => {
    const block = deriveBlock("resource", type);
    const common = { id: "before", region: SETTINGS.place.region };
    const [prior, wanted] = [before, after].map((values) => conform(block, { ...common, ...values }));
    return planChange(type, block, prior as ObjectValue, wanted as ObjectValue, SETTINGS).replaces;
  };
  const changes: [what: string, type: string, before: ObjectValue, after: ObjectValue, replaces: string[]][] = [
    [
      "a provider's group",
      "aws_ecs_capacity_provider",
      provider("a", 1),
      provider("b", 1),
      ["auto_scaling_group_provider"],
    ],
    ["a provider's target capacity", "aws_ecs_capacity_provider", provider("a", 1), provider("a", 2), []],
    ["ECS's own controller, named", "aws_ecs_service", {}, { deployment_controller: [{ type: "ECS" }] }, []],
    [
      "another controller",
      "aws_ecs_service",
      {},
      { deployment_controller: [{ type: "EXTERNAL" }] },
      ["deployment_controller"],
    ],
    [
      "a rule's network",
      "aws_vpc_security_group_ingress_rule",
      { cidr_ipv4: "10.0.0.0/8" },
      { cidr_ipv4: "10.0.0.0/9" },
      [],
    ],
    [
      "a rule's kind of source",
      "aws_vpc_security_group_ingress_rule",
      { cidr_ipv4: "10.0.0.0/8" },
      { cidr_ipv6: "fd00::/8" },
      ["cidr_ipv4", "cidr_ipv6"],
    ],
    [
      "a subnet of a Network Load Balancer, removed",
      "aws_lb",
      { load_balancer_type: "network", subnets: ["a", "b"] },
      { load_balancer_type: "network", subnets: ["a"] },
      ["subnets"],
    ],
    [
      "a subnet of an Application Load Balancer, removed",
      "aws_lb",
      { load_balancer_type: "application", subnets: ["a", "b"] },
      { load_balancer_type: "application", subnets: ["a"] },
      [],
    ],
  ];

  it.each(changes)("replaces the resource or does not: %s", (_, type, before, after, replaces) => {
    expect([...planned(type, before, after)].sort()).toEqual(replaces);
  });
});
