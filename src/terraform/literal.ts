/** One string token of CDKTF, as it stands inside a JavaScript string until synthesis. */
export const TOKEN = /(\$\{TfToken\[[a-zA-Z0-9:._-]+\]\})/;

/** The text as Terraform's template syntax has to be given it: `${` and `%{` are doubled, so that they stay text. */
const escapeSequences = (text: string): string => text.replace(/([$%])(?=\{)/g, "$1$1");

/**
 * The same before a reference, where a doubled `$` won't do: a `$` right before the reference would make text of it, and
 * CDKTF leaves the braces of a reference out where the text before it has a `${` that isn't closed. There each is a
 * string of its own: `${"$"}`.
 */
const escapeBeforeReference = (text: string): string =>
  text.replace(/%(?=\{)/g, "%%").replace(/\$+(?=\{|$)/g, (dollars) => `\${"${dollars}"}`);

/** The text as it stands between the quotes of a Terraform string; template sequences are another matter. */
export const quoted = (text: string): string =>
  text
    .replace(/\\/g, "\\\\")
    .replace(/"/g, '\\"')
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t")
    .replace(/[\u0000-\u001f\u007f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Texts and the tokens between them as one template. */
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
  return template(text.split(TOKEN), (token) => token);
}
