import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

/**
 * `docs/api.md`: the exports of `src/index.ts` with their docstrings.
 *
 * @throws {Error} with typedoc's warnings, among them each export without a docstring
 */
export function apiPage(): string {
  const folder = mkdtempSync(join(tmpdir(), "api-"));
  try {
    const typedoc = [join(ROOT, "node_modules/typedoc/bin/typedoc"), "--options", join(__dirname, "typedoc.json")];
    const args = ["--import", join(__dirname, "typescript-6.mjs"), ...typedoc, "--out", folder];
    const env = { ...process.env, NO_COLOR: "1" };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: "utf8" });
    if (status !== 0) throw new Error(`typedoc found something to mend in the docstrings:\n${stdout}${stderr}`);
    return readFileSync(join(folder, "api.md"), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
