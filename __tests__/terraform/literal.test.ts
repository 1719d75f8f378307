import { TerraformOutput } from "cdktf";
import { hcl } from "../../src/terraform/expression";
import { literal } from "../../src/terraform/literal";
import { at, emptyStack, synthesized } from "../support/synthesized";

/** How a value is written into the JSON. */
function written(value: unknown): unknown {
  const stack = emptyStack();
  new TerraformOutput(stack, "value", { value, staticId: true });
  return at(synthesized(stack), "output", "value", "value");
}

/** A reference as CDKTF makes them. */
const reference = () => hcl`var.x`.string;

describe("literal", () => {
  it("doubles what begins a template sequence", () => {
    expect(literal("${a} %{b} $${c}")).toBe("$${a} %%{b} $$${c}");
  });

  it("leaves dollars and percent signs alone that begin nothing", () => {
    expect(literal("5 $ is 100 % {of} it")).toBe("5 $ is 100 % {of} it");
  });

  it("keeps a token in the text a reference", () => {
    expect(written(literal(`a ${reference()} \${b}`))).toBe("a ${var.x} $${b}");
  });

  it("keeps a dollar right before a reference a dollar", () => {
    expect(written(literal(`$${reference()}`))).toBe('${"$"}${var.x}');
  });

  it("keeps a reference whole after a sequence that isn't closed", () => {
    expect(written(literal(`\${NAME:-${reference()}}`))).toBe('${"$"}{NAME:-${var.x}}');
  });
});
