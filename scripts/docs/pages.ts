import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKS } from "../../cli/doctor/checks";
import { API_PAGE, apiPage } from "./api-page";
import { type ConstructPage, constructIndex, constructPage, SETTINGS } from "./construct-page";
import { doctorPage } from "./doctor-page";
import { effectsPage, readEffects } from "./effects-table";
import { markedCoverage, markedPage, markedSettings, markedSymptoms } from "./marked-page";
import { Places } from "./places";
import { findSchemas } from "./schemas";
import type { Library } from "./settings-table";
import { readSnippet } from "./snippet";
import { readLibrary } from "./source";

const ROOT = join(__dirname, "../..");
/** The folder of the constructs' pages, which are generated as a whole. */
export const CONSTRUCTS = "docs/constructs";
const INDEX = `${CONSTRUCTS}/README.md`;
/** The page with the effects of changes, and the folder of the effects. */
const CHANGES = "docs/changes.md";
const EFFECTS = "__tests__/transitions/effects";
/** The page with the checks of the doctor. */
const DOCTOR = "docs/doctor.md";

/** Returns the text of each page that has something generated, by its path in the repository. */
export function generatedPages(): ReadonlyMap<string, string> {
  const source = readLibrary();
  const library: Library = { source, schemas: findSchemas(source, require) };
  const constructs = readConstructs();
  const marked = readMarked();
  const places = placesOf(library, constructs, marked);
  return new Map([
    ...constructs.map((one) => [one.page, constructPage(library, one, places)] as const),
    [INDEX, constructIndex(library, constructs, places.linkFrom(INDEX))],
    ...[...marked].map(([page, text]) => [page, markedPage(library, page, text, places)] as const),
    [API_PAGE, apiPage(library, places)],
    [CHANGES, effectsPage(CHANGES, readFileSync(join(ROOT, CHANGES), "utf8"), readEffects(join(ROOT, EFFECTS)))],
    [DOCTOR, doctorPage(DOCTOR, readFileSync(join(ROOT, DOCTOR), "utf8"), CHECKS)],
  ]);
}

function readConstructs(): ConstructPage[] {
  const files = readdirSync(join(ROOT, CONSTRUCTS)).filter((name) => name.endsWith(".ts"));
  const pages = files.map((file) => ({
    page: `${CONSTRUCTS}/${file.replace(/ts$/, "md")}`,
    snippet: readSnippet(readFileSync(join(ROOT, CONSTRUCTS, file), "utf8"), `${CONSTRUCTS}/${file}`),
  }));
  return pages.sort((a, b) => a.snippet.title.localeCompare(b.snippet.title, "en"));
}

/** Reads the pages with tables between markers. */
function readMarked(): ReadonlyMap<string, string> {
  const pages = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  const texts = pages.map((name) => [`docs/${name}`, readFileSync(join(ROOT, "docs", name), "utf8")] as const);
  return new Map(
    texts.filter(([page, text]) =>
      [markedSettings, markedCoverage, markedSymptoms].some((marked) => marked(text, page).length > 0),
    ),
  );
}

/** Returns the place of each export. What has no page and no table elsewhere is on the API page. */
function placesOf(
  { source }: Library,
  constructs: readonly ConstructPage[],
  marked: ReadonlyMap<string, string>,
): Places {
  const places = new Places();
  for (const { page, snippet } of constructs) {
    places.add(snippet.title, page);
    for (const [index, name] of snippet.settings.entries()) places.add(name, page, index === 0 ? SETTINGS : name);
  }
  for (const [page, text] of marked) for (const name of markedSettings(text, page)) places.add(name, page, name);
  for (const name of source.exports.keys()) if (!places.has(name)) places.add(name, API_PAGE, name);
  return places;
}
