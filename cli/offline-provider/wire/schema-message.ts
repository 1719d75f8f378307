import type { Block, ProviderSchema } from "../schema/types";

const NESTING = { single: "SINGLE", list: "LIST", set: "SET" } as const;

interface SchemaMessage {
  readonly version: number;
  readonly block: object;
}

/** Returns the response to `GetSchema`. */
export function schemaResponse(schema: ProviderSchema): object {
  return {
    provider: message(schema.provider),
    resource_schemas: messages(schema.resources),
    data_source_schemas: messages(schema.dataSources),
    // With this, Terraform requests the schema once per command, as it does with the AWS provider.
    server_capabilities: { get_provider_schema_optional: true },
  };
}

function messages(blocks: { readonly [type: string]: Block }): { [type: string]: SchemaMessage } {
  return Object.fromEntries(Object.entries(blocks).map(([type, block]) => [type, message(block)]));
}

/** The version is always 0, because the offline provider does not upgrade states. */
function message(block: Block): SchemaMessage {
  return { version: 0, block: blockMessage(block) };
}

function blockMessage(block: Block): object {
  return {
    attributes: Object.entries(block.attributes).map(([name, { type, ...flags }]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      ...flags,
    })),
    block_types: Object.entries(block.blocks).map(([name, nested]) => ({
      type_name: name,
      block: blockMessage(nested.block),
      nesting: NESTING[nested.nesting],
      min_items: nested.minItems,
      max_items: nested.maxItems,
    })),
  };
}
