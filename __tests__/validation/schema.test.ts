import { Fn, TerraformStack, TerraformVariable, Token } from "cdktf";
import { hcl } from "../../src/terraform/expression";
import { type Problem, SettingsError, sentence } from "../../src/validation/problem";
import { bounded, distinctElements, each, matches, wholeNumber } from "../../src/validation/rule";
import {
  anyOf,
  boolean,
  choice,
  custom,
  describe as describeField,
  interfaceOf,
  list,
  map,
  number,
  partOf,
  plain,
  rulesOf,
  type Schema,
  schemaOf,
  sensitive,
  string,
  variable,
  withDefaults,
  withoutDefaults,
} from "../../src/validation/schema";
import { check, validate } from "../../src/validation/validate";
import { resolved } from "../support/synthesized";
import { testApp } from "../support/test-app";

const stack = new TerraformStack(testApp(), "stack");
const lines = (problems: readonly Problem[]) => problems.map(sentence);
const problemsOf = (schema: Schema, given: unknown) => lines(check(schema, given).problems);

interface HealthCheck {
  readonly path?: string;
  readonly timeoutSeconds?: number;
  readonly intervalSeconds?: number;
}
const seconds = wholeNumber(2, 300, "seconds", "For example 5.");
const healthCheck = schemaOf<HealthCheck>()(
  {
    path: string(matches("^/", "begin with /", 'For example "/health".')).default("/"),
    timeoutSeconds: number(seconds).default(5),
    intervalSeconds: number(seconds).default(30),
  },
  function* timeoutBelowInterval({ timeoutSeconds, intervalSeconds }) {
    if (timeoutSeconds === undefined || intervalSeconds === undefined || timeoutSeconds < intervalSeconds) return;
    yield { at: "timeoutSeconds", must: `be below intervalSeconds, which is ${intervalSeconds}`, fix: "Lower it." };
  },
);

class Key {
  constructor(readonly keyArn: string) {}
}

interface Service {
  readonly name: string;
  readonly count?: number;
  readonly size?: number | null;
  readonly mode?: false | "fast" | "slow";
  readonly flag?: boolean;
  readonly protocol?: "HTTP" | "HTTPS";
  readonly paths?: readonly string[];
  readonly checks?: readonly HealthCheck[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly command?: string | readonly string[];
  readonly healthCheck?: HealthCheck;
  readonly tls?: false | HealthCheck;
  readonly key?: Key;
  readonly cluster?: { readonly clusterName: string; readonly arn?: string };
}
const service = schemaOf<Service>()({
  name: plain(string()),
  count: number(wholeNumber(1, 10, "", "For example 2.")).optional(),
  size: number(wholeNumber(1, 10, "", "For example 2."))
    .nullable()
    .default(null),
  mode: plain(choice(false, "fast", "slow")).default(false),
  flag: boolean().optional(),
  protocol: choice("HTTP", "HTTPS").default("HTTP"),
  paths: list(
    string(),
    distinctElements(1, 2, "paths", "Remove one."),
    each(matches("^/", "begin with /", "Add it.")),
  ).optional(),
  checks: list(healthCheck).optional(),
  environment: plain(map(string(), { names: [matches("^[A-Z]+$", "have capital letters", "Rename it.")] })).optional(),
  secrets: sensitive(map(string())).optional(),
  command: anyOf(string(), list(string())).optional(),
  healthCheck: withDefaults(healthCheck),
  tls: anyOf(choice(false), healthCheck).default(false),
  key: custom<Key>("a Key", "Use new Key(arn).", (value) => value instanceof Key).optional(),
  cluster: interfaceOf<{ readonly clusterName: string; readonly arn?: string }>(
    "a cluster",
    "Use a stack.",
  )({
    clusterName: string(),
    arn: string().optional(),
  }).optional(),
});
const given = (settings: object) => ({ name: "web", ...settings });

describe("a schema", () => {
  it("returns the settings with all defaults", () => {
    const { settings, problems } = check(service, { name: "web", healthCheck: { path: "/health" } });
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      name: "web",
      size: null,
      mode: false,
      protocol: "HTTP",
      healthCheck: { path: "/health", timeoutSeconds: 5, intervalSeconds: 30 },
      tls: false,
    });
  });

