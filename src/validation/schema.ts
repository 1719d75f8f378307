import { type Key, type Names, Place } from "./place";
import type { Problem } from "./problem";
import {
  acrossVariables,
  type Known,
  known,
  type Limit,
  rulesAmong,
  type SettingsRule,
  type Values,
} from "./settings-rule";
import { show } from "./show";
import { isPlainObject, isRegistered, isSpreadToken, isToken, type Kind, plainPart, tokenAs } from "./token";

/* ---- Fields: the type, the limits and the default of one setting. ---- */

/** What messages, docs and Terraform variables say about a field. */
interface Facts {
  /** The type as messages name it: `a string`. */
  readonly type: string;
  /** How to write a value of the type: a whole sentence. */
  readonly fix: string;
  /** The type in Terraform. A token is converted to it. @default - a token stays as it is */
  readonly kind?: Kind;
  readonly limits?: readonly Limit<never>[];
  readonly isOptional?: boolean;
  readonly isNullable?: boolean;
  readonly fallback?: unknown;
  readonly isPlain?: boolean;
  readonly isSensitive?: boolean;
  /** The description of the Terraform variable that has the setting as its default. */
  readonly description?: string;
  /** A reference to a resource replaces the variable. */
  readonly isReferable?: boolean;
  /** An object of {@link deferReads} is not asked for the attribute. */
  readonly isDeferred?: boolean;
  /** The limits of each element of a list, or of each name in a map. */
  readonly eachLimits?: readonly Limit<never>[];
  /** The fields of an object of settings. */
  readonly shape?: Names;
  /** The field of the elements of a list or of the values of a map, or the alternatives of a union. */
  readonly inner?: readonly Schema[];
}

/** One setting. A caller writes `In`; a construct reads `Out`. */
export class Field<In, Out = In> {
  /** Never set. It makes the compiler compare `In` with the interface in both directions. */
  declare readonly accepts: (value: In) => In;

  constructor(
    readonly facts: Facts,
    /** Returns true when a plain value has the type. */
    readonly is: (value: unknown) => boolean,
    /** Reads the values inside a list, a map or an object. The names in a map of plain values are plain too. */
    private readonly inside: (value: never, place: Place, isPlain: boolean) => unknown = (value) => value,
  ) {}

  /** The setting can be omitted and has no default. */
  optional(): Field<In | undefined, Out | undefined> {
    return this.with({ isOptional: true });
  }

  /** The setting can be omitted. @param fallback is read like a caller's value: `{}` gets the defaults inside it */
  default(fallback: In): Field<In | undefined, Out> {
    return this.with({ isOptional: true, fallback });
  }

  /** The setting can be null, which its limits do not see. */
  nullable(): Field<In | null, Out | null> {
    return this.with({ isNullable: true });
  }

  /** Returns a copy of the field with other facts. */
  with<I = In, O = Out>(facts: Partial<Facts>): Field<I, O> {
    return new Field<I, O>({ ...this.facts, ...facts }, this.is, this.inside);
  }

  /** Reads a value and fills in its defaults. Reports each problem; a value with a problem becomes undefined. */
  read(value: unknown, parent: Place, key?: Key): Out | undefined {
    const { type, fix, limits = [], isOptional, isNullable, isPlain = false, fallback } = this.facts;
    if (value === undefined && isOptional) return fallback === undefined ? undefined : this.read(fallback, parent, key);
    const place = parent.at(key, this.facts.isSensitive);
    if (value === null && isNullable) return null as Out;
    if (isToken(value)) return this.readToken(value, place);
    if (!this.is(value)) return place.report(`be ${type}`, show(value), isNothing(value) ? "Set it." : fix);
    const before = place.problems.length;
    const read = this.inside(value as never, place, isPlain || this.isLiteral) as Out;
    const plain = plainPart(value);
    // What is right inside it is still compared with other settings.
    if (place.problems.length > before) return read;
    // A variable's default is literal text: Terraform does not evaluate what is inside a list or a map either.
    if (this.isLiteral && plain !== value) return place.report(KNOWN, "a token inside", LITERAL);
    if (plain === undefined) return read;
    for (const { must, fix, check, reads, offending } of limits as readonly Limit<unknown>[]) {
      if (!reads && !check(plain, {})) place.report(must, show(offending?.of(plain, {}) ?? plain), fix);
    }
    return place.problems.length > before ? undefined : read;
  }

