import { type ParseArgsConfig, parseArgs } from "node:util";

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;
type Values<T extends OptionsConfig> = ReturnType<typeof parseArgs<{ args: string[]; options: T }>>["values"];

/** A mistake in what was given to a command: its message is all that is printed, without a stack. */
export class UsageError extends Error {}

/**
 * The values of a command's options, as Node's `parseArgs` gives them.
 * @param usage what the command is for and how it is called; it follows what Node says of a mistake
 * @throws UsageError for an option or an argument that the command doesn't take, or a value that isn't there
 */
export function valuesOf<const T extends OptionsConfig>(args: readonly string[], options: T, usage: string): Values<T> {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`);
  }
}

/** What is told of an error: of a mistake its own words, of a defect where in the code it is. */
export function toldOf(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
