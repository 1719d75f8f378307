import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
const isPage = (name: string): boolean => name.endsWith(".md");

/** The paths of the pages for users, from the repository's root. */
export const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter(isPage)
    .map((name) => join("docs", name)),
];

export const readPage = (page: string): string => readFileSync(join(ROOT, page), "utf8");

/** Returns the fenced blocks of a language, each with its page. */
export const blocks = (language: string): [page: string, code: string][] =>
  PAGES.flatMap((page) =>
    [...readPage(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
      ([, code = ""]): [string, string] => [page, code],
    ),
  );

/** Returns the whole apps on the pages. `readme.test.ts` runs them, and `package.test.ts` compiles them. */
export const pageApps = (): [page: string, code: string][] =>
  blocks("ts").filter(([, code]) => code.includes('from "ecs-default-vpc"') && code.includes("app.synth()"));
