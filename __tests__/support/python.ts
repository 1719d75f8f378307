import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/** What a Python says that has no pip, and a pip older than 22.3, which installs into its own environment alone. */
const WITHOUT_PIP = /No module named pip|no such option: --python/;

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"], timeout: 600_000 });

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
  try {
    run("python3", "-m", "venv", "--without-pip", building);
    const install = ["install", "--quiet", "--disable-pip-version-check", ...options, "-r", requirements];
    try {
      // A pip of the environment's own would take half as long to come as all that it is there for.
      run("python3", "-m", "pip", "--python", python(building), ...install);
    } catch (error) {
      if (!WITHOUT_PIP.test(String((error as { stderr?: Buffer }).stderr))) throw error;
      run(python(building), "-m", "ensurepip");
      run(python(building), "-m", "pip", ...install);
    }
    renameSync(building, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return python(folder);
}
