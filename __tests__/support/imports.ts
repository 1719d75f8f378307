import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";

const ROOT = join(__dirname, "../..");

/** One import or re-export of a file. */
export interface Import {
  /** The file that imports, from the repository's root: `src/settings.ts`. */
  readonly file: string;
  /** What it imports: a file of the repository, or a package as it is written. */
  readonly target: string;
  /** Nothing of it is there when the program runs. */
  readonly typeOnly: boolean;
}

/** Every TypeScript file under some folders of the repository, sorted, from the repository's root. */
export function sources(...folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** A file's text. */
export const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const STATEMENT =
  /(?:^|\n)\s*(import|export)\s+(type\s+)?(\{[^}]*\}|[^"'{;]*?(?:\{[^}]*\})?)\s*from\s*["']([^"']+)["']/g;
const CALL = /(?:\bimport|\brequire(?:\.resolve)?)\(\s*["']([^"']+)["']\s*\)|(?:^|\n)import\s+["']([^"']+)["']/g;

/** What a file imports, calls of `import()` and `require()` included. */
export function importsOf(file: string): Import[] {
  const text = textOf(file);
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

/** Everything that a file imports when it runs, and what that imports, with the way that leads there. */
export function reachable(file: string): Map<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>();
  const visit = (current: string, way: readonly string[]) => {
    for (const { target, typeOnly } of importsOf(current)) {
      if (typeOnly || ways.has(target)) continue;
      ways.set(target, [...way, target]);
      if (all.has(target)) visit(target, [...way, target]);
    }
  };
  visit(file, [file]);
  return ways;
}

/** The first cycle among files, or nothing: imports of types count too. */
export function cycle(files: readonly string[]): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    done.add(file);
    for (const { target } of importsOf(file)) {
      const found = all.has(target) ? visit(target, [...way, file]) : undefined;
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
