import type { Link } from "./places";

/** Returns a table with a column for each key. A column in which every cell is empty is left out. */
export function table(rows: readonly Readonly<Record<string, string>>[]): string {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => rows.some((row) => row[column] !== ""));
  const lines = [columns, columns.map(() => "---"), ...rows.map((row) => columns.map((column) => row[column] ?? ""))];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Returns text for a cell: on one line, without a pipe that would end the cell. */
export const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");

/** Replaces each `{@link NAME}` by a link. A name without a place becomes code. */
export const linked = (text: string, link: Link): string =>
  text.replace(/\{@link ([\w.]+) *\}/g, (_, name: string) => codeLink(name, link(name)));

/** Returns code, with a link when it has an address. */
export const codeLink = (text: string, address: string | undefined): string =>
  address === undefined ? `\`${text}\`` : `[\`${text}\`](${address})`;

/** Returns the anchor that GitHub gives a heading. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, "")
    .replaceAll(" ", "-");

/** Returns a docstring as paragraphs, with its sources at the end. */
export const prose = (docstring: string, sources: readonly string[], link: Link): string =>
  [linked(docstring, link), ...sources.map((url) => `See <${url}>.`)].join("\n\n");

/** Returns the first sentence of a docstring, on one line. */
export function firstSentence(docstring: string): string {
  const text = docstring.replace(/\s*\n\s*/g, " ");
  return /^.*?[^.][.](?= [A-Z`]|$)/.exec(text)?.[0] ?? text;
}
