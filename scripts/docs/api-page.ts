import ts from "typescript-6";
import { cell, codeLink, firstSentence, linked, prose, table } from "./markdown";
import { memberSections, notes, parameters, propertiesTable, returns } from "./members";
import type { Link, Places } from "./places";
import { type Library, settingsSection } from "./settings-table";
import type { Source } from "./source";
import { typeText } from "./type-text";

/** The page that lists every export. */
export const API_PAGE = "docs/api.md";

/** Returns the page that lists every export, and that describes those without a page or a table elsewhere. */
export function apiPage(library: Library, places: Places): string {
  const link = places.linkFrom(API_PAGE);
  const here = places.on(API_PAGE);
  const rows = [...library.source.exports].map(([name, symbol]) => ({
    Export: codeLink(name, link(name)),
    Kind: kindOf(symbol),
    "What it is": cell(linked(firstSentence(docstringOf(library, name, symbol)), link)),
  }));
  const sections = [...library.source.exports]
    .filter(([name]) => here.includes(name))
    .map(([name, symbol]) => section(library, name, symbol, link, here));
  return `<!-- Written by npm run docs from the docstrings in src. -->
# API

Everything that the package exports. A name leads to its construct's page, to its table of settings, or to its section
below.

${table(rows)}

## Other exports

${sections.join("\n\n")}
`;
}

/** An interface can have other declarations with the same name, such as a class. */
const docstringOf = ({ source }: Library, name: string, symbol: ts.Symbol): string => source.docstring(symbol, name);

function kindOf({ flags }: ts.Symbol): string {
  if (flags & ts.SymbolFlags.Class) return "class";
  if (flags & ts.SymbolFlags.Interface) return "interface";
  if (flags & ts.SymbolFlags.Function) return "function";
  return flags & ts.SymbolFlags.TypeAlias ? "type" : "constant";
}

function section(library: Library, name: string, symbol: ts.Symbol, link: Link, here: readonly string[]): string {
  const { source, schemas } = library;
  const heading = `### ${name}`;
  if (schemas.has(name)) return settingsSection(library, name, heading, link, here);
  const text = prose(source.docstring(symbol), source.tags(symbol, "see"), link);
  const [declaration] = symbol.declarations ?? [];
  return [heading, text, ...details(library, name, symbol, declaration, link)].join("\n\n");
}

function details(
  { source }: Library,
  name: string,
  symbol: ts.Symbol,
  declaration: ts.Declaration | undefined,
  link: Link,
): string[] {
  if (symbol.flags & ts.SymbolFlags.Class) {
    const constructors = [...(symbol.members?.values() ?? [])].filter(
      ({ flags }) => flags & ts.SymbolFlags.Constructor,
    );
    const made = constructors.flatMap((one) =>
      (one.declarations ?? [])
        .filter(ts.isConstructorDeclaration)
        .filter((each) => (ts.getCombinedModifierFlags(each) & ts.ModifierFlags.Private) === 0)
        .flatMap((each) => [
          code(`new ${name}(${parameters(each)})`),
          ...each.parameters.flatMap((parameter) => linkedParameter(source, parameter, link)),
          ...notes(source, one, link),
        ]),
    );
    return [...made, ...memberSections(source, symbol, "####", link)];
  }
  if (symbol.flags & ts.SymbolFlags.Interface) return [propertiesTable(source, source.interfaceType(name), link)];
  const callable = functionOf(declaration);
  if (callable) {
    const result = returns(source, callable, link);
    return [code(`${name}(${parameters(callable)})`), `Returns ${result}.`, ...notes(source, symbol, link)];
  }
  if (declaration && ts.isVariableDeclaration(declaration)) return [code(`const ${declaration.getText()};`)];
  return [`Type: ${typeText(source, source.checker.getDeclaredTypeOfSymbol(symbol), link).text}`];
}

/** Returns the function that a declaration declares, also as a constant. */
function functionOf(declaration: ts.Declaration | undefined): ts.SignatureDeclaration | undefined {
  if (!declaration || ts.isFunctionDeclaration(declaration)) return declaration;
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return value && ts.isArrowFunction(value) ? value : undefined;
}

/** Returns a link to the table of a parameter's settings. */
function linkedParameter(source: Source, parameter: ts.ParameterDeclaration, link: Link): string[] {
  const { text } = typeText(source, source.checker.getTypeAtLocation(parameter), link);
  return text.includes("](") ? [`\`${parameter.name.getText()}\`: ${text}`] : [];
}

const code = (text: string): string => `\`\`\`ts\n${text.replaceAll("\\|", "|")}\n\`\`\``;
