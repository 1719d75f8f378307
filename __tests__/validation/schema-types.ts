// The compiler runs this test: each line below @ts-expect-error must not compile, and all others must.
import {
  boolean,
  choice,
  list,
  map,
  number,
  type Parsed,
  schemaOf,
  string,
  withDefaults,
} from "../../src/validation/schema";

interface Inner {
  readonly flag?: boolean;
}
interface Outer {
  readonly name: string;
  readonly count?: number;
  readonly words?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly mode?: "a" | "b";
  readonly inner?: Inner;
}

const inner = schemaOf<Inner>()({ flag: boolean().optional() });
const outer = schemaOf<Outer>()({
  name: string(),
  count: number().default(3),
  words: list(string()).optional(),
  tags: map(string()).optional(),
  mode: choice("a", "b").default("a"),
  inner: withDefaults(inner),
});

/** What a construct reads has the defaults: `count`, `mode` and `inner` are set. */
export const sum = ({ name, count, mode, inner: { flag = false } }: Parsed<typeof outer>): string =>
  `${name.length + count.toFixed().length}${mode}${flag}`;

export const wrong = [
  // @ts-expect-error `name` is missing
  schemaOf<Outer>()({
    count: number().optional(),
    words: list(string()).optional(),
    tags: map(string()).optional(),
    mode: choice("a", "b").optional(),
    inner: inner.optional(),
  }),
  // @ts-expect-error `other` is no key of the interface
  schemaOf<Inner>()({ flag: boolean().optional(), other: boolean() }),
  // @ts-expect-error a string is no boolean
  schemaOf<Inner>()({ flag: string().optional() }),
  // @ts-expect-error `flag` is optional in the interface
  schemaOf<Inner>()({ flag: boolean() }),
  // @ts-expect-error `name` is required in the interface
  schemaOf<Outer>()({ ...outer.shape, name: string().optional() }),
  // @ts-expect-error the interface has "b" too
  schemaOf<Outer>()({ ...outer.shape, mode: choice("a").optional() }),
  // @ts-expect-error the interface has no "c"
  schemaOf<Outer>()({ ...outer.shape, mode: choice("a", "b", "c").optional() }),
  // @ts-expect-error a default of another type
  schemaOf<Outer>()({ ...outer.shape, count: number().default("3") }),
];

schemaOf<Inner>()({ flag: boolean().optional() }, function* ({ flag }) {
  // @ts-expect-error a rule that does not expect a token: `flag` may be undefined
  if (flag.valueOf()) yield { at: "flag", must: "be false", fix: "Remove it." };
});

// @ts-expect-error a finding at a setting that does not exist
schemaOf<Inner>()({ flag: boolean().optional() }, function* ({ flag }) {
  if (flag) yield { at: "other", must: "be false", fix: "Remove it." };
});
