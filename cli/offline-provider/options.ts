import { parseArguments, UsageError } from "../command-line";

/** The options of the command. */
export interface Options {
  /** The folder to run Terraform in. @default - an app is synthesized and planned */
  readonly dir?: string;
  /** Run in a temporary copy of the folder, with a local state. */
  readonly copy: boolean;
  /** The app to synthesize. */
  readonly app: string;
  /** The id of the stack to plan, if the app has several stacks. */
  readonly stack?: string;
  /** A JSON file of fixtures. */
  readonly fixtures?: string;
  readonly help: boolean;
  /** Arguments for `terraform plan`, or the whole command with `dir`. */
  readonly terraformArgs: readonly string[];
}

export const USAGE = `Runs Terraform with the schema of the AWS provider, without a registry, a network or an AWS account.

npm run plan:offline -- [--app FILE] [--stack ID] [--fixtures FILE] [-- ARGUMENTS of terraform plan]
  Synthesizes the app (default: main.ts) and prints Terraform's plan. Variables without a default get example values.
tsx cli/offline-provider/cli.ts --dir DIR [--copy] [--fixtures FILE] -- terraform COMMAND [ARGUMENTS]
  Runs a Terraform command in a folder of Terraform files. With --copy, it runs in an initialized temporary copy with a
  local state, which needs no access to the backend.

--fixtures is a JSON file that describes the account: see cli/offline-provider/data/fixtures.ts.
`;

const TERRAFORMS = 'Write arguments for Terraform after "--".\n\n';
const OPTIONS = {
  dir: { type: "string" },
  copy: { type: "boolean" },
  app: { type: "string" },
  stack: { type: "string" },
  fixtures: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Parses the arguments. @throws {UsageError} with the help */
export function parseOptions(args: readonly string[]): Options {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const passed = end < 0 ? [] : args.slice(end + 1);
  const { dir, app, stack, fixtures, copy = false, help = false } = parseArguments(own, OPTIONS, TERRAFORMS + USAGE);
  if (dir === undefined && copy)
    throw new UsageError(`--copy must be used with --dir. Set --dir to the folder to copy.\n\n${USAGE}`);
  if (dir !== undefined && (app ?? stack) !== undefined) {
    throw new UsageError(`--app and --stack must not be used with --dir. Remove them.\n\n${USAGE}`);
  }
  const terraformArgs = dir !== undefined && passed[0] === "terraform" ? passed.slice(1) : passed;
  if (dir !== undefined && terraformArgs.length === 0 && !help) {
    throw new UsageError(
      `--dir must be used with a Terraform command. For example: --dir ${dir} -- terraform validate\n\n${USAGE}`,
    );
  }
  return { dir, copy, app: app ?? "main.ts", stack, fixtures, help, terraformArgs };
}