  /** Reads a value that only Terraform knows, in the form of the field's type. */
  readToken(token: unknown, place: Place): Out | undefined {
    const { type, fix, kind, isPlain } = this.facts;
    if (isPlain || this.isLiteral) return place.report(KNOWN, show(token), this.isLiteral ? LITERAL : NO_TOKEN);
    if (!isRegistered(token)) return place.report("contain only tokens of this app", "another token", NO_TOKEN);
    const converted = kind === undefined ? token : tokenAs(kind, token);
    if (converted !== undefined) return converted as Out;
    // A token of a list is one text among the others, and a token of a map one name.
    const isOfList = typeof token === "string" && token.includes("#{TfToken[");
    return place.report(`be ${type}`, show(token), isOfList ? CONCAT : isPlainObject(token) ? MERGE : fix);
  }

  /** Whether the value is the default of a Terraform variable, which is literal text. */
  private get isLiteral(): boolean {
    return this.facts.description !== undefined && !this.facts.isReferable;
  }
}

const KNOWN = "be known when the code runs";
const NO_TOKEN = "Write the value itself instead of a token.";
const LITERAL =
  "It is the default of a Terraform variable, which cannot refer to anything. Write the value itself, or give it at plan.";
const isNothing = (value: unknown) => value === undefined || value === null;

/** A text. */
export const string = (...limits: Limit<string>[]) =>
  new Field<string>(
    { type: "a string", fix: "Write it in quotes.", kind: "string", limits },
    (value) => typeof value === "string",
  );
/** A finite number. */
export const number = (...limits: Limit<number>[]) =>
  new Field<number>({ type: "a number", fix: "Write it without quotes.", kind: "number", limits }, Number.isFinite);
/** True or false. Use `plain(boolean())` when the code itself reads the value. */
export const boolean = () =>
  new Field<boolean>(
    { type: "true or false", fix: "Write it without quotes.", kind: "boolean" },
    (value) => typeof value === "boolean",
  );
/** One of the given values. */
export const choice = <const T extends readonly (string | number | boolean)[]>(...values: T) => {
  const type = `${values.length === 1 ? "" : "one of "}${values.map(show).join(", ")}`;
  const kind = typeof values[0] as Kind;
  return new Field<T[number]>({ type, fix: "Choose one of these.", kind }, (value) =>
    values.includes(value as T[number]),
  );
};
/** A value that only TypeScript describes, such as an instance of a class. @param type `a Secret` @param fix how to get one */
export const custom = <T>(type: string, fix: string, is: (value: unknown) => boolean, ...limits: Limit<T>[]) =>
  new Field<T>({ type, fix, limits, isPlain: true }, is);

/** A list. @param limits the limits of the list as a whole */
export const list = <In, Out>(element: Field<In, Out>, ...limits: Limit<readonly Out[]>[]) =>
  new Field<readonly In[], readonly Out[]>(
    {
      type: "a list",
      fix: "Write it in brackets: [first, second].",
      kind: "list",
      limits,
      isPlain: element.facts.isPlain,
      eachLimits: element.facts.limits,
      inner: [element],
    },
    Array.isArray,
    // `Array.from` also visits the holes of a sparse list.
    (values: readonly unknown[], place) => Array.from(values, (value, index) => element.read(value, place, index)),
  );

const BRACES = "Write it in braces: { name: value }.";
const CONCAT = "Use Fn.concat([token, [value]]) in place of [...token, value].";
const MERGE = "Use Fn.merge([token, { name: value }]) in place of { ...token, name: value }.";

