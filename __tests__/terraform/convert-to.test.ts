import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { Fn, TerraformOutput, TerraformVariable } from "cdktf";
import { hcl } from "../../src";
import { convertTo } from "../../src/terraform/convert-to";
import { at, emptyStack, resolved, synthesized } from "../support/synthesized";

type Stack = ReturnType<typeof emptyStack>;
const variable = (stack: Stack, type?: string) => new TerraformVariable(stack, "given", { type });
const logs = (stack: Stack) => new CloudwatchLogGroup(stack, "logs", { name: "x", retentionInDays: 14 });

/** Returns the value as an operand of `jsonencode` in the stack's JSON. */
function rendered(type: Parameters<typeof convertTo>[0], valueIn: (stack: Stack) => unknown): unknown {
  const stack = emptyStack();
  const value = hcl`jsonencode(${convertTo(type, valueIn(stack))})`;
  new TerraformOutput(stack, "value", { value, staticId: true });
  return at(synthesized(stack), "output", "value", "value");
}

describe("convertTo", () => {
  it.each<[string, (stack: Stack) => unknown, string]>([
    ["a variable of another type", (stack) => variable(stack, "number").stringValue, "tostring(var.given)"],
    ["a variable without a type", (stack) => variable(stack).stringValue, "tostring(var.given)"],
    ["a number in text", (stack) => `${variable(stack, "number").numberValue}`, "tostring(var.given)"],
    [
      "a number of a resource",
      (stack) => `${logs(stack).retentionInDays}`,
      "tostring(aws_cloudwatch_log_group.logs.retention_in_days)",
    ],
    ["an expression", () => hcl`local.port`.string, "tostring(local.port)"],
    [
      "two functions",
      () => hcl`lower("a") == "(" ? 1 : length(upper("b"))`.string,
      'tostring(lower("a") == "(" ? 1 : length(upper("b")))',
    ],
    ["a function", () => Fn.lookup({ a: 1 }, "a", 2), 'tostring(lookup({"a" = 1}, "a", 2))'],
  ])("converts %s to text", (_, value, expression) => {
    expect(rendered("string", value)).toBe(`\${jsonencode(${expression})}`);
  });

  it.each<[string, (stack: Stack) => unknown, string]>([
    ["a variable of the type", (stack) => variable(stack, "string").stringValue, "var.given"],
    ["an attribute of a resource", (stack) => logs(stack).arn, "aws_cloudwatch_log_group.logs.arn"],
    ["an attribute of a data source", (stack) => new DataAwsRegion(stack, "here").name, "data.aws_region.here.name"],
    ["the text of a function", (stack) => Fn.join(",", [variable(stack).stringValue]), 'join(",", [var.given])'],
    [
      "JSON",
      (stack) => Fn.jsonencode({ "a)": Fn.upper(logs(stack).name) }),
      'jsonencode({"a)" = upper(aws_cloudwatch_log_group.logs.name)})',
    ],
    ["text around a reference", (stack) => `port ${variable(stack, "number").stringValue}`, '"port ${var.given}"'],
    ["text around a number", (stack) => `port ${variable(stack, "number").numberValue}`, '"port ${var.given}"'],
    ["plain text", () => "8080", '"8080"'],
    ["text that looks like a number of CDKTF", () => "-1.5e+3", '"-1.5e+3"'],
    ["nothing", () => undefined, "null"],
  ])("does not convert %s to text", (_, value, expression) => {
    expect(rendered("string", value)).toBe(`\${jsonencode(${expression})}`);
  });

  it.each<[Parameters<typeof convertTo>[0], string, (given: TerraformVariable) => unknown, string]>([
    ["number", "string", ({ numberValue }) => numberValue, "tonumber(var.given)"],
    ["number", "number", ({ numberValue }) => numberValue, "var.given"],
    ["bool", "string", ({ value }) => value, "tobool(var.given)"],
    ["bool", "bool", ({ booleanValue }) => booleanValue, "var.given"],
    ["list(string)", "list(number)", ({ listValue }) => listValue, "[for text in var.given : tostring(text)]"],
    ["list(string)", "list(string)", ({ listValue }) => listValue, "var.given"],
    ["list(string)", "number", ({ stringValue }) => ["a", stringValue], '["a", tostring(var.given)]'],
  ])("converts to %s where the variable's type is %s", (type, declared, value, expression) => {
    expect(rendered(type, (stack) => value(variable(stack, declared)))).toBe(`\${jsonencode(${expression})}`);
  });

  it("visits the constructs of a stack once, however many references it has", () => {
    const stack = emptyStack();
    const { stringValue } = variable(stack, "string");
    const values = Array.from({ length: 20 }, () => convertTo("string", stringValue));
    values.push(convertTo("string", hcl`var.other`.string));
    new TerraformOutput(stack, "value", { value: hcl`jsonencode(${values})`, staticId: true });
    const visit = jest.spyOn(stack.node, "findAll");
    resolved(stack, hcl`jsonencode(${values})`);
    expect(visit).toHaveBeenCalledTimes(1);
  });

  it("knows a construct that is added later", () => {
    const stack = emptyStack();
    resolved(stack, convertTo("string", variable(stack, "string").stringValue));
    const added = new TerraformVariable(stack, "added", { type: "string" });
    expect(resolved(stack, convertTo("string", added.stringValue))).toBe("${var.added}");
  });

  it("is an expression wherever an argument can be one", () => {
    const stack = emptyStack();
    const value = convertTo("string", variable(stack, "number").stringValue);
    new TerraformOutput(stack, "value", { value, staticId: true });
    expect(at(synthesized(stack), "output", "value", "value")).toBe("${tostring(var.given)}");
  });
});
