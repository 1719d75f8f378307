import { cidr, noHostBits } from "../network/cidr-rules";
import { literal } from "../terraform/expression";
import { distinctElements, length, matches, matchesNot } from "../validation/rule";
import { type Field, list, map, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { show } from "../validation/show";
import { covers, shown, textOf } from "./condition-values";

/** A part of the query string of a request: `?version=2`. Upper and lower case are the same. */
export interface QueryString {
  /** The key, with the wildcards `*` and `?`. @default - any key */
  readonly key?: string;
  /** The value, with the wildcards `*` and `?`. */
  readonly value: string;
}

/**
 * The requests that a listener rule matches: those that satisfy each condition. A request satisfies a condition with one of
 * its values.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export interface RuleConditions {
  /** Path patterns, with the wildcards `*` and `?`: `/api/users*`. @default - any path */
  readonly paths?: readonly string[];
  /** Host patterns, with the wildcards `*` and `?`: `api.example.com`, `*.example.com`. @default - any host */
  readonly hosts?: readonly string[];
  /**
   * Patterns for headers, by name: `{ "X-Version": ["2", "beta*"] }`. Each header is a condition. Upper and lower case are the same.
   * @default - any headers
   */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  /** HTTP methods: `GET`. A route for `GET` does not match `HEAD`. @default - any method */
  readonly methods?: readonly string[];
  /** Parts of the query string: `{ key: "version", value: "2" }`. @default - any query string */
  readonly queryStrings?: readonly QueryString[];
  /**
   * Networks of clients in CIDR notation: `203.0.113.0/24`. Behind a proxy such as CloudFront, the client is the proxy.
   * @default - any client
   */
  readonly sourceIps?: readonly string[];
  /**
   * Regular expressions for paths, in place of `paths`: `^/v[0-9]+/`. A rule with regular expressions requires `priority`,
   * and is not compared with other rules.
   * @default - none
   */
  readonly pathRegexes?: readonly string[];
  /** Regular expressions for hosts, in place of `hosts`. @default - none */
  readonly hostRegexes?: readonly string[];
  /** Regular expressions for headers, by name. @default - none */
  readonly headerRegexes?: Readonly<Record<string, readonly string[]>>;
}

/** The largest number of values, and of wildcards, of one rule. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
export const MOST_VALUES = 5;
export const MOST_WILDCARDS = 5;

const pathPattern = string(
  matches(
    "^[/*?][A-Za-z0-9_.$/~\"'@:+&*?-]{0,127}$",
    "be a path pattern of at most 128 characters that begins with / or a wildcard",
    'For example "/api/users*". Use letters, digits, the wildcards * and ?, and _ - . $ / ~ " \' @ : + &. Match a query with queryStrings.',
  ),
);
const hostPattern = string(
  length(1, 128, "AWS limits a host pattern to 128 characters."),
  matches(
    "^[A-Za-z0-9*?_-][A-Za-z0-9.*?_-]{0,125}[.][A-Za-z]{1,63}$",
    "be a host name, with only letters after the last dot",
    'For example "api.example.com" or "*.example.com". Do not write a scheme or a port.',
  ),
);
const visible = matches(
  "^[ -~]{1,128}$",
  "be 1 to 128 printable ASCII characters",
  "Use the wildcards * and ? for other characters.",
);
const headerName = matches(
  "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$",
  "have the name of a header, of 1 to 40 characters without wildcards and spaces",
  'For example "X-Version".',
);
const notHost = matchesNot("^[Hh][Oo][Ss][Tt]$", "not have the header Host", "Use hosts or hostRegexes.");
const oneCase: Limit<object> = {
  must: "have names that differ in more than upper and lower case",
  fix: "Join the values of the header.",
  check: (headers) =>
    new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
  offending: { of: (headers) => Object.keys(headers) },
};
const someHeaders: Limit<object> = {
  must: "have a header",
  fix: 'For example { "X-Version": ["2"] }. Or remove it.',
  check: (headers) => Object.keys(headers).length > 0,
};
const httpMethod = string(
  matches(
    "^[A-Z_-]{1,40}$",
    "be an HTTP method in upper case",
    'For example "GET". AWS distinguishes upper and lower case.',
  ),
);
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#query-string-conditions */
const queryKey = matches(
  "^[A-Za-z0-9_.$/~\"'@:+()!,;%*?\\\\-]{1,128}$",
  "be 1 to 128 characters of a query string, without & and =",
  'Write the key alone: { key: "version", value: "2" }. Other characters are percent-encoded in a query string.',
);
const queryValue = matches(
  "^[A-Za-z0-9_.$/~\"'@:+&()!,;=%*?\\\\-]{1,128}$",
  "be 1 to 128 characters of a query string",
  "Use letters, digits, the wildcards * and ?, and _ - . $ / ~ \" ' @ : + & ( ) ! , ; = %. Other characters are percent-encoded, such as %20.",
);

