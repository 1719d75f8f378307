import { DataAwsInstance } from "@cdktf/provider-aws/lib/data-aws-instance";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Fn, Lazy, LocalBackend, TerraformElement, TerraformStack, Token, Tokenization } from "cdktf";
import { convertTo } from "../../src/terraform/convert-to";
import { findCrossStackReferences } from "../../src/terraform/cross-stack-references";
import { hcl } from "../../src/terraform/expression";
import { testApp } from "../support/test-app";

type Instance = DataAwsInstance;

/** What one stack takes of an instance in the other, in each way that a token stands in a value. */
const TAKEN: [string, (from: Instance) => Partial<ConstructorParameters<typeof EcsService>[2]>][] = [
  ["a text", (from) => ({ cluster: from.arn })],
  ["a part of a text", (from) => ({ cluster: `of-${from.arn}-too` })],
  ["a list", (from) => ({ networkConfiguration: { subnets: from.securityGroups } })],
  ["an element of a list", (from) => ({ networkConfiguration: { subnets: ["mine", from.subnetId] } })],
  ["a number", (from) => ({ desiredCount: Token.asNumber(from.interpolationForAttribute("cpu_core_count")) })],
  ["a map", (from) => ({ tags: Token.asStringMap(from.interpolationForAttribute("tags")) })],
  ["a map's value", (from) => ({ tags: { Name: from.arn } })],
  ["a map's key", (from) => ({ tags: { [from.arn]: "x" } })],
  ["a function's argument", (from) => ({ cluster: Fn.lower(from.arn) })],
  ["an expression's operand", (from) => ({ cluster: hcl`lower(${[from.arn]}[0])`.string })],
  [
    "a number that becomes text",
    (from) => {
      const count = Token.asNumber(from.interpolationForAttribute("cpu_core_count"));
      return { cluster: hcl`jsonencode(${convertTo("string", `${count}`)})`.string };
    },
  ],
  ["what is only known later", (from) => ({ cluster: Lazy.stringValue({ produce: () => from.arn }) })],
  ["nothing", () => ({ cluster: "mine" })],
];

/** Two stacks; `prepare` is what each does before anything is written. */
function written(take: (from: Instance) => object, prepare: (stack: TerraformStack) => void): unknown[] {
  const app = testApp();
  const stacks = ["from", "to"].map((id) => {
    const stack = new TerraformStack(app, id);
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    new LocalBackend(stack, { path: `${id}.tfstate` });
    return stack;
  }) as [TerraformStack, TerraformStack];
  const instance = new DataAwsInstance(stacks[0], "instance", { instanceId: "i-0" });
  for (const id of ["one", "two"]) new EcsService(stacks[1], id, { name: id, ...take(instance) });
  for (const stack of stacks) prepare(stack);
  return stacks.map((stack) => stack.toTerraform());
}

describe("what a stack takes from another", () => {
  it.each(TAKEN)("is found as cdktf finds it, where it is %s", (_, take) => {
    const found = written(take, findCrossStackReferences);
    expect(found).toEqual(written(take, (stack) => stack.prepareStack()));
    expect(JSON.stringify(found).includes("terraform_remote_state")).toBe(take !== TAKEN.at(-1)?.[1]);
  });

  it("is looked for in each token once, however often it stands there", () => {
    const stack = new TerraformStack(testApp(), "one");
    const produce = jest.fn(() => "x");
    const token = Lazy.stringValue({ produce });
    for (const id of ["one", "two"]) new EcsService(stack, id, { name: token, cluster: `a-${token}` });
    findCrossStackReferences(stack);
    expect(produce).toHaveBeenCalledTimes(1);
  });

  it("is not looked for in what leads to the stack itself", () => {
    const stack = new TerraformStack(testApp(), "one");
    const service = new EcsService(stack, "one", { name: "x" });
    new EcsService(stack, "two", { name: service.name, cluster: hcl`lower(${service.cluster})`.string });
    const resolved = jest.spyOn(Tokenization, "resolve");
    findCrossStackReferences(stack);
    expect(resolved).not.toHaveBeenCalled();
    resolved.mockRestore();
  });

  it("is not looked for in a stack within the stack, which looks itself", () => {
    const stack = new TerraformStack(testApp(), "outer");
    const inner = new EcsService(new TerraformStack(stack, "inner"), "one", { name: "x" });
    const looked = jest.spyOn(inner, "toTerraform");
    findCrossStackReferences(stack);
    expect(TerraformElement.isTerraformElement(inner)).toBe(true);
    expect(looked).not.toHaveBeenCalled();
  });
});