  it("throws one error that lists every problem", () => {
    const settings = { name: "web", healthCheck: { path: "health", intervalSeconds: 5 }, count: 0, nme: 1 };
    const thrown = (() => {
      try {
        return validate(stack, service, settings);
      } catch (error) {
        return error as SettingsError;
      }
    })();
    expect(thrown).toBeInstanceOf(SettingsError);
    expect((thrown as SettingsError).message).toBe(
      [
        'TerraformStack "stack" has 4 problems:',
        "  - count must be a whole number from 1 to 10; received 0. For example 2.",
        '  - healthCheck.path must begin with /; received "health". For example "/health".',
        "  - healthCheck.timeoutSeconds must be below intervalSeconds, which is 5; received the default, 5. Lower it.",
        '  - Unknown setting "nme". Did you mean "name"?',
      ].join("\n"),
    );
    expect((thrown as SettingsError).problems.map(({ path }) => path)).toEqual([
      "count",
      "healthCheck.path",
      "healthCheck.timeoutSeconds",
      "nme",
    ]);
    expect(Object.keys(thrown as object)).toEqual([]);
  });

  it.each<[given: unknown, line: string]>([
    [undefined, "settings must be an object; received nothing. Set it."],
    [null, "settings must be an object; received null. Set it."],
    [5, "settings must be an object; received 5. Write it in braces: { name: value }."],
    [stack, "settings must be an object; received an instance of TerraformStack. Write it in braces: { name: value }."],
    [{}, "name must be a string; received nothing. Set it."],
    [given({ count: "2" }), 'count must be a number; received "2". Write it without quotes.'],
    [given({ count: null }), "count must be a number; received null. Set it."],
    [given({ size: 0 }), "size must be a whole number from 1 to 10; received 0. For example 2."],
    [given({ mode: "slwo" }), 'mode must be one of false, "fast", "slow"; received "slwo". Choose one of these.'],
    [given({ paths: "/a" }), 'paths must be a list; received "/a". Write it in brackets: [first, second].'],
    [
      given({ paths: ["/a", "/b", "/c"] }),
      'paths must have 1 to 2 different paths; received ["/a", "/b", "/c"]. Remove one.',
    ],
    [given({ paths: ["/a", "b"] }), 'paths must begin with /; received ["b"]. Add it.'],
    [given({ paths: ["/a", 5] }), "paths[1] must be a string; received 5. Write it in quotes."],
    // biome-ignore lint/suspicious/noSparseArray: a list with a hole is the case
    [given({ paths: ["/a", , "/b"] }), "paths[1] must be a string; received nothing. Set it."],
    [given({ checks: [{ path: "x" }] }), 'checks[0].path must begin with /; received "x". For example "/health".'],
    [given({ environment: ["A"] }), 'environment must be a map; received ["A"]. Write it in braces: { name: value }.'],
    [given({ environment: { a: "x" } }), 'environment.a must have capital letters; received "a". Rename it.'],
    [given({ environment: { "a b": 5 } }), 'environment["a b"] must have capital letters; received "a b". Rename it.'],
    [
      given({ secrets: { A: 5 } }),
      "secrets.A must be a string; received a value that is not shown. Write it in quotes.",
    ],
    [given({ command: 5 }), "command must be a string or a list; received 5. Write it in brackets: [first, second]."],
    [given({ tls: true }), "tls must be false or an object; received true. Write it in braces: { name: value }."],
    [given({ tls: { path: 5 } }), "tls.path must be a string; received 5. Write it in quotes."],
    [given({ key: "arn" }), 'key must be a Key; received "arn". Use new Key(arn).'],
    [given({ cluster: "ecs" }), 'cluster must be a cluster; received "ecs". Use a stack.'],
    [given({ cluster: stack }), "cluster must be a cluster; received an instance of TerraformStack. Use a stack."],
    [given({ cluster: { clusterName: 5 } }), "cluster.clusterName must be a string; received 5. Write it in quotes."],
    [given({ healthCheck: { pth: "/" } }), 'Unknown setting "healthCheck.pth". Did you mean "path"?'],
    [
      given({ timeoutSeconds: 5 }),
      'Unknown setting "timeoutSeconds". Write it as healthCheck.timeoutSeconds or tls.timeoutSeconds.',
    ],
    [given({ healthCheck: { protocol: "HTTP" } }), 'Unknown setting "healthCheck.protocol". Write it as protocol.'],
    [
      given({ constructor: 1 }),
      'Unknown setting "constructor". The settings are name, count, size, mode, flag, protocol, paths, checks, environment, secrets and 5 more.',
    ],
  ])("rejects %j", (settings, line) => {
    expect(problemsOf(service, settings)[0]).toBe(line);
  });

  it("reports a getter that throws", () => {
    const settings = Object.defineProperty({ name: "web" }, "count", {
      enumerable: true,
      get: () => {
        throw new Error("no count");
      },
    });
    expect(problemsOf(service, settings)).toEqual([
      'settings must be readable; received "Error: no count". Use plain values.',
    ]);
    expect(() => validate("Service", service, settings as never)).toThrow(
      expect.objectContaining({ cause: new Error("no count") }),
    );
  });

