/* The previous form, which services still use: TaskDefinition validates volumes. */
export const taskVolumeMistakes = (..._: unknown[]): string[] => [];
