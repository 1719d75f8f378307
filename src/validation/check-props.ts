import { Token, Tokenization } from "cdktf";
import type { Construct } from "constructs";
import { TOKEN } from "../terraform/literal";
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
  return Object.entries(props).flatMap(([name, [value, rules]]) => {
    const known = knownPart(value);
    return known === undefined
      ? []
      : (rules as readonly Rule<unknown>[])
          .filter((rule) => !rule.check(known, all))
          .map((rule) => violation(name, rule, known, all));
  });
}

/** What of a value can be held against a rule now: of a list the plain elements, of a token nothing. */
function knownPart(value: unknown): unknown {
  if (isWholeToken(value)) return undefined;
  if (!Array.isArray(value)) return value;
  const plain = value.filter((element) => !Token.isUnresolved(element));
  return plain.length === 0 && value.length > 0 ? undefined : plain;
}

/** A list token is a list of one odd string, and not of tokens. */
const isWholeToken = (value: unknown): boolean =>
  Array.isArray(value) ? Tokenization.reverseList(value as string[]) !== undefined : Token.isUnresolved(value);

/** @throws {SettingsError} naming the construct, where there are mistakes */
export function refuse(construct: Construct, mistakes: readonly string[]): void {
  if (mistakes.length > 0) throw new SettingsError(`${construct.constructor.name} "${construct.node.path}"`, mistakes);
}

/** Whether a value is known to Terraform alone, as a whole or in a part. */
export function isToken(value: unknown): boolean {
  return Token.isUnresolved(value) || (Array.isArray(value) && value.some((element) => Token.isUnresolved(element)));
}

/** How many bytes a value has as JSON at least: what Terraform alone knows counts nothing. */
export const leastBytes = (value: unknown): number =>
  Buffer.byteLength(
    JSON.stringify(value)
      .split(TOKEN)
      .filter((_, index) => index % 2 === 0)
      .join(""),
  );
