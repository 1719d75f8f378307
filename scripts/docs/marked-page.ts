import { readList } from "../coverage/field-list";
import { MAPPINGS } from "../coverage/mappings";
import { coverageTable } from "./coverage-table";
import type { Places } from "./places";
import { type Library, settingsSection } from "./settings-table";

const START = /^<!-- (settings|coverage): ([\w-]+) -->$/gm;
const MARKED =
  /^<!-- (settings|coverage): ([\w-]+) -->$(?:(?!^<!-- (?:settings|coverage): )[\s\S])*?^<!-- end of \1 -->$/gm;

/** Returns the interfaces whose tables a page has between markers. @throws {Error} when a marker has no end */
export const markedSettings = (text: string, page: string): string[] => markedNames(text, page, "settings");

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
  return text.replace(MARKED, (_, kind: string, name: string) => {
    const section =
      kind === "settings"
        ? settingsSection(library, name, `### ${name}`, link, onPage)
        : coverageTable(readList(name), MAPPINGS[name] ?? {}, link);
    return `<!-- ${kind}: ${name} -->\n${section}\n<!-- end of ${kind} -->`;
  });
}
