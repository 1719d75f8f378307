import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** The answer to a call. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An answer with its headers. */
export interface MotoAnswer extends Answer {
  readonly headers: Readonly<Record<string, string>>;
}

/** A call to AWS. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Moto in a child process, which exits when this process exits. */
export interface MotoServer {
  call(call: Call): Promise<MotoAnswer>;
  /** Saves the state of the account. */
  keep(): Promise<void>;
  /** Restores the saved state. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/** @param python the path of a Python with moto */
export function startMoto(python: string, script: string): MotoServer {
  const env = { ...process.env, MOTO_ECS_SERVICE_RUNNING: "1", MOTO_EC2_LOAD_DEFAULT_AMIS: "false" };
  const child = spawn(python, [script], { env, stdio: "pipe" });
  const waiting: { done(answer: unknown): void; fail(error: Error): void }[] = [];
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  let exited: Error | undefined;
  const ended = ending(child).then((how) => {
    exited = new Error(`moto ended with ${how}: ${errors}`);
    for (const { fail } of waiting.splice(0)) fail(exited);
  });
  // The answers are in the order of the calls.
  createInterface(child.stdout).on("line", (line) => waiting.shift()?.done(JSON.parse(line)));
  // Writing to a process that exited fails. The calls fail when it exits.
  child.stdin.on("error", () => {});
  const send = <T>(request: object) =>
    new Promise<T>((done, fail) => {
      if (exited) return fail(exited);
      waiting.push({ done: done as (answer: unknown) => void, fail });
      child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  return {
    call: send,
    keep: () => send({ do: "keep" }),
    restore: () => send({ do: "restore" }),
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}

const ending = (child: ChildProcess): Promise<unknown> =>
  new Promise((done) => {
    child.once("error", done);
    child.once("close", done);
  });
