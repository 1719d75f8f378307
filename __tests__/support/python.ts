import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/** The error of a Python without pip, and of a pip before 22.3, which has no option --python. */
const WITHOUT_PIP = /No module named pip|no such option: --python/;

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"], timeout: 600_000 });

/**
 * Returns the path of a Python with the requirements, in an environment that is installed once for each version of the
 * requirements file. Run the programs beside it with this Python, because their first lines name the environment's old path.
 *
 * @throws if Python is missing or a package cannot be downloaded
 */
export function pythonWith(name: string, requirements: string, ...options: string[]): string {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = resolve("node_modules/.cache", `${name}-${hash}`);
  const python = (within: string) => join(within, "bin", "python");
  if (existsSync(folder)) return python(folder);
  // Installs in another folder and renames it, because suites run in parallel and an installation can be interrupted.
  const building = `${folder}.${process.pid}`;
  try {
    run("python3", "-m", "venv", "--without-pip", building);
    const install = ["install", "--quiet", "--disable-pip-version-check", ...options, "-r", requirements];
    try {
      // Installing pip in the environment would take half as long again.
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
