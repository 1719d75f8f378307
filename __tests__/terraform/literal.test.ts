import { TerraformOutput } from "cdktf";
import { hcl } from "../../src/terraform/expression";
import { literal } from "../../src/terraform/literal";
import { at, emptyStack, synthesized } from "../support/synthesized";

/** Returns a value as it is in the stack's JSON. */
function rendered(value: unknown): unknown {
  const stack = emptyStack();
  new TerraformOutput(stack, "value", { value, staticId: true });
  return at(synthesized(stack), "output", "value", "value");
}

/** Returns a token that refers to a variable. */
const reference = () => hcl`var.x`.string;

describe("literal", () => {
  it("doubles the character that starts a template sequence", () => {
    expect(literal("${a} %{b} $${c}")).toBe("$${a} %%{b} $$${c}");
  });

  it("keeps dollar and percent signs that start no template sequence", () => {
    expect(literal("5 $ is 100 % {of} it")).toBe("5 $ is 100 % {of} it");
  });

  it("keeps the references in the text", () => {
    expect(rendered(literal(`a ${reference()} \${b}`))).toBe("a ${var.x} $${b}");
  });

  it("keeps a dollar sign before a reference", () => {
    expect(rendered(literal(`$${reference()}`))).toBe('${"$"}${var.x}');
  });

  it("keeps a reference inside a template sequence", () => {
    expect(rendered(literal(`\${NAME:-${reference()}}`))).toBe('${"$"}{NAME:-${var.x}}');
  });
});
