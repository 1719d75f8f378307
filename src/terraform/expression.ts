import { type IResolvable, type IResolveContext, Token, Tokenization } from "cdktf";
import { quoted, TOKEN, template } from "./literal";

export { literal } from "./literal";

/** A value in an expression: a plain value, a CDKTF token, another expression, or a list or a map of them. */
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

/** A Terraform expression. {@link hcl} creates one. */
export class Expression implements IResolvable {
  /** Always empty. CDKTF captures a stack trace for each of its own tokens, which is the slowest part of a synth. */
  readonly creationStack: string[] = [];

  constructor(
    private readonly texts: readonly string[],
    /** The values between the texts. They contain all references of the expression. */
    readonly operands: readonly Operand[],
  ) {}

  resolve(context: IResolveContext): string {
    // Only the outermost expression has `${}`. The references inside it have none.
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

  /** Returns a placeholder for logs and test messages. The text is known only when the stack is synthesized. */
  toJSON(): string {
    return "<unresolved-expression>";
  }
}

/**
 * Returns a Terraform expression with values in it: hcl`length(${subnetIds}) > 1`. The text stays as you write it. A token
 * becomes a reference, and any other value a quoted and escaped literal. So a value cannot change the expression around it.
 */
export function hcl(texts: TemplateStringsArray, ...operands: readonly Operand[]): Expression {
  return new Expression(texts, operands);
}

/** Returns a number as text, for an argument that is text in Terraform. A token becomes a reference. */
export const numberText = (value: number): string =>
  Tokenization.reverseNumber(value) ? hcl`${value}`.string : String(value);
