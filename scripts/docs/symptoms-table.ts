import { TABLES } from "../../cli/troubleshooting";
import { cell, table } from "./markdown";

/**
 * Returns a table of symptoms by its name, with a row for each. The commands of a fix follow it as code.
 *
 * @throws {Error} for a name that no table has
 */
export function symptomsTable(page: string, name: string): string {
  const symptoms = TABLES[name];
  if (symptoms === undefined) {
    throw new Error(
      `${page}: there is no table of symptoms "${name}". The tables are ${Object.keys(TABLES).join(", ")}.`,
    );
  }
  return table(
    symptoms.map(({ seen, cause, fix, commands = [] }) => ({
      "what you read": cell(seen),
      cause: cell(cause),
      fix: cell([fix, ...commands.map((command) => `\`${command}\``)].join(" ")),
    })),
  );
}
