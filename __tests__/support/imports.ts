import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";

const ROOT = join(__dirname, "../..");

/** One import or re-export of a file. */
export interface Import {
  /** The path of the file that imports, from the repository's root: `src/settings.ts`. */
  readonly file: string;
  /** The path of the imported file, or the name of a package. */
  readonly target: string;
  /** True for an import that only the compiler reads. */
  readonly typeOnly: boolean;
}

/** Returns the sorted paths of the TypeScript files in folders of the repository. */
export function sources(...folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** Returns the text of a file of the repository. */
export const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const STATEMENT =
  /(?:^|\n)\s*(import|export)\s+(type\s+)?(\{[^}]*\}|[^"'{;]*?(?:\{[^}]*\})?)\s*from\s*["']([^"']+)["']/g;
const CALL = /(?:\bimport|\brequire(?:\.resolve)?)\(\s*["'`]([^"'`]+)["'`]|(?:^|\n)import\s+["']([^"']+)["']/g;

/** Returns the imports of a file, including calls of `import()` and `require()`. */
export const importsOf = (file: string): Import[] => importsIn(file, textOf(file));

/** Returns the imports in the text of a file. */
export function importsIn(file: string, text: string): Import[] {
  const statements = [...text.matchAll(STATEMENT)].map(([, , type, names = "", target = ""]) => ({
    file,
    target: resolve(file, target),
    typeOnly: type !== undefined || everyNameIsAType(names),
  }));
  const calls = [...text.matchAll(CALL)].map(([, called, bare]) => ({
    file,
    target: resolve(file, (called ?? bare) as string),
    typeOnly: false,
  }));
  return [...statements, ...calls];
}

function everyNameIsAType(names: string): boolean {
  const inner = /^\{([^}]*)\}$/.exec(names.trim())?.[1];
  const list = inner?.split(",").filter((name) => name.trim() !== "");
  return list !== undefined && list.length > 0 && list.every((name) => name.trim().startsWith("type "));
}

function resolve(file: string, target: string): string {
  if (!target.startsWith(".")) return target;
  const path = posix.join(posix.dirname(file), target);
  const known = [`${path}.ts`, `${path}/index.ts`, path];
  return known.find((candidate) => all.has(candidate)) ?? path;
}

const all = new Set(sources("src", "examples", "cli", "scripts", "__tests__"));

/** Returns all files and packages that a file imports when it runs, each with the chain of imports to it. */
export function reachable(file: string): Map<string, readonly string[]> {
  const chains = new Map<string, readonly string[]>();
  const visit = (current: string, chain: readonly string[]) => {
    for (const { target, typeOnly } of importsOf(current)) {
      if (typeOnly || chains.has(target)) continue;
      chains.set(target, [...chain, target]);
      if (all.has(target)) visit(target, [...chain, target]);
    }
  };
  visit(file, [file]);
  return chains;
}

/** Returns the first cycle of imports among files, if there is one. Imports of types count too. */
export function cycle(files: readonly string[]): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, chain: readonly string[]): readonly string[] | undefined => {
    if (chain.includes(file)) return [...chain.slice(chain.indexOf(file)), file];
    if (done.has(file)) return undefined;
    done.add(file);
    for (const { target } of importsOf(file)) {
      const found = all.has(target) ? visit(target, [...chain, file]) : undefined;
      if (found) return found;
    }
    return undefined;
  };
  for (const file of files) {
    const found = visit(file, []);
    if (found) return found;
  }
  return undefined;
}
