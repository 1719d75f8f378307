import { Testing } from "cdktf";
import { type CapacityConditions, capacityValuesSchema, capacityVariables } from "../../src/capacity/capacity-values";
import { validate } from "../../src/validation/validate";
import { Variables } from "../../src/validation/variables";
import { problemsOf } from "../support/problems";
import { emptyStack } from "../support/synthesized";

const resolve = (values: object = {}) => validate("Test", capacityValuesSchema, values);
const problems = (values: object) => problemsOf(() => resolve(values));

/** Returns the variables of a capacity as Terraform sees them. */
function variables(conditions: CapacityConditions = {}, values: object = {}) {
  const stack = emptyStack();
  const { name = "main" } = conditions;
  new Variables(stack, "variables", capacityVariables({ ...conditions, name, values: resolve(values) }));
  return JSON.parse(Testing.synth(stack, true)).variable as Record<
    string,
    { default: unknown; description: string; type: string; validation: { condition: string; error_message: string }[] }
  >;
}
const defaults = (conditions?: CapacityConditions, values?: object) =>
  Object.fromEntries(Object.entries(variables(conditions, values)).map(([name, one]) => [name, one.default]));

describe("the variables of a capacity", () => {
  it("have these defaults", () => {
    expect(defaults()).toEqual({
      instance_types: ["t3.small"],
      min_size: 1,
      max_size: 2,
      desired_size: null,
      root_volume_gib: 30,
      ami_version: "recommended",
    });
  });

  it("have the given values as their defaults", () => {
    const values = { instanceTypes: ["m7g.large"], minSize: 0, maxSize: 8, desiredSize: 2, rootVolumeGib: 60 };
    expect(defaults({ name: "arm" }, { ...values, amiVersion: "1.49.0" })).toEqual({
      arm_instance_types: ["m7g.large"],
      arm_min_size: 0,
      arm_max_size: 8,
      arm_desired_size: 2,
      arm_root_volume_gib: 60,
      arm_ami_version: "1.49.0",
    });
  });

  it("name the capacity provider in their descriptions", () => {
    expect(variables().min_size?.description).toBe("The smallest number of instances.");
    expect(variables({ name: "arm" }).arm_min_size?.description).toBe(
      "The smallest number of instances of the capacity provider arm.",
    );
  });

  it("are compared only with the variables of the same capacity", () => {
    const { arm_max_size: most, arm_desired_size: desired } = variables({ name: "arm" });
    expect(most?.validation[1]).toEqual({
      condition: "${var.arm_max_size >= var.arm_min_size}",
      error_message:
        "arm_max_size must be at least arm_min_size; received ${jsonencode({ arm_max_size = var.arm_max_size, arm_min_size = var.arm_min_size })}. Raise it, or lower arm_min_size.",
    });
    expect(desired?.validation.map(({ condition }) => condition)).toEqual([
      expect.stringContaining("var.arm_desired_size == null ? true : floor(var.arm_desired_size)"),
      "${var.arm_desired_size == null ? true : var.arm_desired_size >= var.arm_min_size}",
      "${var.arm_desired_size == null ? true : var.arm_desired_size <= var.arm_max_size}",
    ]);
  });

  it("allow one instance type with a warm pool", () => {
    const conditions = (warmPool?: object) =>
      variables({ warmPool }).instance_types?.validation.map(({ condition }) => condition);
    expect(conditions({})).toContain("${length(var.instance_types) <= 1}");
    expect(conditions()).not.toContain("${length(var.instance_types) <= 1}");
  });

  it("include no instance types with instance requirements", () => {
    expect(Object.keys(variables({ instanceRequirements: {} }))).not.toContain("instance_types");
  });

  it("allow only versions of the AMI family", () => {
    const messages = variables({ amiFamily: "bottlerocket" }).ami_version?.validation;
    expect(messages).toEqual([
      {
        condition: expect.stringContaining("can(regex("),
        error_message: expect.stringContaining('be "recommended" or a published version of bottlerocket'),
      },
    ]);
  });
});

describe("the values of a capacity", () => {
  it.each<[object, string]>([
    [
      { minSize: 3 },
      'maxSize must be at least min_size; received {"max_size": 2, "min_size": 3}. Raise it, or lower min_size.',
    ],
    [
      { desiredSize: 0 },
      'desiredSize must be at least min_size; received {"desired_size": 0, "min_size": 1}. Raise it, or lower min_size.',
    ],
    [
      { desiredSize: 3 },
      'desiredSize must be at most max_size; received {"desired_size": 3, "max_size": 2}. Lower it, or raise max_size.',
    ],
    [{ minSize: -1 }, "minSize must be a whole number from 0 to 5000 (instances); received -1. For example 2."],
    [
      { minSize: 0, maxSize: 0 },
      "maxSize must be a whole number from 1 to 5000 (instances); received 0. A group needs at least one instance to run a task.",
    ],
    [{ minSize: "1" }, 'minSize must be a number; received "1". Write it without quotes.'],
    [
      { rootVolumeGib: undefined },
      "rootVolumeGib must be set; received undefined. Remove it for the default, or set the variable that it comes from.",
    ],
    [{ minSise: 1 }, 'Unknown setting "minSise". Did you mean "minSize"?'],
  ])("reject %j", (values, message) => {
    expect(problems(values)).toEqual([message]);
  });

  it("accept null as the desired size", () => {
    expect(problems({ desiredSize: null })).toEqual([]);
  });
});
