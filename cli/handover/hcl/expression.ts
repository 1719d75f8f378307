import { quotedText, stringEnd, type TemplatePart, templateParts, withReadableDollars } from "./template";

/**
 * What a quoted string may not have in an expression for python-hcl2, which checkov reads HCL with: an expression of a
 * string ends for it at the first brace or quote. It does not read directives either, but nothing has the meaning of one.
 */
const UNREADABLE = /[{}]|\\"/;

/** Renders a string of Terraform JSON, which is a template, as a quoted string. */
export const quotedTemplate = (parts: readonly TemplatePart[]): string => rendered(parts, quotedText);

/**
 * Renders an expression: adds a space after each comma like `terraform fmt`, and rewrites the strings and numbers that
 * python-hcl2 cannot read.
 */
export function expressionText(expression: string): string {
  let result = "";
  for (let at = 0; at < expression.length; ) {
    const [number] = /[\w.]$/.test(result) ? [] : (/^\d+(\.\d+)?[eE][+-]?\d+/.exec(expression.slice(at)) ?? []);
    if (expression[at] === '"') {
      const end = stringEnd(expression, at + 1);
      result += rendered(templateParts(expression.slice(at + 1, end)), withReadableDollars);
      at = end + 1;
    } else if (number !== undefined) {
      result += numberText(number);
      at += number.length;
    } else {
      result += expression[at];
      if (expression[at] === "," && !/\s/.test(expression[at + 1] ?? " ")) result += " ";
      at += 1;
    }
  }
  return result;
}

/** Renders a template. One that python-hcl2 cannot read becomes a call of `join`, which also turns its arguments into text. */
function rendered(parts: readonly TemplatePart[], escaped: (text: string) => string): string {
  const texts = parts.map((part) =>
    "text" in part
      ? { opening: "", text: escaped(part.text) }
      : { opening: part.opening, text: expressionText(part.expression.trim()) },
  );
  const isReadable = texts.every(({ opening, text }) => opening === "" || !UNREADABLE.test(text));
  if (isReadable || texts.some(({ opening }) => opening === "%{")) {
    return `"${texts.map(({ opening, text }) => (opening ? `${opening}${text}}` : text)).join("")}"`;
  }
  const [only] = texts;
  if (only && texts.length === 1) return `(${only.text})`;
  return `join("", [${texts.map(({ opening, text }) => (opening ? text : `"${text}"`)).join(", ")}])`;
}

/** Writes out the digits of a number in scientific notation: `1e15`. */
export function numberText(number: string): string {
  const [, sign = "", whole = "", fraction = "", exponent] = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(number) ?? [];
  if (exponent === undefined) return number;
  const point = whole.length + Number(exponent);
  const digits = `${"0".repeat(Math.max(0, 1 - point))}${whole}${fraction}`.padEnd(point, "0");
  const at = Math.max(1, point);
  const decimals = digits.slice(at).replace(/0+$/, "");
  return `${sign}${digits.slice(0, at)}${decimals ? `.${decimals}` : ""}`;
}