/** Values by names that the caller chooses. */
export function map<In, Out>(
  value: Field<In, Out>,
  {
    names = [],
    limits = [],
  }: { readonly names?: readonly Limit<string>[]; readonly limits?: readonly Limit<never>[] } = {},
) {
  const [name, plainName] = [string(...names), plain(string(...names))];
  return new Field<Readonly<Record<string, In>>, Readonly<Record<string, Out>>>(
    {
      type: "a map",
      fix: BRACES,
      kind: "map",
      isPlain: value.facts.isPlain,
      limits,
      eachLimits: names,
      inner: [value],
    },
    isPlainObject,
    (values: Values, place, isPlain) => {
      if (isSpreadToken(values)) return place.report("be a map", "{ ...token }", MERGE);
      // The names of constructs decide addresses. A name beside an object of another kind is only rendered.
      const isKnown = isPlain && (!value.facts.isPlain || value.facts.shape !== undefined);
      for (const key of Object.keys(values)) (isKnown ? plainName : name).read(key, place, key);
      return Object.fromEntries(Object.entries(values).map(([key, one]) => [key, value.read(one, place, key)]));
    },
  );
}

/** One of several types. The first one that the value has decides. */
export function anyOf<const F extends readonly Schema[]>(...fields: F): Field<Accepted<F[number]>, Parsed<F[number]>> {
  const withToken = fields.find(({ facts }) => !facts.isPlain);
  const facts = {
    type: fields.map(({ facts }) => facts.type).join(" or "),
    fix: fields.at(-1)?.facts.fix ?? "",
    isPlain: withToken === undefined,
    kind: withToken?.facts.kind,
    inner: fields,
    shape: fields.find(({ facts }) => facts.shape)?.facts.shape,
  };
  return new Field(
    facts,
    (value) => fields.some(({ is }) => is(value)),
    (value, place) => fields.find(({ is }) => is(value))?.read(value, place),
  );
}

/** The code itself reads the value, for example to decide which resources exist. It cannot be a token. */
export const plain = <In, Out>(field: Field<In, Out>) => field.with({ isPlain: true });
/** No message shows the value. */
export const sensitive = <In, Out>(field: Field<In, Out>) => field.with({ isSensitive: true });
/** The setting is the default of a Terraform variable. It cannot be a token. @param description the variable's description */
export const variable = <In, Out>(field: Field<In, Out>, description: string) => field.with({ description });
/** A reference to a resource of the app replaces the variable. For ARNs and ids that no `for_each` uses. */
export const referable = <In, Out>(field: Field<In, Out>) => field.with({ isReferable: true });
/** Settings whose own defaults apply when the caller sets none of them. */
export const withDefaults = <In, Out>(field: Field<In, Out>) => field.default({} as In);
/** An attribute that some objects create or look up when it is read, see {@link deferReads}. */
export const deferred = <In, Out>(field: Field<In, Out>) => field.with({ isDeferred: true });
/** Names that a reader may expect from AWS and that an interface does not offer. Each is reported with the reason. */
export const unavailable = (names: readonly string[], reason: string): object =>
  Object.fromEntries(names.map((name) => [name, custom("left out", reason, () => false).optional()]));

/* ---- Settings: an object of fields, and the rules between them. ---- */

// biome-ignore lint/suspicious/noExplicitAny: fields are invariant, so that no other type fits each of them
export type Schema = Field<any, unknown>;
/** What a caller writes. */
export type Accepted<S extends Schema> = S extends Field<infer In, unknown> ? In : never;
/** What a construct reads: the settings with their defaults. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type Parsed<S extends Schema> = S extends Field<any, infer Out> ? Out : never;

/** The schema of an interface. The schema of a larger interface takes over its shape and its rules. */
export type SettingsSchema<T, S> = Field<T, { readonly [K in keyof S]: S[K] extends Schema ? Parsed<S[K]> : never }> & {
  readonly shape: S;
  readonly rules: readonly SettingsRule<T>[];
};

/** One field for each key of T, of exactly the key's type. */
type Fields<T> = { readonly [K in keyof T]-?: Field<T[K], unknown> };
/** A key that T does not have does not compile. */
type NoOther<T, S> = { readonly [K in Exclude<keyof S, keyof T>]: never };

