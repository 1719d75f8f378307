import type ts from "typescript-6";
import { describe, type Schema } from "../../src/validation/schema";
import { variableName } from "../../src/validation/settings-rule";
import { cell, codeLink, linked, prose, table } from "./markdown";
import type { Link } from "./places";
import { type Schemas, type Shape, shapeWithin } from "./schemas";
import type { Source } from "./source";
import { typeText } from "./type-text";

/** The library's source and its schemas. */
export interface Library {
  readonly source: Source;
  readonly schemas: Schemas;
}

/**
 * Returns a section about an interface of settings: its docstring and its table. Inherited settings are in the table,
 * except those of an interface that has its own table on the page.
 *
 * @param onPage the interfaces that have a table on the page
 */
export function settingsSection(
  library: Library,
  name: string,
  heading: string,
  link: Link,
  onPage: readonly string[],
): string {
  const { source } = library;
  const type = source.interfaceType(name);
  const bases = basesOn(source, type, onPage);
  const inherited = new Set(bases.flatMap((base) => settingNames(source, base)));
  const links = bases.map((base) => codeLink(base, link(base)));
  const more = links.length > 1 ? `${links.slice(0, -1).join(", ")} and ${links.at(-1)}` : links[0];
  return [
    heading,
    prose(source.interfaceDocstring(name), source.tags(type.symbol, "see"), link),
    ...(more === undefined ? [] : [`It also has every setting of ${more}.`]),
    settingsTable(library, name, link, inherited),
  ].join("\n\n");
}

/** Returns the nearest interfaces that an interface extends and that have a table on the page. */
function basesOn(source: Source, type: ts.InterfaceType, onPage: readonly string[]): string[] {
  return source.checker
    .getBaseTypes(type)
    .flatMap((base) =>
      onPage.includes(base.symbol.name) ? [base.symbol.name] : basesOn(source, base as ts.InterfaceType, onPage),
    );
}

const settingNames = (source: Source, name: string): string[] =>
  source.checker.getPropertiesOfType(source.interfaceType(name)).map((property) => property.name);

/**
 * Returns a table of an interface's settings. Name, type and meaning come from the interface, default and limits from its
 * schema.
 *
 * @throws {Error} for a setting without a docstring, and for an `@default` that contradicts the schema
 */
export function settingsTable(
  { source, schemas }: Library,
  interfaceName: string,
  link: Link,
  leftOut: ReadonlySet<string> = new Set(),
): string {
  const shapes = [...(schemas.get(interfaceName) ?? [])];
  if (shapes.length === 0) throw new Error(`No file exports a schema of ${interfaceName}.`);
  const rows = source.checker
    .getPropertiesOfType(source.interfaceType(interfaceName))
    .filter(({ name }) => !leftOut.has(name))
    .map((property) => readRow(source, interfaceName, property, shapes, link));
  const required = rows.filter(({ isRequired }) => isRequired);
  const sorted = [...required, ...rows.filter((row) => !required.includes(row))];
  const areVariables = rows.every(({ variable }) => variable !== undefined);
  const simple = rows.filter(({ tokens }) => tokens !== undefined);
  const allReject = simple.length > 1 && simple.every(({ tokens }) => tokens === "no token");
  const cells = sorted.map(({ name, variable, type, fallback, meaning, limits, tokens }) => ({
    Setting: `\`${name}\``,
    Variable: areVariables ? `\`${variable}\`` : "",
    Type: type,
    Default: fallback,
    Meaning: meaning,
    Limits: cell([...limits, ...(tokens && !allReject ? [tokens] : [])].join("; ")),
  }));
  return `${allReject ? "None of these settings can be a token.\n\n" : ""}${table(cells)}`;
}

interface Row {
  readonly name: string;
  readonly isRequired: boolean;
  /** The Terraform variable that has the setting as its default. */
  readonly variable?: string;
  readonly type: string;
  readonly fallback: string;
  readonly meaning: string;
  readonly limits: readonly string[];
  /** Which tokens the setting accepts, or an empty text for all. Undefined for an object, where nobody expects a token. */
  readonly tokens?: string;
}

