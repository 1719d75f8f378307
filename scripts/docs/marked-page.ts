import { readList } from "../coverage/field-list";
import { MAPPINGS } from "../coverage/mappings";
import { coverageTable } from "./coverage-table";
import type { Places } from "./places";
import { type Library, settingsSection } from "./settings-table";
import { symptomsTable } from "./symptoms-table";

const START = /^<!-- (settings|coverage|symptoms): ([\w-]+) -->$/gm;
const MARKED =
  /^<!-- (settings|coverage|symptoms): ([\w-]+) -->$(?:(?!^<!-- (?:settings|coverage|symptoms): )[\s\S])*?^<!-- end of \1 -->$/gm;

/** Returns the interfaces whose tables a page has between markers. @throws {Error} when a marker has no end */
export const markedSettings = (text: string, page: string): string[] => markedNames(text, page, "settings");

/** Returns the tables of symptoms that a page has between markers. @throws {Error} when a marker has no end */
export const markedSymptoms = (text: string, page: string): string[] => markedNames(text, page, "symptoms");

/** Returns the lists of fields whose coverage a page has between markers. @throws {Error} when a marker has no end */
export const markedCoverage = (text: string, page: string): string[] => markedNames(text, page, "coverage");

function markedNames(text: string, page: string, kind: string): string[] {
  const started = [...text.matchAll(START)].map(([marker]) => marker);
  const marked = [...text.matchAll(MARKED)];
  const open = started.find((marker, index) => !marked[index]?.[0].startsWith(marker));
  if (open !== undefined) {
    throw new Error(`${page}: ${open} needs <!-- end of ${open.replace(/^<!-- (\w+).*/, "$1")} -->.`);
  }
  return marked.flatMap(([, what, name = ""]) => (what === kind ? [name] : []));
}

/** Returns a page with the tables between its markers. */
export function markedPage(library: Library, page: string, text: string, places: Places): string {
  const onPage = markedSettings(text, page);
  const link = places.linkFrom(page);
  const sections: Readonly<Record<string, (name: string) => string>> = {
    settings: (name) => settingsSection(library, name, `### ${name}`, link, onPage),
    coverage: (name) => coverageTable(readList(name), MAPPINGS[name] ?? {}, link),
    symptoms: (name) => `\n${symptomsTable(page, name)}\n`,
  };
  return text.replace(
    MARKED,
    (_, kind: string, name: string) => `<!-- ${kind}: ${name} -->\n${sections[kind]?.(name)}\n<!-- end of ${kind} -->`,
  );
}
