import { type Cover, type Mapping, propertiesOf } from "../coverage/cover";
import type { FieldList } from "../coverage/field-list";
import { cell, codeLink, table } from "./markdown";
import type { Link } from "./places";

/** Returns a table with each field of a list, and with what sets it. */
export function coverageTable({ source, fields }: FieldList, mapping: Mapping, link: Link): string {
  const rows = fields.map((field) => ({ Field: `\`${field}\``, "Set by": setBy(mapping[field], link) }));
  return `The fields are those of ${source}.\n\n${table(rows)}`;
}

function setBy(cover: Cover | undefined, link: Link): string {
  if (cover === undefined) return "";
  const properties = propertiesOf(cover).map((property) => codeLink(property, link(property.split(".")[0] ?? "")));
  if (properties.length > 0) return properties.join(", ");
  const { fixed, outOfScope = "Not yet." } = cover as { readonly fixed?: string; readonly outOfScope?: string };
  return cell(fixed ?? `Out of scope. ${outOfScope}`);
}
