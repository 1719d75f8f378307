import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "cdktf";

const resolver = new DefaultTokenResolver(new StringConcat());
/** A token in a text. CDKTF writes a number token as a number with an exponent. */
const TOKEN = /TfToken\[|\de[-+]?\d/;

/**
 * Resolves a value in the scope of a stack, with the same result as CDKTF: it replaces tokens and omits undefined values.
 *
 * CDKTF looks for tokens in every key and every value, and again in the whole stack. This function calls CDKTF only for
 * values with a token, and once for each text. It copies all other values.
 */
export const resolvedIn = (stack: TerraformStack, value: unknown): unknown => resolverIn(stack)(value);

/** Returns a function that does the same for many values, and resolves each text once. */
export function resolverIn(stack: TerraformStack): (value: unknown) => unknown {
  const texts = new Map<string, unknown>();
  const resolve = (token: unknown): unknown =>
    Tokenization.resolve(token, { scope: stack, resolver, preparing: false });
  const resolveText = (text: string): unknown => {
    if (!texts.has(text)) texts.set(text, resolve(text));
    return texts.get(text);
  };
  const visit = (item: unknown): unknown => {
    if (typeof item === "string") return TOKEN.test(item) ? resolveText(item) : item;
    if (isPlain(item)) return item;
    if (Array.isArray(item) && !item.some(isListToken)) return item.map(visit).filter((one) => one !== undefined);
    if (!isRecord(item)) return resolve(item);
    const copy: { [key: string]: unknown } = {};
    for (const key of Object.keys(item)) {
      const inner = visit(item[key]);
      if (inner !== undefined) copy[key] = inner;
    }
    return copy;
  };
  return visit;
}

/** Returns true for a value that CDKTF would not change. */
const isPlain = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === "boolean" || (typeof value === "number" && !isToken(value));

const isToken = (value: number): boolean => Math.abs(value) > Number.MAX_SAFE_INTEGER;

/** Returns true for the element of a list token: a list token has one element, a text or a number. */
const isListToken = (item: unknown): boolean =>
  typeof item === "string" ? item.includes("#{TfToken[") : typeof item === "number" && isToken(item);

/** Returns true for an object literal. A map token has a token as its key, so it is none. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  !("resolve" in value && typeof value.resolve === "function") &&
  !Object.keys(value).some((key) => TOKEN.test(key));