function readRow(source: Source, owner: string, property: ts.Symbol, shapes: readonly Shape[], link: Link): Row {
  const { name } = property;
  const where = `${owner}.${name}`;
  const docstring = source.docstring(property, where);
  const fields = shapes.flatMap((shape) => shape[name] ?? []);
  const [field] = fields;
  if (!field) throw new Error(`The schema of ${owner} has no field ${name}.`);
  const { description, isOptional } = field.facts;
  const variable = description === undefined ? undefined : variableName(name);
  const { text, isShortened } = typeText(source, source.checker.getTypeOfSymbol(property), link, valuesIn(field));
  return {
    name,
    isRequired: !isOptional,
    variable,
    type: text,
    fallback: defaultText(where, field, source.tags(property, "default")),
    meaning: meaning(source, property, docstring, variable, link),
    limits: [...(isShortened ? [valuesOf(field)] : []), ...new Set(commonLimits(fields).map(limitText))],
    tokens: isSimple(field) ? acceptedTokens(field) : undefined,
  };
}

/** Returns the limits that every schema of an interface has. */
function commonLimits([first, ...others]: readonly Schema[]): readonly string[] {
  const limits = first ? describe(first).limits : [];
  // A table says in fewer words that a setting cannot be a token.
  return limits.filter((limit) => limit !== KNOWN && others.every((other) => describe(other).limits.includes(limit)));
}

const KNOWN = "be known when the code runs";

/** Returns true for a text, a number or a boolean, and for lists and maps of them. */
const isSimple = (field: Schema): boolean =>
  field.facts.kind !== undefined && shapeWithin(field) === undefined && (field.facts.inner ?? []).every(isSimple);

/** Returns a text that names the values of all choices in a field in the order of the schema. */
const valuesIn = ({ facts }: Schema): string => [facts.type, ...(facts.inner ?? []).map(valuesIn)].join(" ");

/** Returns which tokens a setting accepts, or an empty text for all. */
function acceptedTokens({ facts: { isPlain, description, isReferable } }: Schema): string {
  if (description !== undefined && isReferable) return "or a reference to a resource";
  return isPlain || description !== undefined ? "no token" : "";
}

/** Returns the values of a choice, whose type is too long for its column. */
const valuesOf = ({ facts }: Schema): string => facts.type.replaceAll(/"[^"]*"/g, (value) => `\`${value}\``);

/** Shortens a limit, which completes the sentence "It must …". */
function limitText(must: string): string {
  const [, text = must, each] = /^(.*?)( \(each\))?$/.exec(must) ?? [];
  const [, from, to, unit] = /^be a whole number from (\S+) to (\S+)(.*)$/.exec(text) ?? [];
  const range = to === `${Number.MAX_SAFE_INTEGER}` ? `${from} or more` : `${from} to ${to}${unit}`;
  const phrase = /^(?:be|have) (.*)$/.exec(text)?.[1] ?? `must ${text}`;
  return `${each ? "each: " : ""}${from === undefined ? phrase : range}`;
}

/** Returns the default, about which the docstring and the schema agree. */
function defaultText(where: string, field: Schema, tags: readonly string[]): string {
  const { isOptional = false, fallback } = field.facts;
  const [written, ...others] = tags;
  if (others.length > 0) throw new Error(`${where} has more than one @default.`);
  if (!isOptional) {
    if (written !== undefined) throw new Error(`${where} is required. Remove its @default ${written}.`);
    return "**required**";
  }
  // Words describe a default that the code works out, or what the defaults inside an object amount to.
  const isWords = written?.startsWith("- ") && (fallback === undefined || (typeof fallback === "object" && fallback));
  if (isWords) return cell(written?.slice(2) ?? "");
  if (fallback === undefined) throw new Error(`${where} needs "@default - " and words: its schema has no default.`);
  const value = JSON.stringify(fallback);
  if (written !== value) throw new Error(`${where} needs @default ${value}, as in its schema. It has ${written}.`);
  return `\`${cell(value)}\``;
}

function meaning(source: Source, property: ts.Symbol, text: string, variable: string | undefined, link: Link): string {
  // The table has a column for the variable.
  const own = variable === undefined ? text : text.replace(new RegExp(`^\`${variable}\`(: |, )`), "");
  const more = source.tags(property, "see").map((url) => `[More](${url}).`);
  return cell([linked(`${own.charAt(0).toUpperCase()}${own.slice(1)}`, link), ...more].join(" "));
}
