import { bindingsFolder, UnknownTypeError } from "../../../cli/offline-provider/schema/bindings";
import { deriveBlock, GETTERS } from "../../../cli/offline-provider/schema/derive";
import type { Attribute, Block, CtyType, Kind } from "../../../cli/offline-provider/schema/types";
import { DATA_SOURCE_FACTS } from "./data-source-facts";
import { RESOURCE_FACTS } from "./resource-facts";
import type { BlockFacts } from "./schema-facts";

function typeText(type: CtyType): string {
  if (!Array.isArray(type)) return type as string;
  if (type[0] !== "object") return `${type[0]}(${typeText(type[1] as CtyType)})`;
  const fields = Object.entries(type[1] as Record<string, CtyType>);
  return `object(${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${name} ${typeText(field)}`)
    .join(", ")})`;
}

function attributeText({ required, optional, computed, sensitive, type }: Attribute): string {
  const flags = `${required ? "R" : ""}${optional ? "O" : ""}${computed ? "C" : ""}`;
  return `${flags} ${typeText(type)}${sensitive ? " sensitive" : ""}`;
}

/** Returns the part of the derived block that the facts describe, in their notation. */
function inNotation(block: Block, facts: BlockFacts): BlockFacts {
  const attributes = Object.keys(facts.attributes).map((name) => {
    const attribute = block.attributes[name];
    return [name, attribute ? attributeText(attribute) : "missing"];
  });
  const blocks = Object.entries(facts.blocks ?? {}).map(([name, [, inner]]) => {
    const nested = block.blocks[name];
    if (!nested) return [name, "missing"];
    const shape =
      nested.nesting === "single" ? "single" : `${nested.nesting} ${nested.minItems}..${nested.maxItems || "n"}`;
    return [name, [shape, inNotation(nested.block, inner)]];
  });
  return {
    attributes: Object.fromEntries(attributes),
    ...(facts.blocks ? { blocks: Object.fromEntries(blocks) } : {}),
  };
}

describe("the schema that the bindings have", () => {
  it.each(Object.entries(RESOURCE_FACTS))("is the AWS provider's for the resource %s", (type, facts) => {
    expect(inNotation(deriveBlock("resource", type), facts)).toEqual(facts);
  });

  it.each(Object.entries(DATA_SOURCE_FACTS))("is the AWS provider's for the data source %s", (type, facts) => {
    expect(inNotation(deriveBlock("data", type), facts)).toEqual(facts);
  });

  it("has attributes, not blocks, for lists of objects that the AWS provider computes", () => {
    expect(deriveBlock("resource", "aws_security_group").blocks).toEqual({ timeouts: expect.anything() });
    expect(Object.keys(deriveBlock("resource", "aws_vpc_security_group_ingress_rule").blocks)).toEqual([]);
    const { maintenance_configuration } = deriveBlock("resource", "aws_s3tables_table_bucket").attributes;
    expect(attributeText(maintenance_configuration as Attribute)).toMatch(
      /^OC object\(iceberg_unreferenced_file_removal /,
    );
  });

  it("has attributes for lists of objects that the AWS provider declares as attributes", () => {
    const { placement_group_config } = deriveBlock("resource", "aws_emr_cluster").attributes;
    expect(attributeText(placement_group_config as Attribute)).toBe(
      "O list(object(instance_role string, placement_strategy string))",
    );
  });

  it("has a block for a web ACL's statement, whose type in the bindings is any", () => {
    const rule = deriveBlock("resource", "aws_wafv2_web_acl").blocks.rule;
    expect(rule?.nesting).toBe("set");
    const group = rule?.block.blocks.statement?.block.blocks.managed_rule_group_statement;
    expect(attributeText(group?.block.attributes.vendor_name as Attribute)).toBe("R string");
  });

  it("marks the client secret of a rule's login as sensitive, and nothing else of the rule", () => {
    const { blocks, attributes } = deriveBlock("resource", "aws_lb_listener_rule");
    const oidc = blocks.action?.block.blocks.authenticate_oidc?.block.attributes ?? {};
    const all = { ...attributes, ...blocks.action?.block.attributes, ...oidc };
    expect(Object.keys(all).filter((name) => all[name]?.sensitive)).toEqual(["client_secret"]);
  });

  it("is the AWS provider's for the provider block", () => {
    const { attributes, blocks } = deriveBlock("provider", "aws");
    expect(attributeText(attributes.region as Attribute)).toBe("O string");
    expect(attributeText(attributes.allowed_account_ids as Attribute)).toBe("O set(string)");
    expect(blocks.default_tags?.nesting).toBe("list");
    expect(attributeText(blocks.default_tags?.block.attributes.tags as Attribute)).toBe("O map(string)");
    expect(attributeText(blocks.assume_role?.block.attributes.role_arn as Attribute)).toBe("O string");
  });

  it.each<[Kind, string, RegExp]>([
    ["resource", "aws_no_such_thing", /resource type "aws_no_such_thing".*the bindings do not have it/],
    ["data", "aws_launch_templates", /data source type "aws_launch_templates".*the bindings do not have it/],
    ["resource", "../provider", /resource type "\.\.\/provider".*it is not a type of the AWS provider/],
    ["resource", "aws_medialive_channel", /resource type "aws_medialive_channel".*of "cdi_input_specification"/],
  ])("is an error for the %s %s, which it cannot derive", (kind, type, message) => {
    expect(() => deriveBlock(kind, type)).toThrow(UnknownTypeError);
    expect(() => deriveBlock(kind, type)).toThrow(message);
  });

  it("comes from the folder of the type's bindings", () => {
    expect(bindingsFolder("resource", "aws_lb")).toBe("lb");
    expect(bindingsFolder("resource", "aws_vpc_security_group_ingress_rule")).toBe("vpc-security-group-ingress-rule");
    expect(bindingsFolder("data", "aws_ec2_instance_type")).toBe("data-aws-ec2-instance-type");
    expect(bindingsFolder("provider", "aws")).toBe("provider");
  });
});

describe("the getters of attributes", () => {
  it.each(["StringMap", "NumberMap", "BooleanMap", "AnyMap", "StringMapList"])(
    "are known for cdktn too: %s",
    (name) => {
      const typeOf = (library: string) => GETTERS.find(([code]) => code.test(`new ${library}.${name}(this, "x")`))?.[1];
      expect(typeOf("cdktf")).toBeDefined();
      expect(typeOf("cdktn")).toEqual(typeOf("cdktf"));
    },
  );
});
