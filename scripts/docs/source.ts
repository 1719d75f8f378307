import { dirname, join, sep } from "node:path";
import ts from "typescript-6";

const ROOT = join(__dirname, "../..");

/** TypeScript code, as the compiler reads it. TypeScript 7 has no API for it, so this uses TypeScript 6. */
export class Source {
  readonly checker: ts.TypeChecker;
  /** What the entry file exports, by name and in alphabetical order. */
  readonly exports: ReadonlyMap<string, ts.Symbol>;
  private readonly interfaces = new Map<string, ts.InterfaceDeclaration>();

  constructor(
    private readonly program: ts.Program,
    private readonly entry: string,
  ) {
    this.checker = program.getTypeChecker();
    const module = this.checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile);
    const exported = module ? this.checker.getExportsOfModule(module) : [];
    const resolved = (symbol: ts.Symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    this.exports = new Map(
      exported
        .map((symbol) => [symbol.name, resolved(symbol)] as const)
        .sort(([a], [b]) => a.localeCompare(b, "en", { sensitivity: "base" })),
    );
    for (const statement of this.files.flatMap((file) => [...file.statements])) {
      if (ts.isInterfaceDeclaration(statement)) this.interfaces.set(statement.name.text, statement);
    }
  }

  /** The entry file, and the files in its folder and below. */
  get files(): readonly ts.SourceFile[] {
    const folder = `${dirname(this.entry)}${sep}`;
    return this.program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder));
  }

  hasInterface(name: string): boolean {
    return this.interfaces.has(name);
  }

  /** Returns the type of an interface. @throws {Error} when no file declares it */
  interfaceType(name: string): ts.InterfaceType {
    const declaration = this.interfaces.get(name);
    if (!declaration) throw new Error(`src has no interface ${name}.`);
    return this.checker.getTypeAtLocation(declaration) as ts.InterfaceType;
  }

  /** Returns the docstring of an interface. @throws {Error} when it has none */
  interfaceDocstring(name: string): string {
    return this.docstring(this.interfaceType(name).symbol);
  }

  /** Returns a docstring without its tags. @throws {Error} when the declaration has none */
  docstring(symbol: ts.Symbol, name = symbol.name): string {
    const text = this.docstringIfAny(symbol);
    if (text === "") throw new Error(`${name} has no docstring.`);
    return text;
  }

  /** Returns a docstring without its tags, or an empty text. */
  docstringIfAny(symbol: ts.Symbol): string {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).trim();
  }

  /** Returns the texts of a docstring's tags with a name. */
  tags(symbol: ts.Symbol, name: string): string[] {
    const tags = symbol.getJsDocTags(this.checker).filter((tag) => tag.name === name);
    return tags.map(({ text }) => ts.displayPartsToString(text).trim());
  }
}

/** Reads the library's source. */
export function readLibrary(): Source {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const config = ts.getParsedCommandLineOfConfigFile(join(ROOT, "tsconfig.build.json"), {}, host);
  if (!config) throw new Error("tsconfig.build.json cannot be read.");
  return new Source(ts.createProgram(config.fileNames, { ...config.options, types: [] }), join(ROOT, "src/index.ts"));
}
