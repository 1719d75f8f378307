import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, hcl, type PlacementConstraint, type PlacementStrategy } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";

Testing.setupJest();

const synthesize = (props: Partial<Ec2ServiceProps> = {}): string =>
  Testing.synthScope((stack) => {
    new Ec2Service(stack, "users", { cluster: clusterTarget(), ...props });
  });

const ZONE = "attribute:ecs.availability-zone";

describe("the placement of a service's tasks", () => {
  it("spreads tasks over availability zones and then fills instances by memory", () => {
    expect(synthesize()).toHaveResourceWithProperties(EcsService, {
      ordered_placement_strategy: [
        { type: "spread", field: ZONE },
        { type: "binpack", field: "memory" },
      ],
    });
    expect(synthesize()).not.toContain("placement_constraints");
  });

  it("renders the strategies and the constraints", () => {
    expect(
      synthesize({
        placementStrategies: [{ type: "random" }],
        placementConstraints: [
          { type: "distinctInstance" },
          { type: "memberOf", expression: "attribute:ecs.instance-type =~ t3.*" },
        ],
      }),
    ).toHaveResourceWithProperties(EcsService, {
      ordered_placement_strategy: [{ type: "random" }],
      placement_constraints: [
        { type: "distinctInstance" },
        { type: "memberOf", expression: "attribute:ecs.instance-type =~ t3.*" },
      ],
    });
  });

  it("renders tokens, and text that means something to Terraform, as the caller wrote them", () => {
    expect(
      synthesize({
        placementStrategies: [{ type: "spread", field: hcl`var.field`.string }],
        placementConstraints: [{ type: "memberOf", expression: "attribute:a == ${b}" }],
      }),
    ).toHaveResourceWithProperties(EcsService, {
      ordered_placement_strategy: [{ type: "spread", field: "${var.field}" }],
      placement_constraints: [{ type: "memberOf", expression: "attribute:a == $${b}" }],
    });
  });

  it.each<[string, Partial<Ec2ServiceProps>]>([
    ["ENABLED", {}],
    ["ENABLED", { placementStrategies: [] }],
    ["DISABLED", { placementStrategies: [{ type: "binpack", field: "memory" }] }],
    ["DISABLED", { placementStrategies: [{ type: "spread", field: "instanceId" }] }],
    ["DISABLED", { maximumPercent: 100, minimumHealthyPercent: 0 }],
    ["DISABLED", { maximumPercent: hcl`var.percent`.number }],
    ["DISABLED", { daemon: true }],
    ["DISABLED", { placementConstraints: [{ type: "memberOf", expression: `${ZONE} == eu-west-1a` }] }],
  ])("sets the rebalancing of availability zones to %s for %j", (expected, props) => {
    expect(synthesize(props)).toHaveResourceWithProperties(EcsService, { availability_zone_rebalancing: expected });
  });

  it.each<[string, PlacementStrategy, string]>([
    [
      "a random strategy with a field",
      { type: "random", field: "memory" },
      'placementStrategies[0].field must not be set with random; received "memory". Remove it: random does not use a field.',
    ],
    [
      "a spread without a field",
      { type: "spread" },
      'placementStrategies[0].field must be set with spread; received nothing. For example "attribute:ecs.availability-zone".',
    ],
    [
      "a binpack without a field",
      { type: "binpack" },
      'placementStrategies[0].field must be set with binpack; received nothing. For example "memory".',
    ],
    [
      "a binpack by another field",
      { type: "binpack", field: "instanceId" },
      'placementStrategies[0].field must be cpu or memory with binpack; received "instanceId". Use cpu or memory. Only spread uses other fields.',
    ],
    [
      "a field with a space",
      { type: "spread", field: "my field" },
      'placementStrategies[0].field must be the name of a field; received "my field". For example "attribute:ecs.availability-zone" or "memory".',
    ],
    [
      "an unknown type",
      { type: "spred" as "spread", field: ZONE },
      'placementStrategies[0].type must be one of "spread", "binpack", "random"; received "spred". Choose one of these.',
    ],
    [
      "an unknown setting",
      { type: "random", fields: "x" } as PlacementStrategy,
      'Unknown setting "placementStrategies[0].fields". Did you mean "field"?',
    ],
  ])("rejects %s", (_, strategy, message) => {
    expect(problemsOf(() => synthesize({ placementStrategies: [strategy] }))).toEqual([message]);
  });

  it.each<[string, PlacementConstraint, string]>([
    [
      "memberOf without an expression",
      { type: "memberOf" },
      'placementConstraints[0].expression must be set with memberOf; received nothing. For example "attribute:ecs.instance-type =~ t3.*".',
    ],
    [
      "distinctInstance with an expression",
      { type: "distinctInstance", expression: "x" },
      'placementConstraints[0].expression must not be set with distinctInstance; received "x". Remove it, or set type to memberOf.',
    ],
    [
      "a constraint that is a text",
      "distinctInstance" as unknown as PlacementConstraint,
      'placementConstraints[0] must be an object; received "distinctInstance". Write it in braces: { name: value }.',
    ],
  ])("rejects %s", (_, constraint, message) => {
    expect(problemsOf(() => synthesize({ placementConstraints: [constraint] }))).toEqual([message]);
  });

  it("accepts an expression of 2000 characters, and rejects a longer one", () => {
    const ofLength = (length: number) =>
      problemsOf(() => synthesize({ placementConstraints: [{ type: "memberOf", expression: "x".repeat(length) }] }));
    expect(ofLength(2000)).toEqual([]);
    expect(ofLength(2001)).toEqual([
      `placementConstraints[0].expression must have at most 2000 characters; received "${"x".repeat(79)}…. Give the instances an attribute (instanceAttributes), and use it in the expression.`,
    ]);
  });

  it("accepts 5 strategies and 10 constraints, and rejects more", () => {
    const strategies = (count: number) =>
      problemsOf(() => synthesize({ placementStrategies: Array(count).fill({ type: "random" }) }));
    const constraints = (count: number) =>
      problemsOf(() => synthesize({ placementConstraints: Array(count).fill({ type: "distinctInstance" }) }));
    expect([strategies(5), constraints(10)]).toEqual([[], []]);
    expect(strategies(6)).toEqual([
      "placementStrategies must have at most 5 elements; received 6. Keep the most important ones. ECS applies them in order.",
    ]);
    expect(constraints(11)).toEqual([
      'placementConstraints must have at most 10 elements; received 11. Join expressions with "and" or "or".',
    ]);
  });
});
