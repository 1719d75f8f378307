import { SettingsError } from "../../src";
import { sentence } from "../../src/validation/problem";

/** Returns the problems of the settings that an action rejects, one line each. Any other error fails the test. */
export function problemsOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(sentence);
    throw error;
  }
  return [];
}
