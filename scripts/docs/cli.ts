import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorText, parseArguments } from "../../cli/command-line";
import { CONSTRUCTS, generatedPages } from "./pages";

const ROOT = join(__dirname, "../..");

const USAGE = `npm run docs [-- --check]: writes the pages of the API and of the constructs, and the tables of settings in docs

  --check  write nothing; print the pages that are out of date, and exit with 1 when there are any
`;
const OPTIONS = { check: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** Where the command prints. */
export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Runs `npm run docs`. @returns the exit code */
export function docs(args: readonly string[], { stdout, stderr }: Streams): number {
  try {
    const { check = false, help = false } = parseArguments(args, OPTIONS, USAGE);
    if (help) {
      stdout.write(USAGE);
      return 0;
    }
    const { changed, removed } = outOfDate(generatedPages());
    const names = [...changed.map(([page]) => page), ...removed].join(", ");
    if (check) {
      if (names !== "") stderr.write(`Out of date: ${names}. Run npm run docs, and commit the pages.\n`);
      return names === "" ? 0 : 1;
    }
    for (const [page, text] of changed) writeFileSync(join(ROOT, page), text);
    for (const page of removed) rmSync(join(ROOT, page));
    stdout.write(names === "" ? "All pages are up to date.\n" : `Wrote ${names}.\n`);
    return 0;
  } catch (error) {
    stderr.write(`${errorText(error)}\n`);
    return 1;
  }
}

/** Returns the pages whose text differs from the file, and the files of constructs that no longer have a page. */
function outOfDate(pages: ReadonlyMap<string, string>) {
  const isCurrent = (page: string, text: string) =>
    existsSync(join(ROOT, page)) && readFileSync(join(ROOT, page), "utf8") === text;
  const files = readdirSync(join(ROOT, CONSTRUCTS)).map((name) => `${CONSTRUCTS}/${name}`);
  return {
    changed: [...pages].filter(([page, text]) => !isCurrent(page, text)),
    removed: files.filter((file) => file.endsWith(".md") && !pages.has(file)),
  };
}

if (require.main === module) process.exitCode = docs(process.argv.slice(2), process);
