import type { Stack } from "../stack";

/**
 * Returns an output as the argument of a command. A module returns a placeholder, because only the root module prints
 * outputs.
 */
export const argument = ({ portable: { outputs }, options }: Stack, output: string, placeholder: string): string =>
  !options.module && outputs.some(([name]) => name === output) ? `"$(terraform output -raw ${output})"` : placeholder;
