import { UsageError, valuesOf } from "../command-line";

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

export const USAGE = `npm run handover [-- OPTIONS]: a folder of plain Terraform, a README and diagrams, from a synthesized stack

  --stack NAME  "ecs", which is main.ts, or the name of a file in examples/ (default: ecs)
  --out DIR     where to write (default: handover/NAME)
  --hcl         native HCL in place of Terraform JSON
  --module      for a module block: no provider configuration inside
  --check       write nothing; show what differs from what is there, and exit 1 when something does
  --help        this text
`;

const BOOLEAN = { type: "boolean" } as const;
const STRING = { type: "string" } as const;
const OPTIONS = {
  stack: STRING,
  out: STRING,
  hcl: BOOLEAN,
  module: BOOLEAN,
  check: BOOLEAN,
  help: { ...BOOLEAN, short: "h" },
};

const NAMES = /^[a-z0-9][a-z0-9-]*$/i;

/** @throws UsageError naming the option, the rule, what was received and what to do */
export function parseOptions(args: readonly string[]): CliOptions {
  const values = valuesOf(args, OPTIONS, USAGE);
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
