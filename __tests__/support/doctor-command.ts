import { spawn } from "node:child_process";
import { CREDENTIALS } from "./moto";

/** What a command came to. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a person runs it, with no credentials but those given. */
export function doctor(args: readonly string[], env: NodeJS.ProcessEnv = CREDENTIALS): Promise<Run> {
  return new Promise((done, fail) => {
    const nothing = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    const child = spawn(process.execPath, ["--import", "tsx", "tools/doctor/cli.ts", ...args], {
      // Nothing of this process's own: no profile, no proxy, and no metadata service to ask.
      env: { PATH: process.env.PATH, ...nothing, AWS_EC2_METADATA_DISABLED: "true", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.once("error", fail);
    child.once("close", (status) => done({ status, stdout, stderr }));
  });
}
