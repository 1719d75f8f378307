import type { Attribute, Block, NestedBlock } from "./types";

const optional = (type: Attribute["type"]): Attribute => ({ type, required: false, optional: true, computed: false });
const required = (type: Attribute["type"]): Attribute => ({ type, required: true, optional: false, computed: false });

const one = (attributes: Block["attributes"], blocks: Block["blocks"] = {}): NestedBlock => ({
  nesting: "list",
  minItems: 0,
  maxItems: 1,
  block: { attributes, blocks },
});

/** The statements of a web ACL's rule that hold no other statement. */
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
 * Nested blocks that the bindings leave open ("any"), because they nest without end. Terraform takes no open type within
 * a set, so what is used of them is written by hand, from
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/wafv2_web_acl.
 */
const OPEN_BLOCKS: { readonly [typeAndName: string]: NestedBlock } = {
  "aws_wafv2_web_acl.statement": STATEMENT,
  "aws_wafv2_rule_group.statement": STATEMENT,
};

/** The block that stands in for an open one, or nothing where there is none. */
export const openBlock = (type: string, name: string): NestedBlock | undefined => OPEN_BLOCKS[`${type}.${name}`];