/** What the load balancer's regular expressions do not support. Classes and escaped characters are removed before. */
const UNSUPPORTED = /[(][?](?:[=!>&R0-9+-]|<[=!]|P[>=])|\\[1-9gkpP]|[*+?}][+]/;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
export const supportedRegex: Limit<string> = {
  must: "have no lookahead, lookbehind, backreference, atomic group, possessive quantifier, recursion and Unicode class",
  fix: "The load balancer does not support them. Write the expression without them.",
  check: (text) => !UNSUPPORTED.test(text.replace(/\\[^A-Za-z0-9]/g, "_").replace(/\[[^\]]*\]/g, "_")),
};
const regex = string(length(1, 128, "AWS limits a regular expression to 128 characters."), supportedRegex);

/** Returns a field for the values of one condition. @param example how to write it */
const values = <In, Out>(value: Field<In, Out>, of: string, example: string) =>
  plain(
    list(value, distinctElements(1, MOST_VALUES, of, "For more, add another rule with routes.")).with<
      readonly In[],
      readonly Out[]
    >({ fix: `Write it in brackets: [${example}].` }),
  );

const byHeader = (value: Field<string>, of: string, example: string) =>
  map(values(value, of, example), { names: [headerName, notHost], limits: [oneCase, someHeaders] });

/** Returns the fields of the conditions that rules are compared by. */
const comparedFields = (value: <T>(field: Field<T>) => Field<T>) => ({
  paths: values(value(pathPattern), "paths", '"/api/users*"').optional(),
  hosts: values(value(hostPattern), "hosts", '"api.example.com"').optional(),
  headers: byHeader(value(string(visible)), "values of a header", '"2"').optional(),
  methods: values(value(httpMethod), "methods", '"GET"').optional(),
  queryStrings: values(
    schemaOf<QueryString>()({ key: value(string(queryKey)).optional(), value: value(string(queryValue)) }),
    "query strings",
    '{ key: "version", value: "2" }',
  ).optional(),
  sourceIps: values(value(string(cidr, noHostBits)), "networks", '"203.0.113.0/24"').optional(),
});

/** The conditions of a route. A value can be a token; the lists cannot, because Terraform does not count them. */
export const conditionFields = {
  ...comparedFields((field) => field),
  pathRegexes: values(regex, "regular expressions", '"^/v[0-9]+/"').optional(),
  hostRegexes: values(regex, "regular expressions", '"^(www|shop)[.]"').optional(),
  headerRegexes: byHeader(regex, "regular expressions", '"Chrome/[0-9]+"').optional(),
};

/** The conditions that priorities follow from. No value can be a token. */
export const plainConditionFields = comparedFields(plain);

/** The settings of conditions. */
export const CONDITIONS = Object.keys(conditionFields) as (keyof RuleConditions)[];
const REGEXES = ["pathRegexes", "hostRegexes", "headerRegexes"] as const;

/** Returns the conditions of larger settings. */
export const conditionsIn = (settings: RuleConditions): RuleConditions =>
  Object.fromEntries(CONDITIONS.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])));

/** Returns true when a rule has regular expressions, which no rule is compared with. */
export const hasRegex = (rule: RuleConditions): boolean => REGEXES.some((name) => rule[name] !== undefined);

/** Returns the first setting of a rule's conditions, for messages about all of them. */
export const firstCondition = (rule: { readonly [K in keyof RuleConditions]?: unknown }): keyof RuleConditions =>
  CONDITIONS.find((name) => rule[name] !== undefined) as keyof RuleConditions;

/** The values of a condition, with the keys that lead to them. A value with a problem is undefined. */
type Placed = readonly [at: readonly [keyof RuleConditions, ...string[]], values: readonly unknown[]];

/** Returns all values of a rule by condition. */
function placed(rule: Known<RuleConditions>): Placed[] {
  return CONDITIONS.flatMap((name): Placed[] => {
    const value = rule[name];
    if (value === undefined) return [];
    if (Array.isArray(value)) return [[[name], value]];
    return Object.entries(value).map(([header, some]) => [[name, header], (some as readonly unknown[]) ?? []]);
  });
}

