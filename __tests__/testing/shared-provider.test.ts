import { withSharedProvider } from "../../src/testing/shared-provider";

const pidOf = (reattach: string): number => Object.values<{ Pid: number }>(JSON.parse(reattach))[0]?.Pid ?? 0;
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("the shared provider", () => {
  const pid = (bindings: string | undefined, idleMs?: number) =>
    withSharedProvider(bindings, async ({ env }) => pidOf(env.TF_REATTACH_PROVIDERS), idleMs);

  it("is one process for calls with the same bindings, and ends when it is idle", async () => {
    const folder = require.resolve("@cdktf/provider-aws/package.json").replace("/package.json", "");
    const [first, second, other] = await Promise.all([pid(folder, 1), pid(folder, 1), pid(undefined, 1)]);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
    while (isAlive(first) || isAlive(other)) await new Promise((done) => setTimeout(done, 10));
    const later = await pid(folder, 1);
    expect(later).not.toBe(first);
  });

  it("runs while a call uses it", async () => {
    await withSharedProvider(
      undefined,
      async ({ env, serve }) => {
        const own = pidOf(env.TF_REATTACH_PROVIDERS);
        expect(await pid(undefined, 1)).toBe(own);
        await new Promise((done) => setTimeout(done, 50));
        expect(isAlive(own)).toBe(true);
        await serve({});
      },
      1,
    );
  });
});
