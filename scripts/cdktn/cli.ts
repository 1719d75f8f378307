import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorText, parseArguments } from "../../cli/command-line";
import { type Difference, differences, KNOWN } from "./differences";
import { APPS, install, withCdktf, withCdktn } from "./synthesize";
import { RENAMED } from "./versions";

const ROOT = join(__dirname, "../..");
const USAGE =
  "npm run test:cdktn: compares the JSON that cdktf and cdktn synthesize from every app, and uses the package with cdktn. It has no options.\n";

/**
 * `npm run test:cdktn` synthesizes every app from the same sources with cdktf and with cdktn, and compiles the sources with
 * the types of cdktn. Then it uses the package in a project of cdktn. It fails for a difference that is not in `docs/cdktn.md`.
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
    const compiles = compile(folder) && usePackage(folder);
    if (unknown.length > 0 || seen.size < KNOWN.length || !compiles) {
      process.stderr.write(
        compiles
          ? "docs/cdktn.md is out of date. Update that page and scripts/cdktn/differences.ts.\n"
          : "The library or its package does not work with cdktn. The first error is above.\n",
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

/** Uses the packed library in a project of cdktn: init, its test, plan, hand-over, and a second stack. Returns false for an error. */
function usePackage(folder: string): boolean {
  const run = (command: string, args: readonly string[], cwd: string) =>
    execFileSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, INIT_CWD: cwd } });
  try {
    run("npm", ["run", "--silent", "build"], ROOT);
    const installed = join(folder, "node_modules/ecs-default-vpc");
    for (const name of ["dist", "package.json"]) cpSync(join(ROOT, name), join(installed, name), { recursive: true });
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    for (const name of [...Object.keys(dependencies), "tsx", "@types/node"])
      if (!existsSync(join(folder, "node_modules", name))) {
        mkdirSync(join(folder, "node_modules", name, ".."), { recursive: true });
        symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
      }
    const command = join(installed, "dist/cli/main.js");
    const project = join(folder, "project");
    run(process.execPath, [command, "init", "project", "--cdktn"], folder);
    run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "--noEmit"], project);
    const tsx = join(ROOT, "node_modules/tsx/dist/cli.mjs");
    run(process.execPath, [tsx, "--test", "stack.test.ts"], project);
    const app = ["--app", `${process.execPath} ${tsx} main.ts`];
    run(process.execPath, [command, "plan", ...app], project);
    run(process.execPath, [command, "handover", ...app, "--out", "ops"], project);
    const main = join(project, "main.ts");
    const second = 'new EcsClusterStack(app, "second", { values: { name: "second" } });\napp.synth();';
    const text = `import { EcsClusterStack } from "ecs-default-vpc/cdktn";\n${readFileSync(main, "utf8")}`;
    writeFileSync(main, text.replace("app.synth();", second));
    run(process.execPath, [command, "plan", ...app, "--stack", "second"], project);
    run(process.execPath, [command, "doctor", "--help"], project);
    process.stdout.write("the package works in a project of cdktn\n");
    return true;
  } catch {
    return false;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = 1;
});
