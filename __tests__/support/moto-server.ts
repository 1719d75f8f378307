import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A server's answer, or what stands for it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An answer with its headers. */
export interface MotoAnswer extends Answer {
  readonly headers: Readonly<Record<string, string>>;
}

/** A call of AWS as it came in. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Moto in a process of its own, which ends with this one, however that ends. */
export interface MotoServer {
  call(call: Call): Promise<MotoAnswer>;
  /** Remembers the whole account as it is now. */
  keep(): Promise<void>;
  /** Puts the account back to what was kept. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/** @param python a Python that has moto */
export function startMoto(python: string, script: string): MotoServer {
  const env = { ...process.env, MOTO_ECS_SERVICE_RUNNING: "1", MOTO_EC2_LOAD_DEFAULT_AMIS: "false" };
  const child = spawn(python, [script], { env, stdio: "pipe" });
  const waiting: { done(answer: unknown): void; fail(error: Error): void }[] = [];
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  let gone: Error | undefined;
  const ended = ending(child).then((how) => {
    gone = new Error(`moto ended with ${how}: ${said}`);
    for (const { fail } of waiting.splice(0)) fail(gone);
  });
  // Answers come in the order of what was asked.
  createInterface(child.stdout).on("line", (line) => waiting.shift()?.done(JSON.parse(line)));
  // A process that is gone takes no more: what was asked of it fails by its end.
  child.stdin.on("error", () => {});
  const ask = <T>(what: object) =>
    new Promise<T>((done, fail) => {
      if (gone) return fail(gone);
      waiting.push({ done: done as (answer: unknown) => void, fail });
      child.stdin.write(`${JSON.stringify(what)}\n`);
    });
  return {
    call: ask,
    keep: () => ask({ do: "keep" }),
    restore: () => ask({ do: "restore" }),
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
