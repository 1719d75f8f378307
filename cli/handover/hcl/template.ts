/** A part of a template: text, or an expression in `${…}` or `%{…}`. Strings of Terraform JSON are templates. */
export type TemplatePart = { readonly text: string } | { readonly expression: string; readonly opening: "${" | "%{" };

/** Splits a template into text and expressions. `$${` and `%%{` are text. */
export function templateParts(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = "";
  let at = 0;
  while (at < template.length) {
    const three = template.slice(at, at + 3);
    const two = three.slice(0, 2);
    if (three === "$${" || three === "%%{") {
      text += three;
      at += 3;
    } else if (two === "${" || two === "%{") {
      const end = closing(template, at + 2);
      if (text) parts.push({ text });
      text = "";
      parts.push({ expression: template.slice(at + 2, end), opening: two });
      at = end + 1;
    } else {
      text += template[at];
      at += 1;
    }
  }
  if (text) parts.push({ text });
  return parts;
}

/** Returns the index of the brace that closes an expression. Skips braces and strings inside the expression. */
function closing(template: string, start: number): number {
  let depth = 0;
  for (let at = start; at < template.length; at += 1) {
    const character = template[at];
    if (character === '"') at = stringEnd(template, at + 1);
    else if (character === "{") depth += 1;
    else if (character === "}" && depth === 0) return at;
    else if (character === "}") depth -= 1;
  }
  return template.length;
}

/** Returns the index of the quote that ends a string inside an expression. Skips templates inside the string. */
export function stringEnd(template: string, start: number): number {
  for (let at = start; at < template.length; at += 1) {
    const three = template.slice(at, at + 3);
    if (template[at] === "\\") at += 1;
    else if (three === "$${" || three === "%%{") at += 2;
    else if (three.startsWith("${") || three.startsWith("%{")) at = closing(template, at + 2);
    else if (template[at] === '"') return at;
  }
  return template.length;
}

/** Escapes text for a quoted string in HCL. JSON and HCL share the escapes `$${` and `%%{`. */
export const quotedText = (text: string): string =>
  withReadableDollars(
    text
      .replaceAll("\\", "\\\\")
      .replaceAll('"', '\\"')
      .replaceAll("\n", "\\n")
      .replaceAll("\r", "\\r")
      .replaceAll("\t", "\\t"),
  );

/**
 * Writes `$${` in escaped text in another way where python-hcl2 cannot read it. It takes `$${` for the start of an expression,
 * which has to end, and can have no escaped quotes.
 */
export const withReadableDollars = (text: string): string => text.replace(/\$\$\{(?![^{}"\\]*\})/g, "\\u0024{");

/** Renders a string that is no template, such as a variable's default: escapes what looks like an expression. */
export const literalString = (text: string): string =>
  `"${quotedText(text.replace(/[$%](?=\{)/g, (sign) => sign + sign))}"`;
