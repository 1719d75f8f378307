import { type ChildProcess, execFile, fork } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const ROOT = join(__dirname, "../..");

/** The result of a run of a command. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What an app printed in a session, or why it failed. */
export type Answer = { readonly printed: string } | { readonly failed: string };

/** A temporary repository with a copy of `scripts/synth`, where a test writes apps and packages. */
export class SynthProject {
  /** The name contains characters that need quoting. */
  readonly folder = mkdtempSync(join(tmpdir(), "synth é (1) "));
  private session?: ChildProcess;

  constructor() {
    cpSync(join(ROOT, "scripts/synth"), join(this.folder, "scripts/synth"), { recursive: true });
    cpSync(join(ROOT, "tsconfig.json"), join(this.folder, "tsconfig.json"));
    mkdirSync(join(this.folder, "node_modules"));
    for (const name of ["@types", "cdktf", "constructs", "esbuild", "typescript"])
      symlinkSync(join(ROOT, "node_modules", name), join(this.folder, "node_modules", name));
    this.write("package-lock.json", "{}");
    this.write("node_modules/.package-lock.json", "{}");
    this.write("node_modules/words/index.js", 'exports.word = "hello";');
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs `scripts/synth/<script>` in a process. */
  command(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
    const options = { cwd: this.folder, env: { ...process.env, CDKTF_OUTDIR: "out", FORCE_COLOR: undefined, ...env } };
    return new Promise((done) => {
      execFile(process.execPath, [`scripts/synth/${script}`, ...args], options, (error, stdout, stderr) =>
        done({ status: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  run(app: string, env?: NodeJS.ProcessEnv): Promise<Run> {
    return this.command("app.js", [app], env);
  }

  /** Runs an app in a process that runs all apps one after another, which takes a tenth of the time. */
  ask(app: string): Promise<Answer> {
    this.session ??= fork(join(__dirname, "synth-session.js"), [this.folder], { cwd: this.folder, execArgv: [] });
    const session = this.session;
    return new Promise((answered, reject) => {
      const ended = (code: number) => reject(new Error(`The session ended with ${code}.`));
      session.once("exit", ended);
      session.once("message", (answer: Answer) => {
        session.off("exit", ended);
        answered(answer);
      });
      session.send(app);
    });
  }

  remove(): void {
    this.session?.disconnect();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
