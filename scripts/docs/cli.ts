import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { errorText, parseArguments } from "../../cli/command-line";
import { apiPage } from "./api";
import { constructPages } from "./construct-pages";

const ROOT = join(__dirname, "../..");
const PAGES = join(ROOT, "docs/constructs");

const USAGE = `npm run docs [-- --check]: writes the pages that are made from the sources, docs/api.md and docs/constructs/

  --check  write nothing; name the pages that are stale, and exit 1 when there are any
`;
const OPTIONS = { check: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** Where it says something: the process's own, or a test's. */
export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Does what `npm run docs` is asked to. @returns the exit code */
export function docs(args: readonly string[], streams: Streams): number {
  try {
    const { check = false, help = false } = parseArguments(args, OPTIONS, USAGE);
    if (!help) return check ? checked(streams) : written(streams);
    streams.stdout.write(USAGE);
    return 0;
  } catch (error) {
    streams.stderr.write(`${errorText(error)}\n`);
    return 1;
  }
}

interface Stale {
  /** The pages whose text is another than on disk, by file. */
  readonly changed: readonly (readonly [file: string, text: string])[];
  /** Files of pages that nothing gives any more. */
  readonly gone: readonly string[];
  /** Both, as people name them. */
  readonly names: string;
}

function stale(): Stale {
  const pages = new Map([[join(ROOT, "docs/api.md"), apiPage()]]);
  for (const [name, text] of constructPages()) pages.set(join(PAGES, name), text);
  const there = existsSync(PAGES) ? readdirSync(PAGES).filter((name) => name.endsWith(".md")) : [];
  const gone = there.map((name) => join(PAGES, name)).filter((file) => !pages.has(file));
  const changed = [...pages].filter(([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text);
  const names = [...changed.map(([file]) => file), ...gone].map((file) => relative(ROOT, file)).join(", ");
  return { changed, gone, names };
}

function checked({ stderr }: Streams): number {
  const { names } = stale();
  if (names === "") return 0;
  stderr.write(`Stale: ${names}. Run npm run docs, and commit what it writes.\n`);
  return 1;
}

function written({ stdout }: Streams): number {
  const { changed, gone, names } = stale();
  for (const [file, text] of changed) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const file of gone) rmSync(file);
  stdout.write(names === "" ? "Nothing was stale.\n" : `Wrote ${names}.\n`);
  return 0;
}

if (require.main === module) process.exitCode = docs(process.argv.slice(2), process);
