import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { pythonWith } from "./python";

export type Framework = "terraform" | "terraform_json" | "terraform_plan";

export interface Scan {
  readonly results: { readonly failed_checks: readonly FailedCheck[] };
  readonly summary: {
    readonly passed: number;
    readonly parsing_errors: number;
    /** The resources that checkov read. It counts those of HCL only. */
    readonly resource_count: number;
  };
}

export interface FailedCheck {
  readonly check_id: string;
  readonly file_path: string;
  readonly resource: string;
}

/** Where checkov is, or why it cannot be installed. */
function checkov(): { readonly python: string } | { readonly reason: string } {
  try {
    return { python: pythonWith("checkov", "__tests__/security/requirements.txt") };
  } catch (error) {
    return { reason: `checkov cannot be installed: ${(error as Error).message.split("\n")[0]}` };
  }
}

const found = checkov();

/** A `describe` for tests that run checkov. Where it cannot be installed, it skips the tests, except in CI. */
export function describeCheckov(name: string, body: () => void): void {
  const skips = "reason" in found && process.env.CI !== "true";
  if (skips) process.stderr.write(`skipped: "${name}", because ${found.reason}\n`);
  (skips ? describe.skip : describe)(name, body);
}

/** Runs checkov once. Its start takes longer than many scans. @param target `-f` and files, or `-d` and a folder */
export function runCheckov(framework: Framework, target: readonly string[]): Scan {
  const args = [...target, "--framework", framework, "-o", "json", "--quiet", "--soft-fail", "--skip-download"];
  return JSON.parse(runPython(join(dirname(python()), "checkov"), ...args)) as Scan;
}

/** Runs a program with the Python that has checkov. */
export const runPython = (...args: string[]): string =>
  execFileSync(python(), args, { stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28, encoding: "utf8" });

function python(): string {
  if ("reason" in found) throw new Error(found.reason);
  return found.python;
}
