/**
 * Stands in for `cdktf` in the bundles of the command. A command has plain values, so nothing is a token. Without it, each
 * command would load CDKTF, which takes longer than the command.
 */
export const Token = { isUnresolved: () => false };
export const Tokenization = { isResolvable: () => false, reverse: () => undefined };
