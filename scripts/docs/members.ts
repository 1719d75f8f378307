import ts from "typescript-6";
import { cell, linked, table } from "./markdown";
import type { Link } from "./places";
import type { Source } from "./source";
import { typeText } from "./type-text";

/** Returns a table of an interface's properties, from its docstrings only. Objects without a name have rows of their own. */
export function propertiesTable(source: Source, type: ts.Type, link: Link): string {
  return table(propertyRows(source, type, "", link));
}

function propertyRows(source: Source, type: ts.Type, prefix: string, link: Link): Readonly<Record<string, string>>[] {
  return source.checker.getPropertiesOfType(type).flatMap((property) => {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const own = source.checker.getNonNullableType(source.checker.getTypeOfSymbol(property));
    const isAnonymous = (own.flags & ts.TypeFlags.Object) !== 0 && own.symbol?.flags === ts.SymbolFlags.TypeLiteral;
    const [written = ""] = source.tags(property, "default");
    const row = {
      Property: `\`${prefix}${property.name}\``,
      Type: isAnonymous ? "object" : typeText(source, own, link).text,
      Default: isOptional
        ? cell(written.startsWith("- ") ? written.slice(2) : codeOr(written, "none"))
        : "**required**",
      Meaning: meaning(source, property, link),
    };
    return [row, ...(isAnonymous ? propertyRows(source, own, `${prefix}${property.name}.`, link) : [])];
  });
}

const codeOr = (value: string, fallback: string): string => (value === "" ? fallback : `\`${value}\``);

/** Returns the sections about the public attributes and methods of a class, each with a table. */
export function memberSections(source: Source, symbol: ts.Symbol, level: string, link: Link): string[] {
  const members = [...(symbol.exports?.values() ?? []), ...(symbol.members?.values() ?? [])].filter(isPublic);
  const attributes = members.filter(({ flags }) => flags & (ts.SymbolFlags.Property | ts.SymbolFlags.GetAccessor));
  const methods = members.filter(({ flags }) => flags & ts.SymbolFlags.Method);
  const attributeRows = attributes.map((member) => ({
    Attribute: `\`${member.name}\``,
    Type: typeText(source, source.checker.getTypeOfSymbol(member), link).text,
    Meaning: meaning(source, member, link),
  }));
  const methodRows = methods.flatMap((member) =>
    (member.declarations ?? []).filter(ts.isMethodDeclaration).map((declaration) => ({
      Method: `\`${isStatic(declaration) ? `${symbol.name}.` : ""}${member.name}(${parameters(declaration)})\``,
      Returns: returns(source, declaration, link),
      Meaning: [meaning(source, member, link), ...notes(source, member, link)].join(" "),
    })),
  );
  return [
    ...(attributeRows.length > 0 ? [`${level} Attributes\n\n${table(attributeRows)}`] : []),
    ...(methodRows.length > 0 ? [`${level} Methods\n\n${table(methodRows)}`] : []),
  ];
}

/** Returns the parameters of a function as its declaration writes them. */
export const parameters = ({ parameters }: ts.SignatureDeclaration): string =>
  parameters.map((one) => cell(one.getText().replaceAll(/\b(private|readonly) |\/\*[\s\S]*?\*\/\s*/g, ""))).join(", ");

/** Returns the type of what a function returns. */
export function returns(source: Source, declaration: ts.SignatureDeclaration, link: Link): string {
  const signature = source.checker.getSignatureFromDeclaration(declaration);
  return signature ? typeText(source, signature.getReturnType(), link).text : "";
}

/** Returns what a docstring says about parameters and errors. */
export function notes(source: Source, symbol: ts.Symbol, link: Link): string[] {
  const thrown = source.tags(symbol, "throws").map((text) => `Throws ${text.replace(/^\{(\w+)\}/, "`$1`")}.`);
  const parameter = source.tags(symbol, "param").map((text) => `\`${text.replace(/ /, "`: ")}.`);
  return [...parameter, ...thrown].map((text) => cell(linked(text, link)));
}

const isStatic = (declaration: ts.Declaration): boolean =>
  (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Static) !== 0;

/** Returns true for a member that this class adds, and that code outside the class can use. */
function isPublic({ declarations = [] }: ts.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override;
  return declarations.length > 0 && declarations.every((one) => (ts.getCombinedModifierFlags(one) & hidden) === 0);
}

const meaning = (source: Source, symbol: ts.Symbol, link: Link): string =>
  cell(linked(source.docstringIfAny(symbol), link));
