import { DataAwsInstance } from "@cdktf/provider-aws/lib/data-aws-instance";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Fn, Lazy, LocalBackend, TerraformElement, TerraformStack, Token, Tokenization } from "cdktf";
import { convertTo } from "../../src/terraform/convert-to";
import { findCrossStackReferences } from "../../src/terraform/cross-stack-references";
import { hcl } from "../../src/terraform/expression";
import { testApp } from "../support/test-app";

type Instance = DataAwsInstance;

/** Arguments that refer to an instance in another stack, in each form that a token can have. */
const REFERENCES: [string, (from: Instance) => Partial<ConstructorParameters<typeof EcsService>[2]>][] = [
  ["a text", (from) => ({ cluster: from.arn })],
  ["part of a text", (from) => ({ cluster: `of-${from.arn}-too` })],
  ["a list", (from) => ({ networkConfiguration: { subnets: from.securityGroups } })],
  ["an element of a list", (from) => ({ networkConfiguration: { subnets: ["mine", from.subnetId] } })],
  ["a number", (from) => ({ desiredCount: Token.asNumber(from.interpolationForAttribute("cpu_core_count")) })],
  ["a map", (from) => ({ tags: Token.asStringMap(from.interpolationForAttribute("tags")) })],
  ["a map's value", (from) => ({ tags: { Name: from.arn } })],
  ["a map's key", (from) => ({ tags: { [from.arn]: "x" } })],
  ["a function's argument", (from) => ({ cluster: Fn.lower(from.arn) })],
  ["an expression's operand", (from) => ({ cluster: hcl`lower(${[from.arn]}[0])`.string })],
  [
    "a number that is converted to text",
    (from) => {
      const count = Token.asNumber(from.interpolationForAttribute("cpu_core_count"));
      return { cluster: hcl`jsonencode(${convertTo("string", `${count}`)})`.string };
    },
  ],
  ["a lazy value", (from) => ({ cluster: Lazy.stringValue({ produce: () => from.arn }) })],
  ["nothing", () => ({ cluster: "mine" })],
];

/** Returns the JSON of two stacks, of which the second refers to the first. `prepare` finds the references of a stack. */
function synthesize(argumentsOf: (from: Instance) => object, prepare: (stack: TerraformStack) => void): unknown[] {
  const app = testApp();
  const stacks = ["from", "to"].map((id) => {
    const stack = new TerraformStack(app, id);
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    new LocalBackend(stack, { path: `${id}.tfstate` });
    return stack;
  }) as [TerraformStack, TerraformStack];
  const instance = new DataAwsInstance(stacks[0], "instance", { instanceId: "i-0" });
  for (const id of ["one", "two"]) new EcsService(stacks[1], id, { name: id, ...argumentsOf(instance) });
  for (const stack of stacks) prepare(stack);
  return stacks.map((stack) => stack.toTerraform());
}

describe("findCrossStackReferences", () => {
  it.each(REFERENCES)("finds the same references as CDKTF in %s", (form, argumentsOf) => {
    const json = synthesize(argumentsOf, findCrossStackReferences);
    expect(json).toEqual(synthesize(argumentsOf, (stack) => stack.prepareStack()));
    expect(JSON.stringify(json).includes("terraform_remote_state")).toBe(form !== "nothing");
  });

  it("resolves each token once", () => {
    const stack = new TerraformStack(testApp(), "one");
    const produce = jest.fn(() => "x");
    const token = Lazy.stringValue({ produce });
    for (const id of ["one", "two"]) new EcsService(stack, id, { name: token, cluster: `a-${token}` });
    findCrossStackReferences(stack);
    expect(produce).toHaveBeenCalledTimes(1);
  });

  it("resolves no reference to the stack itself", () => {
    const stack = new TerraformStack(testApp(), "one");
    const service = new EcsService(stack, "one", { name: "x" });
    new EcsService(stack, "two", { name: service.name, cluster: hcl`lower(${service.cluster})`.string });
    const resolve = jest.spyOn(Tokenization, "resolve");
    findCrossStackReferences(stack);
    expect(resolve).not.toHaveBeenCalled();
    resolve.mockRestore();
  });

  it("leaves out the elements of a stack within the stack", () => {
    const stack = new TerraformStack(testApp(), "outer");
    const inner = new EcsService(new TerraformStack(stack, "inner"), "one", { name: "x" });
    const toTerraform = jest.spyOn(inner, "toTerraform");
    findCrossStackReferences(stack);
    expect(TerraformElement.isTerraformElement(inner)).toBe(true);
    expect(toTerraform).not.toHaveBeenCalled();
  });
});
