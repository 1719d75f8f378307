import { clearTimeout, setTimeout } from "node:timers";
import { type RunningProvider, startOfflineProvider } from "../../cli/offline-provider";

/** How long a provider runs after its last plan. */
const IDLE_MS = 10_000;

interface Shared {
  readonly provider: Promise<RunningProvider>;
  users: number;
  timer?: NodeJS.Timeout;
}

/** The running providers, by the folder of their bindings. */
const shared = new Map<string | undefined, Shared>();

/**
 * Calls a function with an offline provider, which the next calls share. It ends some seconds after the last of them, because
 * Jest loads this module again for each test file, and with this process.
 * @param bindings the folder of the bindings that it reads
 */
export async function withSharedProvider<T>(
  bindings: string | undefined,
  use: (provider: RunningProvider) => Promise<T>,
  idleMs = IDLE_MS,
): Promise<T> {
  const one = shared.get(bindings) ?? { provider: start(bindings), users: 0 };
  shared.set(bindings, one);
  clearTimeout(one.timer);
  one.users += 1;
  try {
    return await use(await one.provider);
  } finally {
    one.users -= 1;
    if (one.users === 0 && shared.get(bindings) === one)
      one.timer = setTimeout(() => void stop(bindings, one), idleMs).unref();
  }
}

async function start(bindings: string | undefined): Promise<RunningProvider> {
  try {
    return await startOfflineProvider({}, bindings);
  } catch (error) {
    // The next call tries again.
    shared.delete(bindings);
    throw error;
  }
}

async function stop(bindings: string | undefined, { provider }: Shared): Promise<void> {
  shared.delete(bindings);
  await (await provider).stop();
}
