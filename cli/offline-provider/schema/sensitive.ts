import type { Block, Kind } from "./types";

/**
 * The attributes that the AWS provider marks as sensitive. The bindings do not say it. A plan prints such a value as
 * "(sensitive value)". Those of nested blocks have a path.
 */
const SENSITIVE: { readonly [kindAndType: string]: readonly string[] } = {
  "data aws_secretsmanager_secret_version": ["secret_string", "secret_binary"],
  "data aws_ssm_parameter": ["value"],
  "resource aws_ssm_parameter": ["value"],
  "resource aws_secretsmanager_secret_version": ["secret_string", "secret_binary"],
  "resource aws_lb_listener": ["default_action.authenticate_oidc.client_secret"],
  "resource aws_lb_listener_rule": ["action.authenticate_oidc.client_secret"],
  "resource aws_db_instance": ["password"],
  "resource aws_iam_access_key": ["secret", "ses_smtp_password_v4"],
};

/** Returns the block with its sensitive attributes marked. */
export function markSensitive(kind: Kind, type: string, block: Block): Block {
  const paths = SENSITIVE[`${kind} ${type}`];
  return paths ? marked(block, paths) : block;
}

function marked(block: Block, paths: readonly string[]): Block {
  const inside = (name: string) =>
    paths.flatMap((path) => (path.startsWith(`${name}.`) ? path.slice(name.length + 1) : []));
  const attributes = Object.entries(block.attributes).map(([name, attribute]) => [
    name,
    paths.includes(name) ? { ...attribute, sensitive: true } : attribute,
  ]);
  const blocks = Object.entries(block.blocks).map(([name, nested]) => [
    name,
    inside(name).length > 0 ? { ...nested, block: marked(nested.block, inside(name)) } : nested,
  ]);
  return { attributes: Object.fromEntries(attributes), blocks: Object.fromEntries(blocks) };
}