/** The limits of one rule, and patterns that match nothing new. An undefined pattern is a token, or wrong. */
export function* conditionLimits(rule: Known<RuleConditions>): Findings<RuleConditions> {
  const all = placed(rule);
  const received = all.flatMap(([, some]) => some);
  if (all.length === 0) return;
  const at = firstCondition(rule);
  const fix = "Split the rule in two with routes.";
  if (received.length > MOST_VALUES && all.every(([, some]) => some.length <= MOST_VALUES)) {
    yield { at, must: `have at most ${MOST_VALUES} values, together with the other conditions`, fix, received };
  }
  const patterns = all.filter(([[name]]) => !(REGEXES as readonly string[]).includes(name));
  const texts = patterns.flatMap(([, some]) => some.map((value) => (value === undefined ? "" : textOf(value))));
  // A backslash escapes a wildcard.
  if (texts.join("").replace(/\\[*?]|[^*?]/g, "").length > MOST_WILDCARDS) {
    const must = `have at most ${MOST_WILDCARDS} wildcards (* and ?), together with the other conditions`;
    yield { at, must, fix, received };
  }
  for (const [path, some] of patterns) {
    const known = some.map((value) => (value === undefined ? undefined : textOf(value)));
    for (const [index, one] of known.entries()) {
      const isWider = (by: string | undefined, other: number) =>
        one !== undefined &&
        by !== undefined &&
        other !== index &&
        covers(path[0], by, one) &&
        !(covers(path[0], one, by) && other > index);
      const wider = known.findIndex(isWider);
      if (wider < 0) continue;
      yield {
        at: [...path, index] as never,
        must: `match requests that ${shown(path[0], [known[wider] as string]).map(show)} does not match`,
        fix: "Remove it.",
      };
    }
  }
}

/** AWS accepts patterns or regular expressions for a path and for a host. Nothing orders regular expressions. */
export function* regexNeeds(
  _: Known<RuleConditions & { readonly priority?: number }>,
  given: Given<RuleConditions & { readonly priority?: number }>,
): Findings<RuleConditions & { readonly priority?: number }> {
  for (const [at, patterns] of [
    ["pathRegexes", "paths"],
    ["hostRegexes", "hosts"],
  ] as const) {
    if (given(at) && given(patterns))
      yield { at, must: `not be set with ${patterns}`, fix: "Remove one of the two, or add a rule with routes." };
  }
  const regexes = REGEXES.find((name) => given(name));
  if (regexes === undefined || given("priority")) return;
  const fix = "The lowest number is evaluated first. Choose one below those of the rules that match the same requests.";
  yield { at: "priority", must: `be set for a rule with ${regexes}`, fix };
}

const literals = (patterns: readonly string[]) => patterns.map((pattern) => literal(pattern));
const asValues = (patterns: readonly string[]) => ({ values: literals(patterns) });
const asRegexes = (patterns: readonly string[]) => ({ regexValues: literals(patterns) });

/** Returns the conditions as blocks of Terraform. */
export function conditionBlocks(rule: RuleConditions) {
  const {
    hosts,
    hostRegexes,
    paths,
    pathRegexes,
    headers = {},
    headerRegexes = {},
    methods,
    queryStrings,
    sourceIps,
  } = rule;
  return [
    ...(hosts ? [{ hostHeader: asValues(hosts) }] : []),
    ...(hostRegexes ? [{ hostHeader: asRegexes(hostRegexes) }] : []),
    ...(paths ? [{ pathPattern: asValues(paths) }] : []),
    ...(pathRegexes ? [{ pathPattern: asRegexes(pathRegexes) }] : []),
    ...Object.entries(headers).map(([name, some]) => ({
      httpHeader: { httpHeaderName: literal(name), ...asValues(some) },
    })),
    ...Object.entries(headerRegexes).map(([name, some]) => ({
      httpHeader: { httpHeaderName: literal(name), ...asRegexes(some) },
    })),
    ...(methods ? [{ httpRequestMethod: asValues(methods) }] : []),
    ...(queryStrings
      ? [
          {
            queryString: queryStrings.map(({ key, value }) => ({
              key: key === undefined ? undefined : literal(key),
              value: literal(value),
            })),
          },
        ]
      : []),
    ...(sourceIps ? [{ sourceIp: { values: [...sourceIps] } }] : []),
  ];
}