/**
 * The schema of an interface: `schemaOf<HealthCheck>()({ path: string().default("/"), … }, …rulesBetweenSettings)`.
 * The first call names the interface, because TypeScript infers all type arguments of a call or none.
 */
export const schemaOf =
  <T extends object>() =>
  <S extends Fields<T>>(shape: S & NoOther<T, S>, ...rules: readonly SettingsRule<T>[]): SettingsSchema<T, S> =>
    Object.assign(settings(shape as never, rules as never) as never, { shape: shape as S, rules });

function settings(shape: Readonly<Record<string, Schema>>, between: readonly SettingsRule<Values>[]): Schema {
  const fields = Object.entries(shape);
  const rules = [
    ...between,
    ...acrossVariables(Object.fromEntries(fields.map(([name, { facts }]) => [name, facts.limits ?? []]))),
  ];
  const facts = { type: "an object", fix: BRACES, isPlain: true, shape };
  return new Field<Values, Values>(facts, isPlainObject, (values: Values, place) => {
    place.names = shape;
    const read: Record<string, unknown> = {};
    for (const [name, field] of fields) {
      read[name] = field.read(values[name], place, name);
      // An environment variable that is not set must not silently deploy with the default.
      if (field.facts.description !== undefined && Object.hasOwn(values, name) && values[name] === undefined) {
        place
          .at(name)
          .report("be set", "undefined", "Remove it for the default, or set the variable that it comes from.");
      }
    }
    for (const name of Object.keys(values)) if (!Object.hasOwn(shape, name)) place.reportUnknown(name);
    const given = (...path: readonly Key[]) => valueAt(values, path) !== undefined;
    const seen = rules.length > 0 ? (known(read) as Values) : {};
    for (const { at, must, fix, received } of rules.flatMap((rule) => [...rule(seen, given)])) {
      const [name, ...below] = [at].flat() as [string, ...Key[]];
      // What the caller wrote, without the defaults inside it.
      const own = received ?? valueAt(values, [name, ...below]);
      const value = own ?? valueAt(read[name], below);
      const isDefault = own === undefined && value !== undefined;
      const hidden = isHidden(shape, [name, ...below]);
      const wrong = below.reduce((inner, key) => inner.at(key), place.at(name, hidden));
      wrong.report(must, isDefault ? `the default, ${show(value)}` : show(value), fix);
    }
    return read;
  });
}

/**
 * Returns what rules between settings find in settings that no schema reads as a whole.
 * @param settings the settings with their defaults @param own the settings as the caller wrote them
 */
export function problemsBetween<T>(rules: readonly SettingsRule<T>[], settings: T, own: T): Problem[] {
  const problems: Problem[] = [];
  const given = (...path: readonly Key[]) => valueAt(own, path) !== undefined;
  for (const { at, must, fix, received } of rules.flatMap((rule) => [...rule(known(settings) as Known<T>, given)])) {
    const path = [at].flat();
    const place = path.reduce<Place>((outer, key) => outer.at(key), new Place(problems));
    place.report(must, show(received ?? valueAt(own, path)), fix);
  }
  return problems;
}

/** Returns true when a field on the way to a value is sensitive. */
function isHidden(names: Names | undefined, [key = "", ...below]: readonly Key[]): boolean {
  const facts = names?.[key]?.facts;
  return facts !== undefined && (facts.isSensitive === true || isHidden(facts.shape, below));
}

/** Returns the value at a path of keys, or undefined. */
const valueAt = (value: unknown, path: readonly Key[]): unknown =>
  path.reduce((inner, key) => (inner as Values | null | undefined)?.[key], value);

const DEFERRING = new WeakSet<object>();
/** Lets an object create the resources and data sources behind its deferred attributes only when a construct needs them. */
export const deferReads = (object: object): void => {
  DEFERRING.add(object);
};

/**
 * An object that only has to have the given attributes, such as a construct, an `IFoo` or an object literal. The construct
 * reads the object itself: `interfaceOf<EcsClusterTarget>("a cluster", "Use …")({ region: string(), … })`. It reads a copy of
 * an object literal only when a token in it must be converted to the type of its attribute.
 *
 * @param type `a cluster`, as messages name it
 * @param fix how to get one: a whole sentence
 * @param isOther returns true for an object that has attributes of the type, and that is something else
 */
