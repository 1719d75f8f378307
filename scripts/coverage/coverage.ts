import type { Library } from "../docs/settings-table";
import { type Mapping, propertiesOf } from "./cover";
import type { FieldList } from "./field-list";

/** Returns what keeps a mapping from being complete: a sentence for each problem. */
export function coverageProblems(name: string, { fields }: FieldList, mapping: Mapping, library: Library): string[] {
  const open = fields.filter((field) => !Object.hasOwn(mapping, field));
  const stale = Object.keys(mapping).filter((field) => !fields.includes(field));
  const wrong = Object.entries(mapping).flatMap(([field, cover]) =>
    propertiesOf(cover)
      .filter((property) => !exists(property, library))
      .map((property) => `${name}: ${field} names ${property}, which does not exist.`),
  );
  return [
    ...open.map(
      (field) => `${name}: ${field} has no row in the mapping. Map it to a property, or say why it is out of scope.`,
    ),
    ...stale.map((field) => `${name}: ${field} is in the mapping, and not in the list. Remove its row.`),
    ...wrong,
  ];
}

/** Returns true for a setting of an exported interface, and for a method of an exported class. */
function exists(property: string, { source, schemas }: Library): boolean {
  const [owner = "", name = ""] = property.split(".");
  const symbol = source.exports.get(owner);
  if (!symbol) return false;
  if (name.endsWith("()")) return symbol.exports?.has(name.slice(0, -2) as never) ?? false;
  return [...(schemas.get(owner) ?? [])].some((shape) => Object.hasOwn(shape, name));
}
