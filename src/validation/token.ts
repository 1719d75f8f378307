import { Token, Tokenization } from "cdktf";

/** CDKTF's text for a token in a string (`$`), a list token (`#`) and a map token (`&`). */
const TOKEN = /[$#&]\{TfToken\[[\w:.-]+\]\}/;
const EVERY_TOKEN = new RegExp(TOKEN, "g");

/** Returns true when only Terraform knows a value: a token of any type, a string that contains a token, or an element of a list token. */
export function isToken(value: unknown): boolean {
  if (typeof value === "string") return value.includes("{TfToken[") && TOKEN.test(value);
  // CDKTF encodes a number token as a huge negative number.
  if (typeof value === "number") return value < -1e200 && (Token.isUnresolved(value) || Token.isUnresolved([value]));
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.length === 1 && Token.isUnresolved(value);
  // The same as `Token.isUnresolved`, which compares each key with a new regular expression: a third of all validation.
  return Tokenization.isResolvable(value) || Object.keys(value).some((key) => key.startsWith("&{") && TOKEN.test(key));
}

/** Returns true for what `{ ...token }` leaves: the fields of the token's object, or an entry for each character of its text. */
export function isSpreadToken(value: Readonly<Record<string, unknown>>): boolean {
  const characters = Object.values(value).filter((one) => typeof one === "string" && one.length === 1);
  return Array.isArray(value.creationStack) || isToken(characters.join(""));
}

/** Returns false for text of a token that CDKTF does not know, such as one of another app or of AWS CDK. */
export function isRegistered(token: unknown): boolean {
  try {
    Tokenization.reverse(token);
    return true;
  } catch {
    return false;
  }
}

/** The type that a setting has in Terraform. */
export type Kind = "string" | "number" | "boolean" | "list" | "map";

/**
 * Converts a whole token to the form that CDKTF uses for a type, so that `variable.value`, `variable.listValue` and
 * `Fn.concat(…)` all fit a list setting.
 *
 * @returns undefined for a string that contains a token among other text, which fits a string setting only
 */
export function tokenAs(kind: Kind, token: unknown): unknown {
  const resolvable = Tokenization.isResolvable(token) ? token : wholeToken(token);
  if (resolvable === undefined) return kind === "string" && isText(token) ? token : undefined;
  switch (kind) {
    case "string":
      return typeof token === "string" ? token : Token.asString(resolvable);
    case "number":
      return typeof token === "number" ? token : Token.asNumber(resolvable);
    case "list":
      return Array.isArray(token) ? token : Token.asList(resolvable);
    case "map":
      return isPlainObject(token) ? token : Token.asStringMap(resolvable);
    default:
      return resolvable;
  }
}

/** Returns true for text around tokens. A list token in text, or among other elements of a list, means nothing to Terraform. */
const isText = (token: unknown): boolean => typeof token === "string" && !/[#&]\{TfToken\[/.test(token);

/** The one token that a value stands for, or undefined when there is text around it or several tokens. */
function wholeToken(value: unknown) {
  if (Array.isArray(value)) {
    return typeof value[0] === "number" ? Tokenization.reverseNumberList(value) : Tokenization.reverseList(value);
  }
  if (typeof value === "number") return Tokenization.reverseNumber(value);
  if (typeof value === "object" && value !== null) return Tokenization.reverseMap(value as Record<string, unknown>);
  if (typeof value !== "string" || value.replace(TOKEN, "") !== "") return undefined;
  return Tokenization.reverseString(value).firstToken;
}

/** Replaces each token in a text with a readable word. */
export const withTokensNamed = (text: string): string => text.replace(EVERY_TOKEN, "<token>");

/** Returns the part of a value that can be checked at synth: undefined for a token, and lists and maps without their tokens. */
export function plainPart(value: unknown): unknown {
  if (isToken(value)) return undefined;
  if (Array.isArray(value) && value.some(isToken)) {
    const plain = value.filter((element) => !isToken(element));
    return plain.length > 0 ? plain : undefined;
  }
  if (isPlainObject(value) && Object.values(value).some(isToken)) {
    return Object.fromEntries(Object.entries(value).filter(([, one]) => !isToken(one)));
  }
  return value;
}

/** Returns true for an object literal, and false for an instance of a class. The literal may come from another realm, as in tests. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
