import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
const isPage = (name: string): boolean => name.endsWith(".md");

/** The pages that people write, by their paths in the project. */
export const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter(isPage)
    .map((name) => join("docs", name)),
];

export const readPage = (page: string): string => readFileSync(join(ROOT, page), "utf8");

/** The fenced blocks of a language, each with the page that it is from. */
export const blocks = (language: string): [page: string, code: string][] =>
  PAGES.flatMap((page) =>
    [...readPage(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
      ([, code = ""]): [string, string] => [page, code],
    ),
  );

/** The apps that pages show: their code is run in `readme.test.ts`, and compiled in `package.test.ts`. */
export const pageApps = (): [page: string, code: string][] =>
  blocks("ts").filter(([, code]) => code.includes('from "ecs-default-vpc"'));
