import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "cdktf";

const resolver = new DefaultTokenResolver(new StringConcat());
/** A token within a text: CDKTF writes those of numbers as numbers that are far too large for any other use. */
const TOKEN = /TfToken\[|\de[-+]?\d/;

/**
 * A value as CDKTF resolves it in a stack's scope: tokens give way to what they stand for, what is undefined is left out.
 *
 * CDKTF looks for tokens in every key and every value, with a context for each, and once more when the stack is whole.
 * Here it is asked for what holds a token, and once for each text; all else is copied.
 */
export const resolvedIn = (stack: TerraformStack, value: unknown): unknown => resolverIn(stack)(value);

/** The same for many values, of which each text is asked for once. */
export function resolverIn(stack: TerraformStack): (value: unknown) => unknown {
  const texts = new Map<string, unknown>();
  const asked = (token: unknown): unknown => Tokenization.resolve(token, { scope: stack, resolver, preparing: false });
  const ofText = (text: string): unknown => {
    if (!texts.has(text)) texts.set(text, asked(text));
    return texts.get(text);
  };
  const visit = (item: unknown): unknown => {
    if (typeof item === "string") return TOKEN.test(item) ? ofText(item) : item;
    if (isPlain(item)) return item;
    if (Array.isArray(item) && !item.some(isListToken)) return item.map(visit).filter((one) => one !== undefined);
    if (!isRecord(item)) return asked(item);
    const copy: { [key: string]: unknown } = {};
    for (const key of Object.keys(item)) {
      const inner = visit(item[key]);
      if (inner !== undefined) copy[key] = inner;
    }
    return copy;
  };
  return visit;
}

/** Nothing that CDKTF would change. */
const isPlain = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === "boolean" || (typeof value === "number" && !isToken(value));

const isToken = (value: number): boolean => Math.abs(value) > Number.MAX_SAFE_INTEGER;

/** A list that is a token has one element, which is a text or a number. */
const isListToken = (item: unknown): boolean =>
  typeof item === "string" ? item.includes("#{TfToken[") : typeof item === "number" && isToken(item);

/** An object without a class of its own and without a token in its keys, which is how a map that is a token looks. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  !("resolve" in value && typeof value.resolve === "function") &&
  !Object.keys(value).some((key) => TOKEN.test(key));
