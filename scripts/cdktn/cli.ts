import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorText, parseArguments } from "../../cli/command-line";
import { type Difference, differences, KNOWN } from "./differences";
import { APPS, install, withCdktf, withCdktn } from "./synthesize";
import { RENAMED } from "./versions";

const ROOT = join(__dirname, "../..");
const USAGE =
  "npm run test:cdktn: compares the JSON that cdktf and cdktn synthesize from every app, then uses the package with cdktn. It has no options.\n";

/**
 * `npm run test:cdktn` synthesizes every app from the same sources with cdktf and with cdktn, and compiles the sources with
 * the types of cdktn. It fails for a difference that is not in `docs/cdktn.md`. The tests in `__tests__/cdktn` then use the
 * package in a project of cdktn.
 */
async function main(): Promise<void> {
  const { help } = parseArguments(process.argv.slice(2), { help: { type: "boolean", short: "h" } }, USAGE);
  if (help) {
    process.stdout.write(USAGE);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "cdktn-"));
  try {
    install(folder);
    const seen = new Set<RegExp>();
    const unknown: Difference[] = [];
    for (const app of APPS) {
      const [before, after] = ["before", "after"].map((name) => {
        const outdir = join(folder, name, app.replace(/\W/g, "-"));
        mkdirSync(outdir, { recursive: true });
        return outdir;
      }) as [string, string];
      const [ours, theirs] = [withCdktf(app, before), await withCdktn(app, after, folder)];
      const found = differences(Object.fromEntries(ours), Object.fromEntries(theirs)).map((difference) => ({
        ...difference,
        path: difference.path.slice(difference.path.indexOf(".") + 1),
      }));
      for (const difference of found) {
        const known = KNOWN.find(({ path }) => path.test(difference.path));
        if (known) seen.add(known.path);
        else unknown.push(difference);
      }
      process.stdout.write(`${app}: ${[...ours.keys()].join(", ")}: ${found.length} differences\n`);
    }
    for (const { path, before, after } of unknown) {
      process.stderr.write(`  ${path}: ${JSON.stringify(before)} became ${JSON.stringify(after)}\n`);
    }
    for (const { path, why } of KNOWN) {
      process.stdout.write(`known difference${seen.has(path) ? "" : ", which no app has"}: ${path.source} (${why})\n`);
    }
    const compiles = compile(folder);
    if (unknown.length > 0 || seen.size < KNOWN.length || !compiles) {
      process.stderr.write(
        compiles
          ? "docs/cdktn.md is out of date. Update that page and scripts/cdktn/differences.ts.\n"
          : "The library does not work with cdktn. The first error is above.\n",
      );
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles the sources with the types of cdktn. Returns false for an error. */
function compile(folder: string): boolean {
  const paths = Object.entries({ ...RENAMED, constructs: "constructs" }).flatMap(([from, to]) => [
    [from, [join(folder, "node_modules", to)]],
    [`${from}/*`, [join(folder, "node_modules", to, "*")]],
  ]);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: {
        paths: Object.fromEntries(paths),
        types: ["node"],
        typeRoots: [join(ROOT, "node_modules/@types")],
      },
      include: [join(ROOT, "main.ts"), join(ROOT, "src"), join(ROOT, "examples")],
      exclude: [],
    }),
  );
  try {
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, "--project", folder], { cwd: ROOT, stdio: "inherit" });
    process.stdout.write("the sources compile against cdktn\n");
    return true;
  } catch {
    return false;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = 1;
});
