import { exec, execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";

const ROOT = join(__dirname, "../..");
export const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The package as npm would publish it. */
export interface Packed {
  /** The folder with the tarball. */
  readonly folder: string;
  readonly tarball: string;
  /** The paths of the files in the package. */
  readonly files: readonly string[];
  remove(): void;
}

/** Builds and packs a copy of the sources, so that suites that run at the same time do not share `dist`. */
export async function packed(): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), "packed-"));
  const sources = join(folder, "sources");
  const without = /^(node_modules|dist|cdktf\.out|\.git)(\/|$)/;
  cpSync(ROOT, sources, { recursive: true, filter: (path) => !without.test(relative(ROOT, path)) });
  const modules = join(sources, "node_modules");
  symlinkSync(join(ROOT, "node_modules"), modules);
  // The compiler is a short-lived Go program: without garbage collection it takes a third less time.
  await promisify(exec)(manifest.scripts.build, { cwd: sources, env: { ...process.env, GOGC: "off" } });
  // npm reads every package in node_modules before it packs.
  rmSync(modules);
  const to = join(folder, "ecs-default-vpc");
  mkdirSync(to);
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", to];
  const { stdout } = await promisify(execFile)("npm", pack, { cwd: sources, maxBuffer: 1e8 });
  const [answer] = Object.values(JSON.parse(stdout)) as [{ filename: string; files: { path: string }[] }];
  rmSync(sources, { recursive: true });
  return {
    folder: to,
    tarball: answer.filename,
    files: answer.files.map(({ path }) => path).sort(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
