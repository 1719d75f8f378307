import { publicKeyRules } from "../../src/instances/key-pair";
import { type Rule, violationTemplate } from "../../src/validation/rule";
import { evaluated } from "../support/evaluated";
import { fc, SEED } from "../support/seeded";
import { describeTerraform } from "../support/terraform";
import { OTHERS, type ValueCases, valueCases } from "../support/value-cases";

interface Decision {
  readonly ok: boolean;
  readonly message: string;
}

const everyRule = (cases: readonly ValueCases[]) =>
  cases.flatMap((entry, index) =>
    entry.rules.map((rule, ruleIndex) => ({
      ...entry,
      rule: rule as Rule<unknown>,
      index,
      key: `${index}_${ruleIndex}`,
    })),
  );

/** Returns the value in a message of Terraform, which jsonencode rendered. */
function receivedIn(message: string, { name, rule }: { readonly name: string; readonly rule: Rule<unknown> }): unknown {
  const [before, after] = [`${name} must ${rule.must}; received `, `. ${rule.fix}`];
  expect([message.startsWith(before), message.endsWith(after)]).toEqual([true, true]);
  return JSON.parse(message.slice(before.length, -after.length));
}

describeTerraform("a rule", (lab) => {
  const seed = SEED;
  const cases = valueCases(25, seed);
  let decisions: Record<string, readonly Decision[]>;

  beforeAll(async () => {
    // One expression for all values of a rule, because parsing is slow. The message is inside a loop over no or one element:
    // Terraform evaluates both sides of a conditional, and a message costs as much as a decision.
    const outputs = Object.fromEntries(
      everyRule(cases).map(({ name, rule, index, key }) => [
        `rule_${key}`,
        `\${[for given in var.values_${index} : [for ok in [${rule.condition("given")}] : {
          ok = ok
          message = one([for _ in ok ? [] : [1] : chomp(<<EOT\n${violationTemplate(name, rule, "given")}\nEOT
          )])
        }][0]]}`,
      ]),
    );
    const types = Object.fromEntries(cases.map(({ type }, index) => [`values_${index}`, `list(${type})`]));
    const values = Object.fromEntries(cases.map((entry, index) => [`values_${index}`, entry.values]));
    decisions = (await evaluated(
      lab,
      outputs,
      { ...types, region: "string", min_size: "number", max_size: "number" },
      {
        ...values,
        ...OTHERS,
      },
    )) as typeof decisions;
  });

  it.each(everyRule(cases).map((one) => [one.name, one.rule.must, one] as const))(
    "accepts the same values at synth and at plan: %s must %s",
    (_name, _must, { rule, values, key }) => {
      const atSynth = values.map((value) => ({ value, ok: rule.check(value, OTHERS) }));
      const atPlan = values.map((value, at) => ({ value, ok: decisions[`rule_${key}`]?.[at]?.ok }));
      expect({ seed, decisions: atPlan }).toEqual({ seed, decisions: atSynth });
      expect(new Set(atSynth.map(({ ok }) => ok))).toEqual(new Set([true, false]));
    },
  );

  it.each(everyRule(cases).map((one) => [one.name, one.rule.must, one] as const))(
    "has the same message at synth and at plan: %s must %s",
    (_name, _must, { name, rule, values, key }) => {
      const broken = values.map((value, at) => ({ value, at })).filter(({ value }) => !rule.check(value, OTHERS));
      const atPlan = broken.map(({ at }) => receivedIn(decisions[`rule_${key}`]?.[at]?.message ?? "", { name, rule }));
      const atSynth = broken.map(({ value }) => (rule.offending ? rule.offending.of(value, OTHERS) : value));
      expect(atPlan).toEqual(atSynth.map((value) => JSON.parse(JSON.stringify(value))));
    },
  );

  it("accepts the same public keys at synth and at plan", async () => {
    const body = "AAAAC3NzaC1lZDI1NTE5AAAAIJx0";
    const keys = [
      ...[`ssh-ed25519 ${body}`, `ssh-rsa ${body}== me@host`, `  ssh-ed25519 ${body} \n`, `ssh-dss ${body}`, body, ""],
      ...[`ssh-ed25519 ${body}\nssh-rsa ${body}`, `ssh-ed25519 ${body} a\r\nb`, `ssh-ed25519  ${body}`, "ssh-rsa AAAA"],
      ...["-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n", `x\n-----BEGIN RSA PRIVATE KEY-----`, "ssh-rsa PRIVATE KEY"],
      ...fc.sample(fc.string({ unit: "grapheme-ascii" }), { numRuns: 20, seed }),
    ];
    const output = keys.map((_, at) =>
      publicKeyRules.map(
        ({ pattern, accepts }) =>
          `\${can(regex(${JSON.stringify(pattern)}, trimspace(var.keys[${at}]))) == ${accepts}}`,
      ),
    );
    const atPlan = await evaluated(lab, { keys: output }, { keys: "list(string)" }, { keys });
    const atSynth = keys.map((key) => publicKeyRules.map(({ check }) => check(key, {})));
    expect(atPlan).toEqual({ keys: atSynth });
  });
});