  it("does not let a prototype's key pass as a setting", () => {
    expect(problemsOf(service, JSON.parse('{ "name": "web", "__proto__": 1 }'))).toHaveLength(1);
  });

  it("hides a private key, wherever it is pasted", () => {
    const pasted = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n-----END OPENSSH PRIVATE KEY-----";
    expect(problemsOf(service, given({ mode: pasted }))).toEqual([
      'mode must be one of false, "fast", "slow"; received a private key, which is not shown. Choose one of these.',
    ]);
  });
});

describe("a token", () => {
  const variables = new TerraformVariable(stack, "any", {});

  it.each<[field: keyof Service, token: unknown, read: string]>([
    ["protocol", variables.value, "string"],
    ["count", variables.value, "number"],
    ["count", variables.stringValue, "number"],
    ["paths", variables.value, "list"],
    ["paths", variables.stringValue, "list"],
    ["paths", Fn.concat([variables.listValue]), "list"],
    ["command", variables.value, "string"],
  ])("is converted to the type of %s", (field, token, type) => {
    const { settings, problems } = check(service, given({ [field]: token }));
    expect(problems).toEqual([]);
    const read = (settings as unknown as Record<string, unknown>)[field];
    expect(Array.isArray(read) ? "list" : typeof read).toBe(type);
    expect(Token.isUnresolved(read)).toBe(true);
    expect(resolved(stack, read)).toMatch(/^\$\{.*var\.any.*\}$/);
  });

  it("keeps the text around it, which fits a string only", () => {
    const text = `a-${variables.stringValue}`;
    expect(check(service, given({ protocol: text })).settings).toMatchObject({ protocol: text });
    expect(problemsOf(service, given({ count: text }))).toEqual([
      'count must be a number; received "a-<token>". Write it without quotes.',
    ]);
  });

  it.each<[settings: object, path: string]>([
    [{ name: hcl`a`.string }, "name"],
    [{ mode: hcl`a` }, "mode"],
    [{ environment: hcl`a`.map }, "environment"],
    [{ environment: Fn.merge([{ A: "x" }]) }, "environment"],
    [{ checks: hcl`a`.list }, "checks"],
    [{ checks: [hcl`a`] }, "checks[0]"],
    [{ healthCheck: hcl`a`.map }, "healthCheck"],
    [{ key: hcl`a` }, "key"],
    [{ cluster: hcl`a` }, "cluster"],
  ])("is rejected where the code reads the value: %j", (settings, path) => {
    expect(check(service, given(settings)).problems).toEqual([
      {
        path,
        rule: "must be known when the code runs",
        received: "a token",
        fix: "Write the value itself instead of a token.",
      },
    ]);
  });

  it("is rejected among the elements of a list when it stands for a list itself", () => {
    expect(problemsOf(service, given({ paths: [...variables.listValue, "/b"] }))).toEqual([
      "paths[0] must be a string; received a token. Use Fn.concat([token, [value]]) in place of [...token, value].",
    ]);
  });

  it("is rejected among the entries of a map when it stands for a map itself", () => {
    const spread = { ...Token.asStringMap(variables.value), A: "x" };
    const settings = schemaOf<{ readonly tags: Readonly<Record<string, string>> }>()({ tags: map(string()) });
    expect(problemsOf(settings, { tags: spread })).toEqual([
      "tags must be a map; received a token. Use Fn.merge([token, { name: value }]) in place of { ...token, name: value }.",
    ]);
    for (const token of [variables.value, variables.stringValue]) {
      expect(problemsOf(settings, { tags: { ...(token as object) } })).toEqual([
        "tags must be a map; received { ...token }. Use Fn.merge([token, { name: value }]) in place of { ...token, name: value }.",
      ]);
    }
  });

  it("is rejected as a name in a map of constructs, because addresses contain it", () => {
    const settings = schemaOf<{ readonly checks: Readonly<Record<string, HealthCheck>> }>()({
      checks: map(healthCheck),
    });
    for (const name of [hcl`a`.string, `b${hcl`a`.string}`]) {
      expect(check(settings, { checks: { [name]: {} } }).problems).toEqual([
        expect.objectContaining({
          path: expect.stringMatching(/^checks\["b?<token>"\]$/),
          rule: "must be known when the code runs",
        }),
      ]);
    }
    expect(problemsOf(service, given({ environment: { [hcl`a`.string]: "x" } }))).toHaveLength(1);
  });

  it("does not hide the plain elements beside it", () => {
    expect(problemsOf(service, given({ paths: hcl`a`.list }))).toEqual([]);
    expect(problemsOf(service, given({ paths: [hcl`a`.string] }))).toEqual([]);
    expect(problemsOf(service, given({ paths: [hcl`a`.string, "/b", "c"] }))).toEqual([
      'paths must begin with /; received ["c"]. Add it.',
    ]);
  });

  it("is converted inside an object literal, which otherwise stays the same object", () => {
    const cluster = (clusterName: unknown) => ({ clusterName, other: 1 }) as never as { clusterName: string };
    const read = (literal: { clusterName: string }) => check(service, given({ cluster: literal })).settings?.cluster;
    const converted = read(cluster(hcl`a`));
    expect(converted).toEqual({ clusterName: expect.stringMatching(/^\$\{TfToken\[/), other: 1 });
    expect(resolved(stack, converted?.clusterName)).toBe("${a}");
    for (const same of [cluster("a"), cluster(hcl`a`.string)]) expect(read(same)).toBe(same);
  });

  it("is unknown to rules between settings", () => {
    for (const timeoutSeconds of [hcl`a`.number, hcl`a`] as number[]) {
      expect(problemsOf(healthCheck, { timeoutSeconds, intervalSeconds: 2 })).toEqual([]);
    }
  });
});

describe("the default of a variable", () => {
  interface Values {
    readonly region?: string;
    readonly minSize?: number;
    readonly maxSize?: number;
    readonly tags?: Readonly<Record<string, string>>;
  }
  const values = schemaOf<Values>()({
    region: variable(string(), "The region.").default("ap-northeast-2"),
    minSize: variable(number(), "The minimum.").default(1),
    maxSize: variable(
      number(bounded("max_size", ">=", "min_size", "Raise it, or lower min_size.")),
      "The maximum.",
    ).default(2),
    tags: variable(map(string()), "The tags.").default({}),
  });

  it("obeys a rule that reads another variable", () => {
    expect(problemsOf(values, { minSize: 5 })).toEqual([
      'maxSize must be at least min_size; received {"max_size": 2, "min_size": 5}. Raise it, or lower min_size.',
    ]);
    expect(problemsOf(values, { minSize: 5, maxSize: 5 })).toEqual([]);
    expect(rulesOf(values.shape.maxSize).map(({ condition }) => condition("var.max_size"))).toEqual([
      "var.max_size >= var.min_size",
    ]);
  });

  it("is not compared with a value that has a problem itself", () => {
    expect(problemsOf(values, { minSize: "5", maxSize: 1 })).toEqual([
      'minSize must be a number; received "5". Write it without quotes.',
    ]);
  });

  it("cannot be undefined: an environment variable that is not set would deploy with the default", () => {
    expect(problemsOf(values, { region: undefined })).toEqual([
      "region must be set; received undefined. Remove it for the default, or set the variable that it comes from.",
    ]);
  });

  it.each([{ region: hcl`a`.string }, { region: `${hcl`a`}-1` }, { tags: hcl`a`.map }, { tags: { a: hcl`a`.string } }])(
    "cannot be a token: %j",
    (settings) => {
      expect(check(values, settings).problems).toEqual([
        expect.objectContaining({ rule: "must be known when the code runs" }),
      ]);
    },
  );
});

describe("the parts of a schema", () => {
  it("compose: a larger interface takes over the shape and the rules", () => {
    interface Larger extends HealthCheck {
      readonly name: string;
    }
    const larger = schemaOf<Larger>()({ ...healthCheck.shape, name: string() }, ...healthCheck.rules);
    expect(problemsOf(larger, { name: "a", timeoutSeconds: 30 })).toEqual([
      "timeoutSeconds must be below intervalSeconds, which is 30; received 30. Lower it.",
    ]);
  });

  it("can do without defaults, for settings that complete others", () => {
    const optional = schemaOf<HealthCheck>()(withoutDefaults(healthCheck.shape));
    expect(check(optional, { path: "/a" }).settings).toEqual({ path: "/a" });
  });

  it("returns the part of larger settings that a schema has", () => {
    expect(partOf(healthCheck, { path: "/a", name: "b" })).toEqual({ path: "/a" });
  });

  it("describes a field for the docs", () => {
    expect(describeField(healthCheck.shape.timeoutSeconds)).toEqual({
      isOptional: true,
      fallback: 5,
      limits: ["be a whole number from 2 to 300 (seconds)"],
    });
    expect(describeField(service.shape.name).limits).toEqual(["be known when the code runs"]);
  });
});
