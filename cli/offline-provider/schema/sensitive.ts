import type { Block, Kind } from "./types";

/**
 * The attributes that the AWS provider marks as sensitive. The bindings do not say it. A plan prints such a value as
 * "(sensitive value)".
 */
const SENSITIVE: { readonly [kindAndType: string]: readonly string[] } = {
  "data aws_ssm_parameter": ["value"],
  "resource aws_ssm_parameter": ["value"],
  "resource aws_secretsmanager_secret_version": ["secret_string", "secret_binary"],
  "resource aws_db_instance": ["password"],
  "resource aws_iam_access_key": ["secret", "ses_smtp_password_v4"],
};

/** Returns the block with its sensitive attributes marked. */
export function markSensitive(kind: Kind, type: string, block: Block): Block {
  const names = SENSITIVE[`${kind} ${type}`];
  if (!names) return block;
  const marked = Object.entries(block.attributes).map(([name, attribute]) => [
    name,
    names.includes(name) ? { ...attribute, sensitive: true } : attribute,
  ]);
  return { ...block, attributes: Object.fromEntries(marked) };
}
