import type { Block, Kind } from "./types";

/**
 * What the provider marks as sensitive and the bindings don't show. It decides what a plan prints: an AMI id read from
 * `value` shows as "(sensitive value)", read from `insecure_value` it shows in full.
 */
const SENSITIVE: { readonly [kindAndType: string]: readonly string[] } = {
  "data aws_ssm_parameter": ["value"],
  "resource aws_ssm_parameter": ["value"],
  "resource aws_secretsmanager_secret_version": ["secret_string", "secret_binary"],
  "resource aws_db_instance": ["password"],
  "resource aws_iam_access_key": ["secret", "ses_smtp_password_v4"],
};

/** The block with its sensitive attributes marked. */
export function markSensitive(kind: Kind, type: string, block: Block): Block {
  const names = SENSITIVE[`${kind} ${type}`];
  if (!names) return block;
  const marked = Object.entries(block.attributes).map(([name, attribute]) => [
    name,
    names.includes(name) ? { ...attribute, sensitive: true } : attribute,
  ]);
  return { ...block, attributes: Object.fromEntries(marked) };
}