export const interfaceOf =
  <T extends object>(type: string, fix: string, isOther: (value: Values) => boolean = () => false) =>
  // Every class has `toString`, which a shape inherits too.
  (shape: { readonly [K in Exclude<keyof T, "toString">]?: Field<T[K], unknown> }): Field<T> => {
    const fields = Object.entries(shape) as [string, Schema][];
    const required = fields.filter(([, { facts }]) => !facts.isOptional);
    const has = (value: unknown, name: string) => (value as Values)[name] !== undefined;
    // A construct does not change: 1,000 services check their cluster once.
    const checked = new WeakSet<object>();
    return new Field<T>(
      { type, fix, isPlain: true },
      (value) =>
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        !isOther(value as Values) &&
        required.some(([name]) => has(value, name)),
      (value: Values, place) => {
        if (checked.has(value)) return value;
        const before = place.problems.length;
        const read = fields
          .filter(([, { facts }]) => !facts.isDeferred || !DEFERRING.has(value))
          .map(([name, field]) => [name, field.read(value[name], place, name)] as const);
        // Rules between settings would read what is wrong in it.
        if (place.problems.length > before) return undefined;
        if (!isPlainObject(value)) checked.add(value);
        const converted = read.filter(([name, one]) => isConverted(value[name], one));
        // Otherwise the object itself: other objects of the app compare it.
        return isPlainObject(value) && converted.length > 0 ? { ...value, ...Object.fromEntries(converted) } : value;
      },
    );
  };

/** An object of which a construct reads one attribute, such as a resource by its ARN. It becomes the attribute's value. */
export const attributeOf = <T extends object, K extends keyof T & string>(object: Field<T>, name: K) =>
  new Field<T, T[K]>(object.facts, object.is, (value: T, place) => object.read(value, place)?.[name]);

/** Returns true when a token in a value became a token of another type. */
function isConverted(value: unknown, read: unknown): boolean {
  if (read === undefined || isToken(value)) return read !== undefined && read !== value;
  if (Array.isArray(value)) return value.some((element, index) => isConverted(element, (read as unknown[])[index]));
  return isPlainObject(value) && read !== value;
}

/** The fields of a shape without their defaults, for settings that another object's settings complete. */
export type WithoutDefaults<S> = {
  readonly [K in keyof S]: S[K] extends Field<infer In, infer Out> ? Field<In | undefined, Out | undefined> : never;
};

/** Returns the fields of a shape without their defaults: each is optional. */
export const withoutDefaults = <S extends object>(shape: S) =>
  Object.fromEntries(
    Object.entries(shape).map(([name, field]: [string, Schema]) => [
      name,
      field.with({ isOptional: true, fallback: undefined }),
    ]),
  ) as WithoutDefaults<S>;

/** Returns the part of larger settings that a schema has, as the caller gave it, to pass on to an inner construct. */
export const partOf = <T extends object, S>({ shape }: { readonly shape: S }, settings: T) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => Object.hasOwn(shape as object, name))) as {
    readonly [K in keyof S & keyof T]: T[K];
  };

/* ---- Docs and variables ---- */

/** What docs tables say about a field. */
export interface Description {
  readonly isOptional: boolean;
  readonly fallback?: unknown;
  /** Each completes the sentence "It must …". */
  readonly limits: readonly string[];
}

/** Returns the rules of a variable that has the setting as its default. */
export const rulesOf = (field: Schema) => rulesAmong(field.facts.limits);

/** Returns what docs tables say about a field. */
export function describe(field: Schema): Description {
  const { isOptional = false, isPlain = false, limits = [], eachLimits = [] } = field.facts;
  const own = limits.map(({ must }) => must);
  const inside = eachLimits.map(({ must }) => `${must} (each)`);
  const tokens = isPlain ? [KNOWN] : [];
  const fallback = isOptional ? field.read(undefined, new Place([])) : undefined;
  return { isOptional, fallback, limits: [...own, ...inside, ...tokens] };
}
