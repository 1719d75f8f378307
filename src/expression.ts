import { type IResolvable, type IResolveContext, Token, Tokenization } from "cdktf";

/** One string token of CDKTF, as it stands inside a JavaScript string until synthesis. */
const TOKEN = /(\$\{TfToken\[[a-zA-Z0-9:._-]+\]\})/;

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
const quoted = (text: string): string =>
  text
    .replace(/\\/g, "\\\\")
    .replace(/"/g, '\\"')
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t")
    .replace(/[\u0000-\u001f\u007f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Texts and the tokens between them as one template. */
const template = (parts: readonly string[], reference: (token: string) => string): string =>
  parts
    .map((part, index) => {
      if (index % 2 === 1) return reference(part);
      return index === parts.length - 1 ? escapeSequences(part) : escapeBeforeReference(part);
    })
    .join("");

/**
 * A caller's text, safe as the value of an argument: it arrives in Terraform as it was written, whatever it holds.
 * CDKTF tokens in it stay references. CDKTF itself leaves `${` and `%{` alone, and Terraform would evaluate them.
 */
export function literal(text: string): string {
  return template(text.split(TOKEN), (token) => token);
}

/** Anything that can stand in an expression: a plain value, a CDKTF token, another expression, or lists and maps of them. */
export type Operand = unknown;

function renderString(context: IResolveContext, value: string): string {
  const parts = value.split(TOKEN);
  const resolved = (part: string): string =>
    String(context.resolve(Tokenization.reverseString(part).firstToken ?? part));
  if (parts.length === 3 && parts[0] === "" && parts[2] === "") return resolved(value);
  const texts = parts.map((part, index) => (index % 2 === 0 ? quoted(part) : part));
  return `"${template(texts, (token) => `\${${resolved(token)}}`)}"`;
}

function render(context: IResolveContext, value: Operand): string {
  if (value === null || value === undefined) return "null";
  if (Tokenization.isResolvable(value)) return String(context.resolve(value));
  if (typeof value === "number") {
    const token = Tokenization.reverseNumber(value);
    return token ? String(context.resolve(token)) : String(value);
  }
  if (typeof value === "string") return renderString(context, value);
  if (Array.isArray(value)) {
    const token = value.length === 1 && typeof value[0] === "string" ? Tokenization.reverseList(value) : undefined;
    return token ? String(context.resolve(token)) : `[${value.map((item) => render(context, item)).join(", ")}]`;
  }
  if (typeof value === "object") {
    const token = Tokenization.reverseMap(value as Record<string, unknown>);
    if (token) return String(context.resolve(token));
    const entries = Object.entries(value).map(([key, item]) => `${render(context, key)} = ${render(context, item)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return String(value);
}

/** A Terraform expression; see {@link hcl}. */
export class Expression implements IResolvable {
  /** CDKTF captures a stack for each of its own tokens, which is the costliest part of a synth; these do without. */
  readonly creationStack: string[] = [];

  constructor(
    private readonly texts: readonly string[],
    private readonly operands: readonly Operand[],
  ) {}

  resolve(context: IResolveContext): string {
    // Inside an expression a reference is written bare, outside within `${}`: the outermost expression brings the braces.
    const nested = context.suppressBraces;
    context.suppressBraces = true;
    const body = this.texts
      .map((text, index) => (index === 0 ? text : render(context, this.operands[index - 1]) + text))
      .join("");
    context.suppressBraces = nested;
    return nested ? body : `\${${body}}`;
  }

  /** The expression as a string argument. */
  get string(): string {
    return Token.asString(this);
  }

  /** The expression as a number argument. */
  get number(): number {
    return Token.asNumber(this);
  }

  /** The expression as a list of strings. */
  get list(): string[] {
    return Token.asList(this);
  }

  /** The expression as a map of strings. */
  get map(): { [key: string]: string } {
    return Token.asStringMap(this);
  }

  toString(): string {
    return this.string;
  }

  toJSON(): string {
    return "<unresolved-expression>";
  }
}

/**
 * A Terraform expression with values in it: hcl`length(${subnetIds}) > 1`. The text is the author's own and taken as it
 * is; each value is rendered as an operand, a reference for a token and a quoted, escaped literal for anything else, so
 * that no text of a caller can leave its place.
 */
export function hcl(texts: TemplateStringsArray, ...operands: readonly Operand[]): Expression {
  return new Expression(texts, operands);
}
