import { type ChildProcess, execFile, fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const ROOT = join(__dirname, "../..");

/** What a run of the command gave. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What an app said in a session, or why it failed. */
export type Answer = { readonly said: string } | { readonly failed: string };

/** A temporary folder with apps of its own, and the command that synthesizes them, with a cache that starts empty. */
export class SynthProject {
  /** Its name is one that careless quoting breaks. */
  readonly folder = mkdtempSync(join(tmpdir(), "synth é (1) "));
  private session?: ChildProcess;

  constructor() {
    mkdirSync(join(this.folder, "node_modules/words"), { recursive: true });
    for (const name of ["cdktf", "constructs"]) {
      symlinkSync(join(ROOT, "node_modules", name), join(this.folder, "node_modules", name));
    }
    this.write("node_modules/words/index.js", 'exports.word = "hello";');
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  command(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = this.folder): Promise<Run> {
    const all = { ...process.env, ECS_SYNTH_CACHE: join(this.folder, "cache"), CDKTF_OUTDIR: "out", ...env };
    return new Promise((done) => {
      execFile(process.execPath, [join(ROOT, script), ...args], { cwd, env: all }, (error, stdout, stderr) =>
        done({ status: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  run(file: string, env?: NodeJS.ProcessEnv): Promise<Run> {
    return this.command("scripts/synth/app.js", [file], env);
  }

  /**
   * Runs an app in a process that runs all of them, one after another: what is kept is on disk all the same, and a
   * process of each app's own would take ten times as long.
   */
  ask(file: string, options: { readonly ownPackages?: boolean } = {}): Promise<Answer> {
    this.session ??= fork(join(__dirname, "synth-session.js"), {
      cwd: this.folder,
      execArgv: [],
      env: { ...process.env, ECS_SYNTH_CACHE: join(this.folder, "cache"), CDKTF_OUTDIR: "out" },
    });
    const session = this.session;
    return new Promise((answered, reject) => {
      const ended = (code: number) => reject(new Error(`The session ended with ${code}.`));
      session.once("exit", ended);
      session.once("message", (answer: Answer) => {
        session.off("exit", ended);
        answered(answer);
      });
      session.send([file, options]);
    });
  }

  remove(): void {
    this.session?.disconnect();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
