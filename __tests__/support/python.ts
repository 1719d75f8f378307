import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * The programs of a Python environment with these requirements, installed once for each state of them.
 *
 * @throws where Python isn't there or its packages can't be fetched
 */
export function pythonPrograms(name: string, requirements: string, ...options: string[]): string {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = resolve("node_modules/.cache", `${name}-${hash}`);
  const programs = join(folder, "bin");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return programs;
  rmSync(folder, { recursive: true, force: true });
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"], timeout: 600_000 });
  run("python3", "-m", "venv", folder);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...options];
  run(join(programs, "python"), ...pip, "-r", requirements);
  writeFileSync(complete, "");
  return programs;
}
