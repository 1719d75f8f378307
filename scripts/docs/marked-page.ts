import type { Places } from "./places";
import { type Library, settingsSection } from "./settings-table";

const START = /^<!-- settings: (\w+) -->$/gm;
const MARKED = /^<!-- settings: (\w+) -->$(?:(?!^<!-- settings: )[\s\S])*?^<!-- end of settings -->$/gm;

/** Returns the interfaces whose tables a page has between markers. @throws {Error} when a marker has no end */
export function markedSettings(text: string, page: string): string[] {
  const started = [...text.matchAll(START)].map(([, name = ""]) => name);
  const marked = [...text.matchAll(MARKED)].map(([, name = ""]) => name);
  const open = started.find((name, index) => name !== marked[index]);
  if (open !== undefined) throw new Error(`${page}: <!-- settings: ${open} --> needs <!-- end of settings -->.`);
  return marked;
}

/** Returns a page with the tables between its markers. */
export function markedPage(library: Library, page: string, text: string, places: Places): string {
  const onPage = markedSettings(text, page);
  const link = places.linkFrom(page);
  return text.replace(MARKED, (_, name: string) => {
    const section = settingsSection(library, name, `### ${name}`, link, onPage);
    return `<!-- settings: ${name} -->\n${section}\n<!-- end of settings -->`;
  });
}
