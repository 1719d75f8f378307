import type { Attribute, Block, NestedBlock } from "./types";

const optional = (type: Attribute["type"]): Attribute => ({ type, required: false, optional: true, computed: false });
const required = (type: Attribute["type"]): Attribute => ({ type, required: true, optional: false, computed: false });

const one = (attributes: Block["attributes"], blocks: Block["blocks"] = {}): NestedBlock => ({
  nesting: "list",
  minItems: 0,
  maxItems: 1,
  block: { attributes, blocks },
});

/** The statements of a web ACL's rule that contain no other statement. */
const STATEMENT = one(
  {},
  {
    geo_match_statement: one({ country_codes: required(["list", "string"]) }),
    ip_set_reference_statement: one({ arn: required("string") }),
    managed_rule_group_statement: one({
      name: required("string"),
      vendor_name: required("string"),
      version: optional("string"),
    }),
    rate_based_statement: one({
      limit: required("number"),
      aggregate_key_type: optional("string"),
      evaluation_window_sec: optional("number"),
    }),
    rule_group_reference_statement: one({ arn: required("string") }),
  },
);

/**
 * Recursive blocks, whose type in the bindings is "any". Terraform does not accept such a type in a set, so this file has
 * the part that is used. Source:
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/wafv2_web_acl.
 */
const OPEN_BLOCKS: { readonly [typeAndName: string]: NestedBlock } = {
  "aws_wafv2_web_acl.statement": STATEMENT,
  "aws_wafv2_rule_group.statement": STATEMENT,
};

/** Returns the block for a recursive one, if there is one. */
export const openBlock = (type: string, name: string): NestedBlock | undefined => OPEN_BLOCKS[`${type}.${name}`];
