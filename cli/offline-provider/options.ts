import { parseArguments, UsageError } from "../command-line";

/** What the command was asked to do. */
export interface Options {
  /** A folder to run Terraform in; without one, an app is synthesized and planned. */
  readonly dir?: string;
  /** Whether to run in a throw-away copy of the folder, whose state is local. */
  readonly copy: boolean;
  /** The app to synthesize. */
  readonly app: string;
  /** The stack to plan, where an app has several. */
  readonly stack?: string;
  /** A JSON file of fixtures. */
  readonly fixtures?: string;
  readonly help: boolean;
  /** What is passed on to Terraform: arguments of `plan`, or with `dir` a whole command. */
  readonly terraformArgs: readonly string[];
}

export const USAGE = `Runs the real Terraform with the AWS provider's schema, and no registry, network or account.

npm run plan:offline -- [--app FILE] [--stack ID] [--fixtures FILE] [-- ARGS of terraform plan]
  synthesizes the app (main.ts) and prints Terraform's plan, with example values for variables that have no default
tsx cli/offline-provider/cli.ts --dir DIR [--copy] [--fixtures FILE] -- terraform COMMAND [ARGS]
  runs any Terraform command in a folder of Terraform files; with --copy in a throw-away copy that is initialized
  first and keeps its state locally, so that neither a backend's bucket nor its credentials are needed

--fixtures names a JSON file that says what the account holds: cli/offline-provider/data/fixtures.ts has the keys.
`;

const TERRAFORMS = 'Arguments for Terraform go after "--".\n\n';
const OPTIONS = {
  dir: { type: "string" },
  copy: { type: "boolean" },
  app: { type: "string" },
  stack: { type: "string" },
  fixtures: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** @throws UsageError */
export function parseOptions(args: readonly string[]): Options {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const passed = end < 0 ? [] : args.slice(end + 1);
  const { dir, app, stack, fixtures, copy = false, help = false } = parseArguments(own, OPTIONS, TERRAFORMS + USAGE);
  if (dir === undefined && copy)
    throw new UsageError(`--copy copies the folder of --dir, which is missing.\n\n${USAGE}`);
  if (dir !== undefined && (app ?? stack) !== undefined) {
    throw new UsageError(`--dir runs in a folder as it is: --app and --stack don't go with it.\n\n${USAGE}`);
  }
  const terraformArgs = dir !== undefined && passed[0] === "terraform" ? passed.slice(1) : passed;
  if (dir !== undefined && terraformArgs.length === 0 && !help) {
    throw new UsageError(
      `--dir needs a Terraform command after "--", such as: --dir ${dir} -- terraform validate\n\n${USAGE}`,
    );
  }
  return { dir, copy, app: app ?? "main.ts", stack, fixtures, help, terraformArgs };
}
