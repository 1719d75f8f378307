import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A whole process to measure. */
export interface Case {
  /** What the table calls it. */
  readonly name: string;
  readonly args: readonly string[];
  /** @default - node itself */
  readonly file?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What happens before each run, and isn't measured. */
  readonly before?: () => void;
  /** How many of the rounds it takes part in: what is slow is measured less often. @default - all */
  readonly rounds?: number;
}

export interface Measured {
  readonly name: string;
  /** The median. */
  readonly milliseconds: number;
  /** Of each round that it took part in, which are the first ones. */
  readonly times: readonly number[];
}

/** How many times as long as another a case takes, in the rounds that both took part in: what slowed one slowed the other. */
export function ratio(one: Measured, other: Measured): number {
  const rounds = Math.min(one.times.length, other.times.length);
  const [own, others] = [one, other].map(({ times }) => median(times.slice(0, rounds))) as [number, number];
  return own / others;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const around = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  if (around.length === 0) throw new Error("There is no median of nothing.");
  return around.reduce((sum, value) => sum + value, 0) / around.length;
}

/**
 * Runs each case once a round, one after the other, so that whatever slows the machine down slows all of them. The first
 * round warms the disk's cache and the builds, and doesn't count.
 *
 * @throws {Error} when a process fails, with what it printed
 */
export function measure(cases: readonly Case[], rounds: number, cwd: string): Measured[] {
  const times = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const one of cases) {
      if (round > (one.rounds ?? rounds)) continue;
      const time = runOnce(one, cwd);
      if (round > 0) times.get(one.name)?.push(time);
    }
    process.stderr.write(round === 0 ? "warmed up\n" : `round ${round} of ${rounds}\n`);
  }
  return cases.map(({ name }) => {
    const all = times.get(name) ?? [];
    return { name, milliseconds: median(all), times: all };
  });
}

function runOnce({ name, file = process.execPath, args, env, before }: Case, cwd: string): number {
  before?.();
  const start = process.hrtime.bigint();
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd, env: { ...process.env, ...env } });
  const time = Number(process.hrtime.bigint() - start) / 1e6;
  if (error) throw error;
  if (status !== 0) throw new Error(`"${name}" ended with ${status}:\n${stdout}${stderr}`);
  return time;
}

/** The most memory that a run of a case has, in KiB. */
export function memory(one: Case, folder: string, cwd: string): number {
  const report = join(folder, "max-rss");
  rmSync(report, { force: true });
  const args = ["--require", join(__dirname, "max-rss.cjs"), ...one.args];
  runOnce({ ...one, args, env: { ...one.env, BENCH_MAX_RSS: report } }, cwd);
  return Number(readFileSync(report, "utf8"));
}
