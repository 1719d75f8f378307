/**
 * One rule about one value, written once and rendered twice: `check` decides at synth, and `condition` is the Terraform
 * expression that decides at plan. Both have the same message.
 */
export interface Rule<T = unknown> {
  /** Completes the sentence "NAME must …". */
  readonly must: string;
  /** How to fix it: one or more whole sentences. */
  readonly fix: string;
  /** Returns true when the value satisfies the rule. `all` has the other variables' values by their Terraform names. */
  readonly check: (value: T, all: Readonly<Record<string, unknown>>) => boolean;
  /** The other variables that the rule reads, by their Terraform names. */
  readonly reads?: readonly string[];
  /** The same decision as a Terraform expression over `reference`, for instance `var.region`. */
  readonly condition: (reference: string) => string;
  /** The part of the value that breaks the rule. @default - the whole value */
  readonly offending?: {
    readonly of: (value: T, all: Readonly<Record<string, unknown>>) => unknown;
    readonly expression: (reference: string) => string;
  };
}

/** Returns the message for a value that breaks a rule, as a Terraform template. Terraform fills in the value received. */
export function violationTemplate<T>(name: string, rule: Rule<T>, reference: string): string {
  const received = rule.offending ? rule.offending.expression(reference) : reference;
  return `${name} must ${rule.must}; received \${jsonencode(${received})}. ${rule.fix}`;
}

/** Quotes a Terraform string. Only for texts of this library, which have no template sequence. */
export const quote = (text: string): string => JSON.stringify(text);

/** A text that matches a regular expression. Use only what JavaScript and RE2 have in common. */
export function matches(pattern: string, must: string, fix: string): Rule<string> {
  const expression = new RegExp(pattern, "u");
  return {
    must,
    fix,
    check: (value) => expression.test(value),
    condition: (reference) => `can(regex(${quote(pattern)}, ${reference}))`,
  };
}

/** A text that does not match a regular expression. */
export function matchesNot(pattern: string, must: string, fix: string): Rule<string> {
  const positive = matches(pattern, must, fix);
  return {
    ...positive,
    check: (value, all) => !positive.check(value, all),
    condition: (reference) => `!${positive.condition(reference)}`,
  };
}

const PLAIN = /^[ -~]*$/;

/**
 * Counts characters as Terraform's `length` does: what a reader sees as one character can have several code points. Plain
 * text needs no segmenter, which takes longer to create than the rest of a check.
 */
const characters = (text: string): number =>
  PLAIN.test(text) ? text.length : [...new Intl.Segmenter().segment(text)].length;

/** A text of `min` to `max` characters. */
export function length(min: number, max: number, fix: string): Rule<string> {
  return {
    must: `be ${min} to ${max} characters long`,
    fix,
    check: (value) => characters(value) >= min && characters(value) <= max,
    condition: (reference) => `${min > 0 ? `length(${reference}) >= ${min} && ` : ""}length(${reference}) <= ${max}`,
  };
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number, unit: string, fix: string): Rule<number> {
  return {
    must: `be a whole number from ${min} to ${max}${unit && ` (${unit})`}`,
    fix,
    check: (value) => Number.isInteger(value) && value >= min && value <= max,
    condition: (reference) => `floor(${reference}) == ${reference} && ${reference} >= ${min} && ${reference} <= ${max}`,
  };
}

/** One of a list of numbers. */
export function oneOf(allowed: readonly number[], fix: string): Rule<number> {
  return {
    must: `be one of ${allowed.join(", ")}`,
    fix,
    check: (value) => allowed.includes(value),
    condition: (reference) => `contains([${allowed.join(", ")}], ${reference})`,
  };
}

/** One of a list of words. */
export function oneOfWords(allowed: readonly string[], fix: string): Rule<string> {
  return {
    must: `be one of ${allowed.join(", ")}`,
    fix,
    check: (value) => allowed.includes(value),
    condition: (reference) => `contains(${JSON.stringify(allowed)}, ${reference})`,
  };
}

/** A list of `min` to `max` different elements. */
export function distinctElements(min: number, max: number, of: string, fix: string): Rule<readonly unknown[]> {
  return {
    must: `have ${min} to ${max} different ${of}`,
    fix,
    check: (value) => value.length >= min && value.length <= max && new Set(value).size === value.length,
    condition: (reference) =>
      `length(${reference}) >= ${min} && length(${reference}) <= ${max} && length(distinct(${reference})) == length(${reference})`,
  };
}

interface Selector<T> {
  readonly of: (value: T) => readonly string[];
  readonly expression: (reference: string) => string;
}

function every<T>(selector: Selector<T>, rule: Rule<string>): Rule<T> {
  return {
    must: rule.must,
    fix: rule.fix,
    reads: rule.reads,
    check: (value, all) => selector.of(value).every((element) => rule.check(element, all)),
    condition: (reference) =>
      `alltrue([for element in ${selector.expression(reference)} : ${rule.condition("element")}])`,
    offending: {
      of: (value, all) => selector.of(value).filter((element) => !rule.check(element, all)),
      expression: (reference) =>
        `[for element in ${selector.expression(reference)} : element if !(${rule.condition("element")})]`,
    },
  };
}

/** Each element of a list satisfies the rule. The message shows the elements that do not. */
export const each = (rule: Rule<string>): Rule<readonly string[]> =>
  every({ of: (value) => value, expression: (reference) => reference }, rule);

/** Sorts keys as Terraform does, by bytes. JavaScript compares 16-bit units, which orders \u{1f600} and \ufb00 differently. */
export const inTerraformsOrder = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Each key of a map satisfies the rule. */
export const eachKey = (rule: Rule<string>): Rule<Readonly<Record<string, string>>> =>
  every(
    { of: (value) => Object.keys(value).sort(inTerraformsOrder), expression: (reference) => `keys(${reference})` },
    rule,
  );

/** Each value of a map satisfies the rule. */
export const eachValue = (rule: Rule<string>): Rule<Readonly<Record<string, string>>> =>
  every(
    {
      of: (value) =>
        Object.keys(value)
          .sort(inTerraformsOrder)
          .map((key) => value[key] as string),
      expression: (reference) => `values(${reference})`,
    },
    rule,
  );

/** The rule for a value that can be null. */
export function nullable<T>(rule: Rule<T>): Rule<T | null> {
  return {
    ...(rule as Rule<T | null>),
    check: (value, all) => value === null || rule.check(value, all),
    // A conditional, because `||` evaluates its right side for null too in Terraform 1.10.
    condition: (reference) => `${reference} == null ? true : ${rule.condition(reference)}`,
  };
}

/** A number that is at least, or at most, another variable. The message shows both. */
export function bounded(name: string, operator: ">=" | "<=", other: string, fix: string): Rule<number> {
  return {
    must: `be at ${operator === ">=" ? "least" : "most"} ${other}`,
    fix,
    reads: [other],
    check: (value, all) => (operator === ">=" ? value >= Number(all[other]) : value <= Number(all[other])),
    condition: (reference) => `${reference} ${operator} var.${other}`,
    // An object, because it can have a null, and a template cannot.
    offending: {
      of: (value, all) => Object.fromEntries(Object.entries({ [name]: value, [other]: all[other] }).sort()),
      expression: (reference) => `{ ${name} = ${reference}, ${other} = var.${other} }`,
    },
  };
}
