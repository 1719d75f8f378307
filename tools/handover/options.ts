import { parseArgs } from "node:util";

/** What `npm run handover -- …` was asked for. */
export interface CliOptions {
  readonly stack: string;
  /** Relative to where the command was given. @default handover/<stack> in the repository */
  readonly out?: string;
  readonly hcl: boolean;
  readonly module: boolean;
  readonly check: boolean;
  readonly help: boolean;
}

/** A mistake in what was given: told in its own words, without a stack trace. */
export class UsageError extends Error {}

export const USAGE = `npm run handover [-- OPTIONS]: a folder of plain Terraform, a README and a picture, from a synthesized stack

  --stack NAME  "ecs", which is main.ts, or the name of a file in examples/ (default: ecs)
  --out DIR     where to write (default: handover/NAME)
  --hcl         native HCL in place of Terraform JSON
  --module      for a module block: no provider configuration inside
  --check       write nothing; show what differs from what is there, and exit 1 when something does
  --help        this text
`;

const NAMES = /^[a-z0-9][a-z0-9-]*$/i;

/** @throws UsageError naming the option, the rule, what was received and what to do */
export function parseOptions(args: readonly string[]): CliOptions {
  const values = parsed(args);
  const { stack = "ecs", out, hcl = false, module = false, check = false, help = false } = values;
  if (!NAMES.test(stack)) {
    throw new UsageError(
      `--stack must be a stack's name: letters, digits and hyphens; received ${JSON.stringify(stack)}. For example --stack ecs.`,
    );
  }
  if (out !== undefined && out.trim() === "") {
    throw new UsageError(
      `--out must name a folder; received ${JSON.stringify(out)}. Give one, or leave --out away for handover/NAME.`,
    );
  }
  return { stack, out, hcl, module, check, help };
}

function parsed(args: readonly string[]) {
  try {
    const boolean = { type: "boolean" } as const;
    const string = { type: "string" } as const;
    return parseArgs({
      args: [...args],
      options: { stack: string, out: string, hcl: boolean, module: boolean, check: boolean, help: boolean },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}
