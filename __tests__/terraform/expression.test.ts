import { TerraformOutput, Token } from "cdktf";
import { hcl } from "../../src";
import { at, emptyStack, synthesized } from "../support/synthesized";

/** Returns a value as it is in the stack's JSON. */
function rendered(value: unknown): unknown {
  const stack = emptyStack();
  new TerraformOutput(stack, "value", { value, staticId: true });
  return at(synthesized(stack), "output", "value", "value");
}

/** Returns a token that refers to a variable. */
const reference = () => hcl`var.x`.string;

describe("hcl", () => {
  it("writes the text of the template unchanged, within one pair of braces", () => {
    expect(rendered(hcl`length(var.x) > 0`)).toBe("${length(var.x) > 0}");
  });

  it("quotes and escapes an interpolated text", () => {
    expect(rendered(hcl`upper(${'a "b" \\ \n ${c} %{d}'})`)).toBe('${upper("a \\"b\\" \\\\ \\n $${c} %%{d}")}');
  });

  it("writes control characters as escapes", () => {
    expect(rendered(hcl`upper(${"\u0001\u007f\t\r"})`)).toBe('${upper("\\u0001\\u007f\\t\\r")}');
  });

  it("writes a token as a bare reference", () => {
    expect(rendered(hcl`upper(${reference()})`)).toBe("${upper(var.x)}");
  });

  it("writes a token within a text as an interpolation", () => {
    expect(rendered(hcl`upper(${`a-${reference()}-b`})`)).toBe('${upper("a-${var.x}-b")}');
  });

  it("writes numbers, booleans, null, lists and maps", () => {
    expect(rendered(hcl`[${1}, ${true}, ${null}, ${undefined}, ${["a", 2]}, ${{ k: "v" }}, ${{}}]`)).toBe(
      '${[1, true, null, null, ["a", 2], { "k" = "v" }, {}]}',
    );
  });

  it("writes number, list and map tokens as references", () => {
    const [count, list, map] = [hcl`var.n`.number, hcl`var.l`.list, hcl`var.m`.map];
    expect(rendered(hcl`f(${count}, ${list}, ${map})`)).toBe("${f(var.n, var.l, var.m)}");
  });

  it("nests expressions without further braces", () => {
    expect(rendered(hcl`one(${hcl`sort(${reference()})`})`)).toBe("${one(sort(var.x))}");
  });

  it("is a token as a string, a number, a list and a map", () => {
    const expression = hcl`var.x`;
    const forms = [expression.string, `${expression}`, expression.number, expression.list, expression.map];
    expect(forms.map((form) => Token.isUnresolved(form))).toEqual([true, true, true, true, true]);
  });

  it("shows that it is unresolved in JSON that is written before synthesis", () => {
    expect(JSON.stringify({ a: hcl`var.x` })).toBe('{"a":"<unresolved-expression>"}');
  });
});
