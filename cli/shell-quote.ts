/** Returns a value as a word of a shell, in quotes where a shell requires them. */
export const shellQuote = (value: string): string =>
  /^[\w@%+=:,./*-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
