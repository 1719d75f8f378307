import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "cdktf";

const resolver = new DefaultTokenResolver(new StringConcat());
/** A token within a text: CDKTF writes those of numbers as numbers that are far too large for any other use. */
const TOKEN = /TfToken\[|\de[-+]?\d/;

/**
 * A value as CDKTF resolves it in a stack's scope: tokens give way to what they stand for, what is undefined is left out.
 *
 * CDKTF looks for tokens in every key and every value, with a context for each, and once more when the stack is whole.
 * Here it is asked for what holds a token; all else is copied.
 */
export function resolvedIn(stack: TerraformStack, value: unknown): unknown {
  if (typeof value === "string" ? !TOKEN.test(value) : isPlain(value)) return value;
  if (Array.isArray(value) && !value.some(isListToken)) {
    return value.map((item) => resolvedIn(stack, item)).filter((item) => item !== undefined);
  }
  if (isRecord(value)) {
    const entries = Object.entries(value)
      .map(([key, item]): [string, unknown] => [key, resolvedIn(stack, item)])
      .filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries);
  }
  return Tokenization.resolve(value, { scope: stack, resolver, preparing: false });
}

/** Nothing that CDKTF would change. */
const isPlain = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === "boolean" || (typeof value === "number" && !isToken(value));

const isToken = (value: number): boolean => Math.abs(value) > Number.MAX_SAFE_INTEGER;

/** A list that is a token has one element, which is a text or a number. */
const isListToken = (item: unknown): boolean =>
  typeof item === "string" ? TOKEN.test(item) : typeof item === "number" && isToken(item);

/** An object without a class of its own and without a token in its keys, which is how a map that is a token looks. */
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  !("resolve" in value && typeof value.resolve === "function") &&
  !Object.keys(value).some((key) => TOKEN.test(key));
