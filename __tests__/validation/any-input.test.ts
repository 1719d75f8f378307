import * as library from "../../src";
import { sources } from "../support/imports";
import { fc } from "../support/seeded";
import { emptyStack, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";
import { VALID_PROPS } from "../support/valid-props";
import { type AnyField, anyFor, anySettings, anyValue, throwing } from "./any-value";

type Stack = ReturnType<typeof emptyStack>;
type Props = Readonly<Record<string, unknown>>;

/** The exports of every file of the library, by name. */
const EXPORTS: Props = Object.assign({}, ...sources("src").map((file) => require(`../../${file}`)));
const schemaFor = (name: string) => EXPORTS[`${name[0]?.toLowerCase()}${name.slice(1)}Schema`];

/** Classes that take no properties of their own, or are tested elsewhere. */
const OTHERS = [
  "EcsClusterStack",
  "EcsServiceStack",
  "Expression",
  "InstanceRequirements",
  "LogDriver",
  "ReadableStack",
  "Secret",
  "SettingsError",
];

const classes: Readonly<Record<string, new (...args: never[]) => unknown>> = Object.fromEntries(
  Object.entries(library).filter(([, value]) => /^class /.test(String(value))),
) as never;

/** Creates a construct or a value class. */
function create(name: string, stack: Stack, props: unknown): void {
  const isConstruct = /^class \w+ extends/.test(String(classes[name]));
  const Class = classes[name] as new (...args: unknown[]) => unknown;
  if (isConstruct) new Class(stack, "subject", props);
  else new Class(props);
}

/**
 * Runs an action. An error must be a SettingsError of the construct itself, and not of a construct inside it.
 *
 * @returns whether it succeeded
 * @throws every other error, with the value that caused it
 */
function succeeds(subject: string, action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (!(error instanceof library.SettingsError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    expect(error.message).toMatch(new RegExp(`^${subject}\\b`));
    expect(error.message).not.toMatch(/\{TfToken\[[\w.]+\]\}|PRIVATE KEY|\[object Object\]/);
    // A caller's value can be unreadable. These errors would be the library's.
    expect(error.message).not.toMatch(/readable; received "\w+: (Cannot read prop|.* is not (a function|iterable))/);
    return false;
  }
}

const namesOf = (settings: string): string[] =>
  Object.keys((schemaFor(settings) as AnyField | undefined)?.facts.shape ?? {});

/** Returns the field at a path of settings. */
const fieldOf = (settings: string, path: string): AnyField =>
  path.split(".").reduce((field, key) => field.facts.shape?.[key] as AnyField, schemaFor(settings) as AnyField);

/** More runs look further: FC_RUNS=500. */
const numRuns = Number(process.env.FC_RUNS ?? 4);

it("knows every public class", () => {
  expect(Object.keys(classes).sort()).toEqual([...Object.keys(VALID_PROPS), ...OTHERS].sort());
});

describe.each(Object.entries(VALID_PROPS))("%s", (name, [settings, valid]) => {
  it("has a schema beside its properties", () => {
    expect(namesOf(settings)).not.toEqual([]);
  });

  it("accepts its valid properties", () => {
    const stack = emptyStack();
    expect(succeeds(name, () => create(name, stack, valid(stack)))).toBe(true);
    synthesized(stack);
  });

  it("is created, or rejects properties of any type with a SettingsError", () => {
    fc.assert(
      fc.property(fc.oneof(anyValue, anySettings(namesOf(settings))), (props) => {
        succeeds(name, () => create(name, emptyStack(), props));
      }),
      { numRuns: numRuns * 3 },
    );
    for (const props of throwing) succeeds(name, () => create(name, emptyStack(), props));
  });

  it.each(namesOf(settings))("is created, or rejects a value of any type for %s with a SettingsError", (property) => {
    fc.assert(
      fc.property(anyFor(fieldOf(settings, property)), (value) => {
        const stack = emptyStack();
        if (succeeds(name, () => create(name, stack, { ...valid(stack), [property]: value }))) synthesized(stack);
      }),
      { numRuns },
    );
    for (const value of throwing) {
      const stack = emptyStack();
      succeeds(name, () => create(name, stack, { ...valid(stack), [property]: value }));
    }
  });
});

describe.each([
  ["EcsClusterStack", "EcsClusterSettings"],
  ["EcsServiceStack", "EcsServiceStackSettings"],
] as const)("%s", (name, settings) => {
  const Stack = classes[name] as unknown as new (...args: unknown[]) => Stack;
  const values = namesOf(`${settings.replace("Settings", "")}Values`);

  it("has a schema beside its settings", () => {
    expect(namesOf(settings)).not.toEqual([]);
    expect(values).not.toEqual([]);
  });

  it("is created, or rejects settings of any type with a SettingsError", () => {
    fc.assert(
      fc.property(fc.oneof(anyValue, anySettings([...namesOf(settings), ...values])), (given) => {
        succeeds(name, () => new Stack(testApp(), "stack", given));
      }),
      { numRuns: numRuns * 5 },
    );
    for (const given of throwing) succeeds(name, () => new Stack(testApp(), "stack", given));
  });

  it.each([...namesOf(settings), ...values.map((value) => `values.${value}`)])(
    "is created, or rejects a value of any type for %s with a SettingsError",
    (path) => {
      fc.assert(
        fc.property(anyFor(fieldOf(settings, path)), (value) => {
          const given = path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
          succeeds(name, () => {
            synthesized(new Stack(testApp(), "stack", given));
          });
        }),
        { numRuns },
      );
    },
  );
});

describe("Secret", () => {
  const secrets = Object.entries({
    fromSsmParameter: (...args: unknown[]) => library.Secret.fromSsmParameter(...(args as [string])),
    fromSecretsManager: (...args: unknown[]) => library.Secret.fromSecretsManager(...(args as [string])),
  });

  it.each(secrets)("is created by %s, or rejects arguments of any type with a SettingsError", (_, create) => {
    const options = anySettings(["jsonKey", "versionId", "versionStage", "encryptionKeyArn", "redeployOnChange"]);
    fc.assert(
      fc.property(
        fc.oneof(anyValue, fc.constant("/prod/password")),
        fc.oneof(anyValue, options),
        (reference, given) => {
          succeeds("Secret", () => create(reference, given));
        },
      ),
      { numRuns: numRuns * 5 },
    );
    for (const value of throwing) succeeds("Secret", () => create(value, value));
  });
});

describe("LogDriver", () => {
  const factories = Object.entries({
    awsLogs: { multilinePattern: "^a" },
    fireLens: { options: { Name: "stdout" } },
    fluentd: { address: "logs:24224" },
    gelf: { address: "udp://logs:12201" },
    journald: { tag: "a" },
    jsonFile: { maxSize: "1m" },
    splunk: { secretToken: library.Secret.fromSsmParameter("/token"), url: "https://splunk" },
    syslog: { address: "udp://logs:514" },
  });

  it.each(factories)("is created by %s, or rejects arguments of any type with a SettingsError", (name, valid) => {
    const { LogDriver } = library as unknown as { LogDriver: Record<string, (props: unknown) => unknown> };
    const create = (props: unknown) => LogDriver[name]?.(props);
    expect(succeeds("LogDriver", () => create(valid))).toBe(true);
    fc.assert(
      fc.property(fc.oneof(anyValue, anySettings(Object.keys(valid))), (props) => {
        succeeds("LogDriver", () => create(props));
      }),
      { numRuns },
    );
    for (const value of throwing) succeeds("LogDriver", () => create(value));
  });
});
