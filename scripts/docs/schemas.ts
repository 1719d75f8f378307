import { basename } from "node:path";
import ts from "typescript-6";
import type { Schema } from "../../src/validation/schema";
import type { Source } from "./source";

/** The fields of a schema by the names of their settings. */
export type Shape = Readonly<Record<string, Schema>>;

/** The schemas of each interface by its name. An interface has several when settings use it with different limits. */
export type Schemas = ReadonlyMap<string, ReadonlySet<Shape>>;

/**
 * Finds the schemas of interfaces: those that files export, and those inside them.
 *
 * @param load returns what a file exports
 */
export function findSchemas(source: Source, load: (file: string) => object): Schemas {
  const schemas = new Map<string, Set<Shape>>();
  const add = (name: string, shape: Shape) => {
    const known = schemas.get(name) ?? new Set();
    if (known.has(shape)) return;
    schemas.set(name, known.add(shape));
    for (const property of source.checker.getPropertiesOfType(source.interfaceType(name))) {
      const inner = shapeWithin(shape[property.name]);
      const [only, ...others] = interfacesIn(source, property);
      if (inner && only && others.length === 0) add(only, inner);
    }
  };
  for (const file of source.files) {
    for (const [name, constant] of file.statements.flatMap(schemaConstants)) {
      const schema = (load(file.fileName) as Readonly<Record<string, { readonly shape: Shape }>>)[constant];
      if (!schema) throw new Error(`${basename(file.fileName)} must export ${constant}.`);
      add(name, schema.shape);
    }
  }
  return schemas;
}

/** Returns the exported constants `NAME = schemaOf<INTERFACE>()(…)` of a statement. */
function schemaConstants(statement: ts.Statement): [interfaceName: string, constant: string][] {
  if (!ts.isVariableStatement(statement)) return [];
  if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }): [string, string][] => {
    if (!initializer || !ts.isCallExpression(initializer) || !ts.isCallExpression(initializer.expression)) return [];
    const { expression, typeArguments } = initializer.expression;
    const [type] = typeArguments ?? [];
    return expression.getText() === "schemaOf" && type && ts.isTypeReferenceNode(type)
      ? [[type.typeName.getText(), name.getText()]]
      : [];
  });
}

/** Returns the fields of the settings inside a list, a map or a union. */
export function shapeWithin(field: Schema | undefined): Shape | undefined {
  if (!field) return undefined;
  const { shape, inner = [] } = field.facts;
  return (shape as Shape | undefined) ?? inner.map(shapeWithin).find((found) => found !== undefined);
}

/** Returns the names of the interfaces that the type of a property mentions. */
function interfacesIn(source: Source, property: ts.Symbol): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && source.hasInterface(node.text)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const declaration of property.declarations ?? []) {
    if (ts.isPropertySignature(declaration) && declaration.type) visit(declaration.type);
  }
  return [...names];
}
