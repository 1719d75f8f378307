import { TerraformOutput, Token } from "cdktf";
import { hcl } from "../../src";
import { at, emptyStack, synthesized } from "../support/synthesized";

/** How a value is written into the JSON. */
function written(value: unknown): unknown {
  const stack = emptyStack();
  new TerraformOutput(stack, "value", { value, staticId: true });
  return at(synthesized(stack), "output", "value", "value");
}

/** A reference as CDKTF makes them. */
const reference = () => hcl`var.x`.string;

describe("hcl", () => {
  it("writes the author's text as it is, within one pair of braces", () => {
    expect(written(hcl`length(var.x) > 0`)).toBe("${length(var.x) > 0}");
  });

  it("quotes and escapes a plain text", () => {
    expect(written(hcl`upper(${'a "b" \\ \n ${c} %{d}'})`)).toBe('${upper("a \\"b\\" \\\\ \\n $${c} %%{d}")}');
  });

  it("writes control characters as escapes", () => {
    expect(written(hcl`upper(${"\u0001\u007f\t\r"})`)).toBe('${upper("\\u0001\\u007f\\t\\r")}');
  });

  it("writes a token as a bare reference", () => {
    expect(written(hcl`upper(${reference()})`)).toBe("${upper(var.x)}");
  });

  it("writes a token within a text as an interpolation", () => {
    expect(written(hcl`upper(${`a-${reference()}-b`})`)).toBe('${upper("a-${var.x}-b")}');
  });

  it("writes numbers, booleans, null, lists and maps", () => {
    expect(written(hcl`[${1}, ${true}, ${null}, ${undefined}, ${["a", 2]}, ${{ k: "v" }}, ${{}}]`)).toBe(
      '${[1, true, null, null, ["a", 2], { "k" = "v" }, {}]}',
    );
  });

  it("writes number, list and map tokens as references", () => {
    const [count, list, map] = [hcl`var.n`.number, hcl`var.l`.list, hcl`var.m`.map];
    expect(written(hcl`f(${count}, ${list}, ${map})`)).toBe("${f(var.n, var.l, var.m)}");
  });

  it("nests expressions without further braces", () => {
    expect(written(hcl`one(${hcl`sort(${reference()})`})`)).toBe("${one(sort(var.x))}");
  });

  it("is a token wherever an argument wants a string, a number, a list or a map", () => {
    const expression = hcl`var.x`;
    const forms = [expression.string, `${expression}`, expression.number, expression.list, expression.map];
    expect(forms.map((form) => Token.isUnresolved(form))).toEqual([true, true, true, true, true]);
  });

  it("says what it is where it is written as JSON before synthesis", () => {
    expect(JSON.stringify({ a: hcl`var.x` })).toBe('{"a":"<unresolved-expression>"}');
  });
});
