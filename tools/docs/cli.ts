import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { apiPage } from "./api";
import { constructPages } from "./construct-pages";

const ROOT = join(__dirname, "../..");
const PAGES = join(ROOT, "docs/constructs");

/** `npm run docs` writes the pages that are made from the sources; with `--check` it only says which are stale. */
function main(args: readonly string[]): void {
  const pages = new Map([[join(ROOT, "docs/api.md"), apiPage()]]);
  for (const [name, text] of constructPages()) pages.set(join(PAGES, name), text);
  const gone = existsSync(PAGES)
    ? readdirSync(PAGES)
        .filter((name) => name.endsWith(".md"))
        .map((name) => join(PAGES, name))
        .filter((file) => !pages.has(file))
    : [];
  const changed = [...pages].filter(([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text);
  const stale = [...changed.map(([file]) => file), ...gone].map((file) => relative(ROOT, file));
  if (args.includes("--check")) {
    if (stale.length === 0) return;
    process.stderr.write(`Stale: ${stale.join(", ")}. Run npm run docs, and commit what it writes.\n`);
    process.exitCode = 1;
    return;
  }
  for (const [file, text] of changed) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const file of gone) rmSync(file);
  process.stdout.write(stale.length > 0 ? `Wrote ${stale.join(", ")}.\n` : "Nothing was stale.\n");
}

main(process.argv.slice(2));
