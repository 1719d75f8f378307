import { DataAwsInstance } from "@cdktf/provider-aws/lib/data-aws-instance";
import { Fn, Lazy, Token, Tokenization } from "cdktf";
import { hcl } from "../../src/terraform/expression";
import { resolvedIn } from "../../src/terraform/resolved";
import { fc } from "../support/seeded";
import { emptyStack, resolved } from "../support/synthesized";

const stack = emptyStack();
const instance = new DataAwsInstance(stack, "instance", { instanceId: "i-0" });
const NUMBER = Token.asNumber(instance.interpolationForAttribute("cpu_core_count"));
const MAP = Token.asStringMap(instance.interpolationForAttribute("tags"));

/** Whatever a resource may hand on, a token in each form that CDKTF gives one. */
const values = fc.letrec((tie) => ({
  text: fc.oneof(
    fc.string(),
    fc.constantFrom(instance.arn, `a-${instance.arn}-${instance.id}`, `${NUMBER}`, "1e5 and -1.5e+300", "${a} } %{b}"),
    fc.constantFrom(
      Fn.lower(instance.arn),
      Lazy.stringValue({ produce: () => instance.id }),
      hcl`1 + ${NUMBER}`.string,
    ),
  ),
  list: fc.oneof(
    fc.array(tie("value"), { maxLength: 4 }),
    fc.constantFrom(instance.securityGroups, hcl`[]`.list, Token.asNumberList({ resolve: () => [1] })),
  ),
  map: fc.oneof(
    fc.dictionary(tie("text") as fc.Arbitrary<string>, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    fc.constantFrom(MAP, { [instance.arn]: MAP }),
  ),
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(undefined, null, true, NUMBER, 0, -1.5, 2 ** 60, hcl`null`, { resolve: () => "made" }),
      fc.integer(),
      tie("text"),
    ),
    tie("list"),
    tie("map"),
  ),
})).value;

describe("a value in a stack's scope", () => {
  it("is what CDKTF makes of it", () => {
    let tokens = 0;
    fc.assert(
      fc.property(values, (value) => {
        const written = resolved(stack, value);
        expect(resolvedIn(stack, value)).toEqual(written);
        if (JSON.stringify(written)?.includes("data.aws_instance")) tokens++;
      }),
      { numRuns: 500 },
    );
    expect(tokens).toBeGreaterThan(50);
  });

  it("leaves out what is undefined, in lists and maps", () => {
    expect(resolvedIn(stack, { a: [1, undefined, { b: undefined }], c: undefined })).toEqual({ a: [1, {}] });
    expect(Object.keys(resolvedIn(stack, { a: undefined }) as object)).toEqual([]);
  });

  it("is not asked of CDKTF where it holds no token, and once where it does", () => {
    const asked = jest.spyOn(Tokenization, "resolve");
    resolvedIn(stack, { name: "web", ports: [80, 443], tags: { a: "b" }, on: true, none: null });
    expect(asked).not.toHaveBeenCalled();
    const { id } = instance;
    resolvedIn(stack, { name: "web", id, ids: [id, { id }, "x"] });
    expect(asked.mock.calls.map(([value]) => value)).toEqual([id]);
    asked.mockRestore();
  });

  it("is refused as CDKTF refuses it", () => {
    for (const value of [{ a: () => 1 }, { a: instance }, instance.securityGroups[0]]) {
      expect(() => resolvedIn(stack, value)).toThrow(messageOf(() => resolved(stack, value)));
    }
  });
});

/** The first words, without the place in the value, which CDKTF tells from where it was asked. */
function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message.split(/[:/"]/)[0] as string;
  }
  throw new Error("Nothing was thrown.");
}
