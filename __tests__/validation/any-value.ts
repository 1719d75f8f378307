import { type IResolvable, Lazy, TerraformStack, Testing, Token } from "cdktf";
import { Secret } from "../../src/iam/secret";
import { hcl } from "../../src/terraform/expression";
import { fc } from "../support/seeded";

const resolvable = (): IResolvable => ({ resolve: () => "x", toString: () => "x", creationStack: [] });

/** A token that TypeScript takes for a string, a number, a list or a map, or for `any`. */
export const tokens = {
  string: fc.constantFrom(Token.asString(resolvable()), hcl`var.a`.string, Lazy.stringValue({ produce: () => "x" })),
  text: fc.constantFrom(`a-${Token.asString(resolvable())}`, `${hcl`var.a`}/${hcl`var.b`}`),
  number: fc.constantFrom(Token.asNumber(resolvable()), hcl`var.a`.number),
  list: fc.constantFrom(Token.asList(resolvable()), hcl`var.a`.list),
  numbers: fc.constant(Token.asNumberList(resolvable())),
  map: fc.constantFrom(Token.asStringMap(resolvable()), hcl`var.a`.map, Token.asAnyMap(resolvable())),
  any: fc.constantFrom(resolvable(), hcl`var.a`, Token.asAny({ a: 1 }), Token.nullValue()),
};
export const anyToken = fc.oneof(...Object.values(tokens));

class WithThrowingName {}
Object.defineProperty(WithThrowingName.prototype, "constructor", {
  get: () => {
    throw new Error("no constructor");
  },
});
const cycle: Record<string, unknown> = { name: "cycle" };
cycle.self = cycle;
const list: unknown[] = [];
list.push(list, { list });
const stack = new TerraformStack(Testing.app(), "stack");

/** Values that code forgets about. */
const hostile = fc.constantFrom<unknown>(
  cycle,
  list,
  stack,
  Secret,
  Secret.fromSsmParameter("/prod/password"),
  new WithThrowingName(),
  new Proxy({}, { ownKeys: () => ["a", 5 as never] }),
  {
    get healthCheck(): never {
      throw new Error("no health check");
    },
  },
  { toJSON: () => cycle, toString: null },
  { resolve: 5 },
  { constructor: null, hasOwnProperty: 5 },
  JSON.parse('{ "__proto__": { "polluted": true }, "constructor": 1, "toString": 2 }'),
  Object.create(null),
  Object.create({ inherited: 1 }),
  Object.freeze({ cpu: 5 }),
  () => 5,
  class Foo {},
  Promise.resolve(5),
  new Map([[1, 2]]),
  new Date(Number.NaN),
  /x/,
  new Error("x"),
  Symbol("x"),
  10n,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  null,
  undefined,
  globalThis,
  new Uint8Array(100_000),
  "x".repeat(100_000),
  "-----BEGIN OPENSSH PRIVATE KEY-----",
  "${TfToken[TOKEN.99999]}",
  "{TfToken[",
  "${aws_instance.x.id}%{ if true }",
  "\u0000\ud800",
  ["#{TfToken[TOKEN.99999]}"],
  { "&{TfToken[TOKEN.99999]}": 1 },
  // biome-ignore lint/suspicious/noSparseArray: a list with a hole is one of the values
  [undefined, null, , 5],
);

/** Values of any type at all. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: hostile, weight: 3 },
  { arbitrary: anyToken, weight: 1 },
  {
    arbitrary: fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    }),
    weight: 2,
  },
);

/** Settings under the given names, some of them, with values of any type, and nested ones too. */
export const anySettings = (names: readonly string[]): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      anyValue,
      fc.array(tie("value"), { maxLength: 4 }),
      tie("settings"),
    ),
    settings: fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), tie("value"), { maxKeys: 8 }),
  })).settings;

/** Names in a map, some of which only Terraform knows. */
const anyName = fc.oneof(fc.constantFrom("a", "main"), fc.string(), tokens.string, tokens.text);

/** What {@link anyFor} reads of a field. */
export interface AnyField {
  readonly facts: { readonly shape?: Readonly<Record<string, AnyField>>; readonly inner?: readonly AnyField[] };
}

/** Values for a field: of any type, and with inner settings of any type. */
export function anyFor({ facts: { shape = {}, inner = [] } }: AnyField): fc.Arbitrary<unknown> {
  const settings = Object.entries(shape).map(([name, field]) => fc.record({ [name]: anyFor(field) }));
  const elements = inner.flatMap((field) => [
    anyFor(field),
    fc.array(anyFor(field), { maxLength: 2 }),
    fc.dictionary(anyName, anyFor(field), { maxKeys: 2 }),
  ]);
  return fc.oneof(
    { arbitrary: anyValue, weight: 1 },
    ...(settings.length > 0 ? [{ arbitrary: fc.oneof(...settings), weight: 2 }] : []),
    ...(elements.length > 0 ? [{ arbitrary: fc.oneof(...elements), weight: 1 }] : []),
  );
}

const revoked = Proxy.revocable({}, {});
revoked.revoke();

/** Values that throw when they are read. fast-check cannot carry them. */
export const throwing: readonly unknown[] = [
  revoked.proxy,
  new Proxy({}, { get: () => fail(), has: () => fail(), ownKeys: () => fail(), getPrototypeOf: () => fail() }),
  Object.defineProperty({}, "cpu", { enumerable: true, get: () => fail() }),
  Object.defineProperty([], 0, { get: () => fail() }),
];

function fail(): never {
  throw new TypeError("read");
}
