import { parseArguments, UsageError } from "../cli/command-line";

/** The options of the benchmark. */
export interface Options {
  /** How often each case runs, after one round that does not count. */
  readonly rounds: number;
  readonly help: boolean;
}

const DEFAULT_ROUNDS = 15;

export const USAGE = `npm run bench [-- --rounds N]: measures synthesis and the tests for some minutes, and writes bench/results.md and
bench/growth.svg. It needs Terraform.

  --rounds N  how often each case runs (default: ${DEFAULT_ROUNDS})
`;

/** @throws UsageError */
export function parseOptions(args: readonly string[]): Options {
  const options = { rounds: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
  const { rounds = String(DEFAULT_ROUNDS), help = false } = parseArguments(args, options, USAGE);
  if (!/^[1-9]\d{0,3}$/.test(rounds))
    throw new UsageError(
      `--rounds must be a whole number from 1 to 9999; received ${JSON.stringify(rounds)}. For example --rounds 5.`,
    );
  return { rounds: Number(rounds), help };
}
