import { type ParseArgsConfig, parseArgs } from "node:util";

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;
type Values<T extends OptionsConfig> = ReturnType<typeof parseArgs<{ args: string[]; options: T }>>["values"];

/** What a command prints, and its exit code. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An error that the user can fix, such as a wrong option. Commands print its message without a stack trace. */
export class UsageError extends Error {
  /** Each bundle of a command has its own copy of this class, so `instanceof` is not enough. */
  readonly isUsageError = true;
}

/**
 * Parses a command's options with Node's `parseArgs`.
 *
 * @param usage the command's help, which follows Node's message in an error
 * @throws UsageError for an unknown option, a positional argument, or an option without its value
 */
export function parseArguments<const T extends OptionsConfig>(
  args: readonly string[],
  options: T,
  usage: string,
): Values<T> {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`);
  }
}

/** Returns the message of a `UsageError`, and the stack trace of any other error. */
export function errorText(error: unknown): string {
  if ((error as Partial<UsageError> | undefined)?.isUsageError) return (error as UsageError).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Returns the result of a command with `--json`: standard output has JSON, also for an error. A result that has JSON already
 * does not change.
 * @param inLine prints JSON in one line
 */
export function withJsonError(result: CommandResult, inLine = false): CommandResult {
  if (result.stdout !== "" || result.stderr === "") return result;
  return { ...result, stdout: jsonText({ version: 1, error: result.stderr.trim() }, inLine), stderr: "" };
}

/** Renders what a command prints with `--json`. */
export const jsonText = (value: object, inLine = false): string =>
  `${JSON.stringify(value, null, inLine ? undefined : 2)}\n`;

/** Tells a user who waits what the command does. Scripts get no such lines. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}

/** Prints a command's result and sets the exit code of this process. */
export async function printResult(result: Promise<CommandResult>): Promise<void> {
  // A reader such as `head` may close standard output early.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const { status, stdout, stderr } = await result;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}
