import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname, join } from "node:path";
import { type RunningProvider, startOfflineProvider } from "../../../cli/offline-provider";

interface Started {
  readonly pid: number;
  readonly socket: string;
}

/** Returns the process and the socket of a provider. */
function placeOf(provider: Pick<RunningProvider, "env">): Started {
  const [reattach] = Object.values(JSON.parse(provider.env.TF_REATTACH_PROVIDERS) as Record<string, ReattachJson>);
  return { pid: reattach?.Pid ?? 0, socket: reattach?.Addr.String ?? "" };
}

interface ReattachJson {
  readonly Pid: number;
  readonly Addr: { readonly String: string };
}

const PARENT = ["../../../scripts/synth/app.js", "../../support/parent.ts"].map((file) => join(__dirname, file));

/** Starts a parent in its own process group, as a shell does. It prints the place of its provider. */
async function parent(...args: string[]): Promise<Started & { readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [...PARENT, ...args], { stdio: ["ignore", "pipe", "inherit"], detached: true });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (data) => resolve(String(data)));
    child.once("close", (code) => reject(new Error(`The parent ended with ${code} and without output.`)));
  });
  return { ...(JSON.parse(line) as Started), process: child };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** Returns whether a process has ended, but is still in the process table. In a container this can take seconds. */
function isZombie(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && /\) Z /.test(readFileSync(stat, "utf8"));
}

/** Waits until the process and its folder are gone. */
async function gone({ pid, socket }: Started): Promise<void> {
  for (const until = Date.now() + 30_000; alive(pid) || existsSync(dirname(socket)); ) {
    if (Date.now() > until) throw new Error(`The provider's process ${pid} or its socket ${socket} still exists.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function connects(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket, () => resolve(true) ?? connection.destroy());
    connection.on("error", () => resolve(false));
  });
}

describe("the offline provider's process", () => {
  it.each([
    ["kill of its parent alone", "SIGKILL", 1],
    ["Ctrl-C, which reaches both", "SIGINT", -1],
  ] as const)("ends and deletes its socket after a %s", async (_, signal, whom) => {
    const started = await parent();
    expect(alive(started.pid)).toBe(true);
    expect(await connects(started.socket)).toBe(true);
    process.kill(whom * (started.process.pid as number), signal);
    await gone(started);
  });

  it("ends and deletes its socket when its parent ends without a stop, and does not keep the parent running", async () => {
    const started = await parent("end");
    await gone(started);
    expect(started.process.exitCode ?? (await new Promise((resolve) => started.process.once("exit", resolve)))).toBe(0);
  });

  it("makes its parent fail when it ends before it serves, even if the parent has no other work", () => {
    const { status, stderr } = spawnSync(process.execPath, [...PARENT, "fail"], { encoding: "utf8" });
    expect(stderr).toContain("The offline provider's process ended (SIGKILL).");
    expect(status).toBe(1);
  });

  describe("that serves", () => {
    let provider: RunningProvider;
    beforeAll(async () => {
      provider = await startOfflineProvider();
    });
    afterAll(() => provider.stop());

    it("shares no process and no socket with another run, and continues after the other stops", async () => {
      const other = await startOfflineProvider();
      expect(placeOf(other).pid).not.toBe(placeOf(provider).pid);
      await other.stop();
      expect(alive(placeOf(other).pid)).toBe(false);
      expect(existsSync(dirname(placeOf(other).socket))).toBe(false);
      expect(await connects(placeOf(provider).socket)).toBe(true);
    });

    it("opens another socket in the same process", async () => {
      const session = await provider.open({});
      expect(placeOf(session)).toMatchObject({ pid: placeOf(provider).pid });
      expect(placeOf(session).socket).not.toBe(placeOf(provider).socket);
      expect(await connects(placeOf(session).socket)).toBe(true);
    });

    it("rejects a function, which cannot be sent to a process, and continues", async () => {
      const configuration = { resource: () => {} };
      await expect(provider.open({ fixtures: { zones: [configuration as never] } })).rejects.toThrow(/clone/);
      await provider.serve({});
    });

    it("reports that it has ended, and leaves no socket after a stop", async () => {
      process.kill(placeOf(provider).pid, "SIGKILL");
      await expect(provider.serve({})).rejects.toThrow(/process ended \(SIGKILL\)|EPIPE|closed/);
      await provider.stop();
      expect(existsSync(dirname(placeOf(provider).socket))).toBe(false);
    });
  });
});
