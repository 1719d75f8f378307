import { spawnSync } from "node:child_process";

/** A process to measure from start to end. */
export interface Case {
  readonly name: string;
  readonly args: readonly string[];
  /** @default - node itself */
  readonly file?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The exit code. @default 0 */
  readonly status?: number;
  /** Runs before each run of the process, and is not measured. */
  readonly before?: () => void;
  /** The number of rounds in which the case runs. @default - all rounds */
  readonly rounds?: number;
}

/** The milliseconds of a case in each of the first rounds. */
export type Times = ReadonlyMap<string, readonly number[]>;

/**
 * Runs all cases in turn, in several rounds, so that a slow phase of the machine affects all of them. The first round fills
 * the disk's cache and is not counted.
 * @throws Error if a process fails, with its output
 */
export function measure(cases: readonly Case[], rounds: number, cwd: string, env: NodeJS.ProcessEnv = {}): Times {
  const times = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const one of cases.filter((each) => round <= (each.rounds ?? rounds))) {
      const time = runOnce(one, cwd, env);
      if (round > 0) times.get(one.name)?.push(time);
    }
    process.stderr.write(`round ${round} of ${rounds}\n`);
  }
  return times;
}

function runOnce(
  { name, file = process.execPath, args, env, status: expected = 0, before }: Case,
  cwd: string,
  all: NodeJS.ProcessEnv,
) {
  before?.();
  const start = process.hrtime.bigint();
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd, env: { ...process.env, ...all, ...env } });
  const time = Number(process.hrtime.bigint() - start) / 1e6;
  if (error) throw error;
  if (status !== expected) throw new Error(`"${name}" ended with ${status}:\n${stdout}${stderr}`);
  return time;
}

/** Returns how many times as long as another a case takes, in the rounds in which both ran. */
export function ratio(one: readonly number[], other: readonly number[]): number {
  const rounds = Math.min(one.length, other.length);
  return median(one.slice(0, rounds)) / median(other.slice(0, rounds));
}

/** Returns how many seconds longer than another a case takes, in the rounds in which both ran. */
export function difference(one: readonly number[], other: readonly number[]): number {
  const rounds = Math.min(one.length, other.length);
  return (median(one.slice(0, rounds)) - median(other.slice(0, rounds))) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error("An empty list has no median.");
  return (low + high) / 2;
}
