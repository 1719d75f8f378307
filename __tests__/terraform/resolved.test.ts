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

/** Values of every type that an argument can have, with tokens in every form that CDKTF has. */
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

describe("resolvedIn", () => {
  it("returns the same as CDKTF", () => {
    let tokens = 0;
    fc.assert(
      fc.property(values, (value) => {
        const byCdktf = resolved(stack, value);
        expect(resolvedIn(stack, value)).toEqual(byCdktf);
        if (JSON.stringify(byCdktf)?.includes("data.aws_instance")) tokens++;
      }),
      { numRuns: 500 },
    );
    expect(tokens).toBeGreaterThan(50);
  });

  it("leaves out undefined values in lists and maps", () => {
    expect(resolvedIn(stack, { a: [1, undefined, { b: undefined }], c: undefined })).toEqual({ a: [1, {}] });
    expect(Object.keys(resolvedIn(stack, { a: undefined }) as object)).toEqual([]);
  });

  it("calls CDKTF only for values with a token, and once for each text", () => {
    const resolve = jest.spyOn(Tokenization, "resolve");
    resolvedIn(stack, { name: "web", ports: [80, 443], tags: { a: "b" }, on: true, none: null });
    expect(resolve).not.toHaveBeenCalled();
    const { id } = instance;
    resolvedIn(stack, { name: "web", id, ids: [id, { id }, "x"] });
    expect(resolve.mock.calls.map(([value]) => value)).toEqual([id]);
    resolve.mockRestore();
  });

  it("throws the same errors as CDKTF", () => {
    for (const value of [{ a: () => 1 }, { a: instance }, instance.securityGroups[0]]) {
      expect(() => resolvedIn(stack, value)).toThrow(messageOf(() => resolved(stack, value)));
    }
  });
});

/** Returns the start of an error's message, without the path: CDKTF's path starts at the value that it resolves. */
function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message.split(/[:/"]/)[0] as string;
  }
  throw new Error("Nothing was thrown.");
}
