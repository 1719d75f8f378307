import { Token } from "cdktf";
import type { Construct } from "constructs";
import { type Rule, violation } from "./rule";
import { SettingsError } from "./settings-error";

/** A prop's value and the rules that it must keep. */
export type Checked = readonly [value: unknown, rules: readonly Rule<never>[]];

/**
 * Holds a construct's plain props against their rules; a token is left to Terraform, and what is undefined to the
 * default.
 *
 * @throws {SettingsError} with every mistake of the construct at once
 */
export function checkProps(construct: Construct, props: Readonly<Record<string, Checked>>): void {
  refuse(construct, propMistakes(props));
}

/** Every way in which the props break their rules; a rule sees the other props by their names. */
export function propMistakes(props: Readonly<Record<string, Checked>>): string[] {
  const all = Object.fromEntries(Object.entries(props).map(([name, [value]]) => [name, value]));
  return Object.entries(props).flatMap(([name, [value, rules]]) =>
    value === undefined || isToken(value)
      ? []
      : (rules as readonly Rule<unknown>[])
          .filter((rule) => !rule.check(value, all))
          .map((rule) => violation(name, rule, value, all)),
  );
}

/** @throws {SettingsError} naming the construct, where there are mistakes */
export function refuse(construct: Construct, mistakes: readonly string[]): void {
  if (mistakes.length > 0) throw new SettingsError(`${construct.constructor.name} "${construct.node.path}"`, mistakes);
}

/** Whether a value is known to Terraform alone, as a whole or in a part. */
export function isToken(value: unknown): boolean {
  return Token.isUnresolved(value) || (Array.isArray(value) && value.some((element) => Token.isUnresolved(element)));
}
