import { firstSentence, linked, prose, table } from "./markdown";
import { memberSections } from "./members";
import type { Link, Places } from "./places";
import { type Library, settingsSection } from "./settings-table";
import { type Snippet, shownJson, synthesize } from "./snippet";

/** The heading above a construct's own settings. */
export const SETTINGS = "Settings";

/** The page of a construct, and the snippet that it is generated from. */
export interface ConstructPage {
  /** The path of the page in the repository. */
  readonly page: string;
  readonly snippet: Snippet;
}

/** Returns the page of a construct: its docstring, code to paste, the JSON that matters, its settings and its attributes. */
export function constructPage(library: Library, { page, snippet }: ConstructPage, places: Places): string {
  const { title, code, settings, shown } = snippet;
  const link = places.linkFrom(page);
  const symbol = library.source.exports.get(title);
  if (!symbol) throw new Error(`src/index.ts exports no ${title}.`);
  const json = shownJson(synthesize(code), shown);
  return `${[
    `<!-- Written by npm run docs. Change the code in ${page.replace(/.*\//, "").replace(/md$/, "ts")}, and the text in src. -->\n# ${title}`,
    prose(library.source.docstring(symbol), library.source.tags(symbol, "see"), link),
    `\`\`\`ts\n${code}\n\`\`\``,
    "Part of the synthesized `cdk.tf.json`:",
    `\`\`\`json\n${JSON.stringify(json, undefined, 2)}\n\`\`\``,
    ...settings.map((name, index) =>
      settingsSection(library, name, index === 0 ? `## ${SETTINGS}` : `### ${name}`, link, settings),
    ),
    ...memberSections(library.source, symbol, "##", link),
  ].join("\n\n")}\n`;
}

/** Returns the index of the constructs' pages. */
export function constructIndex({ source }: Library, pages: readonly ConstructPage[], link: Link): string {
  const rows = pages.map(({ snippet: { title } }) => {
    const symbol = source.exports.get(title);
    return {
      Construct: `[${title}](${link(title)})`,
      "What it is": symbol ? linked(firstSentence(source.docstring(symbol)), link) : "",
    };
  });
  return `<!-- Written by npm run docs. -->
# Constructs

Each page has code to paste, the part of the synthesized JSON that matters, a table of the settings, and the attributes.
The stacks create these constructs for you: see [Settings](../settings.md). The page of [Ec2Service](ec2-service.md) has
every setting of a service.

A *token* is a value that only Terraform knows, such as an attribute of a resource. A table says which settings reject
tokens.

${table(rows)}
`;
}
