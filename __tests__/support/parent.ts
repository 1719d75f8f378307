import childProcess from "node:child_process";
import { startOfflineProvider } from "../../cli/offline-provider/start";

/** Starts a provider and waits, for tests that end this process. With `end` it exits, with `fail` the provider ends first. */
async function main(): Promise<void> {
  if (process.argv[3] === "fail") {
    const { fork } = childProcess;
    childProcess.fork = (...given: unknown[]) => {
      const child = Reflect.apply(fork, undefined, given) as ReturnType<typeof fork>;
      return child.once("spawn", () => child.kill("SIGKILL"));
    };
  }
  const provider = await startOfflineProvider();
  const reattach = Object.values(JSON.parse(provider.env.TF_REATTACH_PROVIDERS) as Record<string, Reattach>)[0];
  process.stdout.write(`${JSON.stringify({ pid: reattach?.Pid, socket: reattach?.Addr.String })}\n`);
  if (process.argv[3] === "end") return;
  setInterval(() => {}, 60_000);
}

interface Reattach {
  readonly Pid: number;
  readonly Addr: { readonly String: string };
}

void main();
