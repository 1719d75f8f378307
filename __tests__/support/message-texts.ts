import ts from "typescript-6";
import { Field } from "../../src/validation/schema";
import { sources, textOf } from "./imports";
import type { Part } from "./synthesized";

/** A text of a message in the library. */
export interface MessageText {
  /** Matches each message that has the text. An expression in the source matches any text. */
  readonly pattern: RegExp;
  /** The file, and the line if it is known. */
  readonly at: string;
}

/** Completes "NAME must …", says how to fix it, or is the whole message. */
type MessagePart = "must" | "fix" | "whole";

/** The part of a message that properties, variables and parameters with a name have. */
const PARTS: Readonly<Record<string, MessagePart>> = {
  must: "must",
  rule: "must",
  fix: "fix",
  errorMessage: "whole",
  error_message: "whole",
  deprecation: "whole",
};

/** Returns the pattern of a text. Texts that differ only in numbers are one text. */
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\d+/g, "\\d+");

const PATTERNS: Readonly<Record<MessagePart, (pattern: string) => RegExp>> = {
  must: (pattern) => new RegExp(` must ${pattern.replace(/^must /, "")}[;,] `, "s"),
  fix: (pattern) => new RegExp(`(^|[.?] )${pattern}$`, "s"),
  whole: (pattern) => new RegExp(`^${pattern}$`, "s"),
};

/**
 * Returns the texts of messages that the sources of the library contain: the texts of properties, variables and arguments
 * named `must`, `fix`, `errorMessage` and so on, and of errors.
 */
export function textsInSources(): MessageText[] {
  const files = sources("src").map((file) => ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true));
  const functions = new Map<string, ts.SignatureDeclaration[]>();
  const constants = new Map<string, ts.Expression>();
  for (const file of files) {
    forEachNode(file, (node) => {
      const name = nameOf(node);
      if (name === undefined) return;
      const value = ts.isVariableDeclaration(node) ? node.initializer : node;
      if (value && ts.isFunctionLike(value)) functions.set(name, [...(functions.get(name) ?? []), value]);
      else if (ts.isVariableDeclaration(node) && value)
        constants.set(`${file.fileName} ${name}`, value as ts.Expression);
    });
  }

  /** Returns the functions that a call can call: those of its file, or those with the name that other files can export. */
  const calledBy = (call: ts.CallExpression): readonly ts.SignatureDeclaration[] => {
    const named = functions.get(calleeOf(call) ?? "") ?? [];
    const own = named.filter((one) => one.getSourceFile() === call.getSourceFile());
    return own.length > 0 ? own : named.filter((one) => !isInFunction(one));
  };

  const texts = new Map<string, MessageText>();
  const visited = new Set<ts.Expression>();
  const add = (part: MessagePart, expression: ts.Expression): void => {
    // A function can return what it calls itself with.
    if (visited.has(expression)) return;
    visited.add(expression);
    const file = expression.getSourceFile();
    const pattern = patternOf(expression);
    if (pattern === "") return;
    if (pattern !== undefined) {
      const { line } = file.getLineAndCharacterOfPosition(expression.getStart());
      const text = { pattern: PATTERNS[part](pattern), at: `${file.fileName}:${line + 1}` };
      texts.set(text.pattern.source, text);
    } else if (ts.isIdentifier(expression)) {
      const constant = constants.get(`${file.fileName} ${expression.text}`);
      // A constant with the name of a part is found by its name.
      if (constant && !(expression.text in PARTS)) add(part, constant);
    } else if (ts.isCallExpression(expression)) {
      for (const value of calledBy(expression).flatMap(returnedBy)) add(part, value);
    } else {
      for (const operand of operandsOf(expression)) add(part, operand);
    }
  };
  for (const file of files) {
    forEachNode(file, (node) => {
      const part = PARTS[nameOf(node) ?? ""];
      const hasValue = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node);
      if (part && hasValue && node.initializer) add(part, node.initializer);
      if (ts.isNewExpression(node) && node.expression.getText() === "Error" && node.arguments?.[0]) {
        add("whole", node.arguments[0]);
      }
      if (!ts.isCallExpression(node)) return;
      const called = calledBy(node);
      const { parameters } = called.find((one) => one.parameters.length === node.arguments.length) ?? called[0] ?? {};
      for (const [index, argument] of node.arguments.entries()) {
        const parameter = parameters?.[index]?.name.getText() ?? "";
        const ofArgument = parameter === "reason" ? "fix" : PARTS[parameter];
        if (ofArgument) add(ofArgument, argument);
      }
    });
  }
  return [...texts.values()];
}

/** Returns true for a function inside another function, which only that function can call. */
const isInFunction = (node: ts.Node): boolean =>
  ts.findAncestor(node.parent, (parent) => ts.isFunctionLike(parent)) !== undefined;

function forEachNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => forEachNode(child, visit));
}

const nameOf = (node: ts.Node): string | undefined =>
  (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node) || ts.isFunctionLike(node)) && node.name
    ? node.name.getText()
    : undefined;

