/** A string token of CDKTF inside a JavaScript string. */
export const TOKEN = /(\$\{TfToken\[[a-zA-Z0-9:._-]+\]\})/;

/** Doubles `${` and `%{`, so that Terraform reads them as text. */
const escapeSequences = (text: string): string => text.replace(/([$%])(?=\{)/g, "$1$1");

/**
 * Does the same for a text before a reference. A doubled `$` does not work there. A `$` directly before the reference would
 * turn the reference into text, and CDKTF omits the braces of a reference after an unclosed `${`. So each `$` becomes a
 * string: `${"$"}`.
 */
const escapeBeforeReference = (text: string): string =>
  text.replace(/%(?=\{)/g, "%%").replace(/\$+(?=\{|$)/g, (dollars) => `\${"${dollars}"}`);

/** Escapes a text for the quotes of a Terraform string. It does not escape template sequences. */
export const quoted = (text: string): string =>
  text
    .replace(/\\/g, "\\\\")
    .replace(/"/g, '\\"')
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t")
    .replace(/[\u0000-\u001f\u007f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Joins texts and the tokens between them to one template. @param parts texts and tokens in turn */
export const template = (parts: readonly string[], reference: (token: string) => string): string =>
  parts
    .map((part, index) => {
      if (index % 2 === 1) return reference(part);
      return index === parts.length - 1 ? escapeSequences(part) : escapeBeforeReference(part);
    })
    .join("");

/**
 * Returns a text that Terraform does not evaluate, for the value of an argument. It escapes `${` and `%{`, which CDKTF
 * does not. CDKTF tokens in the text stay references.
 */
export function literal(text: string): string {
  if (typeof text !== "string") throw new TypeError(`literal needs a string; received ${typeof text}.`);
  return template(text.split(TOKEN), (token) => token);
}
