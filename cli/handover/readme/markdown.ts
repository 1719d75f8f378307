/** Renders a table, or nothing without rows. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(heads), `|${" --- |".repeat(heads.length)}`, ...rows.map(line)].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** Renders text as code. Text with backticks needs a longer fence. */
export const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

export const block = (language: string, ...lines: readonly string[]): string =>
  [`\`\`\`${language}`, ...lines, "```"].join("\n");

/** Joins the texts that are not empty, with an empty line between them. */
export const paragraphs = (...texts: readonly (string | false | undefined)[]): string =>
  texts.filter(Boolean).join("\n\n");

/** Renders a section, or nothing without text. */
export const section = (title: string, ...texts: readonly (string | false | undefined)[]): string =>
  texts.some(Boolean) ? paragraphs(`## ${title}`, ...texts) : "";

/** Joins texts as a list: `a, b and c`. */
export const listed = (texts: readonly string[]): string => new Intl.ListFormat("en-GB").format(texts);
