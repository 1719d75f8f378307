import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * The Python of an environment with these requirements, installed once for each state of them. Its programs stand beside
 * it, and are run by it: the environment was renamed, which their first lines don't know.
 *
 * @throws where Python isn't there or its packages can't be fetched
 */
export function pythonWith(name: string, requirements: string, ...options: string[]): string {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = resolve("node_modules/.cache", `${name}-${hash}`);
  const python = (within: string) => join(within, "bin", "python");
  if (existsSync(folder)) return python(folder);
  // Beside it and then renamed: suites run at the same time, and one that was broken off leaves nothing that looks whole.
  const building = `${folder}.${process.pid}`;
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"], timeout: 600_000 });
  try {
    run("python3", "-m", "venv", building);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...options];
    run(python(building), ...pip, "-r", requirements);
    renameSync(building, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return python(folder);
}
