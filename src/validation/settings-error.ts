/** Every mistake found in what the caller gave, in one error. */
export class SettingsError extends Error {
  /** One line a mistake: the setting, the rule, the value received and the fix. */
  readonly mistakes: readonly string[];

  /**
   * @param subject what was being configured, for instance `EcsClusterStack "prod"`
   * @param mistakes one line a mistake; at least one
   */
  constructor(subject: string, mistakes: readonly string[]) {
    const count = mistakes.length === 1 ? "1 setting is wrong" : `${mistakes.length} settings are wrong`;
    super(`${subject}: ${count}\n${mistakes.map((mistake) => `  - ${mistake}`).join("\n")}`);
    this.name = "SettingsError";
    this.mistakes = mistakes;
  }
}