/** Returns the name of a called function or method. */
const calleeOf = ({ expression }: ts.CallExpression): string | undefined =>
  ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();

/** Returns the values that a function returns. */
function returnedBy(declaration: ts.SignatureDeclaration): readonly ts.Expression[] {
  const { body } = declaration as ts.FunctionLikeDeclaration;
  if (body && !ts.isBlock(body)) return [body];
  const values: ts.Expression[] = [];
  if (body) {
    forEachNode(body, (node) => {
      if (ts.isReturnStatement(node) && node.expression) values.push(node.expression);
    });
  }
  return values;
}

/** Returns the operands that can be the value of an expression. */
function operandsOf(expression: ts.Expression): readonly ts.Expression[] {
  if (ts.isConditionalExpression(expression)) return [expression.whenTrue, expression.whenFalse];
  if (ts.isBinaryExpression(expression)) return [expression.left, expression.right];
  if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression)) return [expression.expression];
  return [];
}

/** Returns the regular expression of a text, or undefined for anything else. */
function patternOf(expression: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(expression)) return escaped(expression.text);
  if (!ts.isTemplateExpression(expression)) return undefined;
  return (
    [expression.head, ...expression.templateSpans.map(({ literal }) => literal)]
      .map(({ text }) => escaped(text))
      .join(".*")
      // An expression for Terraform: `${jsonencode(…)}`.
      .replace(/\\\$\\\{.*?\\\}/g, ".*")
  );
}

/** Returns the limits and the types of all fields that the library exports. */
export function textsOfSchemas(): MessageText[] {
  const texts = new Map<string, MessageText>();
  const add = (must: string, fix: string, at: string): void => {
    const pattern = new RegExp(` must ${escaped(must)}; received .*[.] ${escaped(fix)}$`, "s");
    if (!texts.has(pattern.source)) texts.set(pattern.source, { pattern, at });
  };
  const visited = new Set<unknown>();
  const visit = (value: unknown, at: string, isAlternative = false): void => {
    if (typeof value !== "object" || value === null || visited.has(value)) return;
    visited.add(value);
    if (Array.isArray(value)) for (const element of value) visit(element, at);
    const { must, fix } = value as Partial<Record<string, unknown>>;
    if (typeof must === "string" && typeof fix === "string") add(must, fix, at);
    if (!(value instanceof Field)) return;
    const { facts } = value;
    // All lists of values have the same fix, and a union reports the types of its alternatives.
    if (!facts.type.startsWith("one of ") && !isAlternative) add(`be ${facts.type}`, facts.fix, at);
    const isUnion = (facts.inner ?? []).length > 1;
    for (const alternative of facts.inner ?? []) visit(alternative, at, isUnion);
    for (const inner of [facts.limits, facts.eachLimits, Object.values(facts.shape ?? {})]) visit(inner, at);
  };
  for (const file of sources("src")) for (const value of Object.values(require(`../../${file}`))) visit(value, file);
  return [...texts.values()];
}

/** A condition with its message, as Terraform JSON has it. */
interface Check {
  readonly error_message: string;
}

/** Returns the messages of Terraform JSON, each with the address of the block that carries it. */
export function messagesInJson(json: Part): (readonly [address: string, message: string])[] {
  const blocks: [address: string, checks: readonly Check[]][] = [];
  for (const [kind, prefix] of [
    ["data", "data."],
    ["resource", ""],
  ] as const) {
    for (const [type, named] of Object.entries((json[kind] ?? {}) as Record<string, Record<string, Part>>)) {
      for (const [name, { lifecycle }] of Object.entries(named)) {
        const { precondition = [], postcondition = [] } = (lifecycle ?? {}) as Record<string, readonly Check[]>;
        blocks.push([`${prefix}${type}.${name}`, [...precondition, ...postcondition]]);
      }
    }
  }
  for (const [kind, prefix, checks] of [
    ["variable", "var", "validation"],
    ["check", "check", "assert"],
  ] as const) {
    for (const [name, block] of Object.entries((json[kind] ?? {}) as Record<string, Part>)) {
      blocks.push([`${prefix}.${name}`, (block[checks] ?? []) as readonly Check[]]);
    }
  }
  return blocks.flatMap(([address, checks]) =>
    checks.map(({ error_message }) => [address, withoutExpressions(error_message)] as const),
  );
}

/** Replaces each expression of a template: a variable by its name, and any other one by an ellipsis. */
function withoutExpressions(template: string): string {
  const start = template.indexOf("${");
  if (start < 0) return template;
  let end = start + 2;
  for (let depth = 1; depth > 0; end++) {
    if (template[end] === "{") depth++;
    if (template[end] === "}") depth--;
  }
  const [, variable = "…"] = /^var\.(\w+)$/.exec(template.slice(start + 2, end - 1)) ?? [];
  return `${template.slice(0, start)}<${variable}>${withoutExpressions(template.slice(end))}`;
}
