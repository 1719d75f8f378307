/** A type as Terraform writes it in JSON: `"string"`, `["list", "string"]`, `["object", {...}]`. `"dynamic"` is any type. */
export type CtyType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", CtyType]
  | readonly ["object", { readonly [name: string]: CtyType }];

export interface Attribute {
  readonly type: CtyType;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  /** @default false */
  readonly sensitive?: boolean;
}

export interface NestedBlock {
  readonly nesting: "single" | "list" | "set";
  /** 0 or 1. The bindings say only whether the block is required. */
  readonly minItems: number;
  /** 1 for a block that can occur once. 0 is no limit, as in the protocol. */
  readonly maxItems: number;
  readonly block: Block;
}

export interface Block {
  readonly attributes: { readonly [name: string]: Attribute };
  readonly blocks: { readonly [name: string]: NestedBlock };
}

/** What a schema describes. */
export type Kind = "resource" | "data" | "provider";

export interface ProviderSchema {
  readonly provider: Block;
  readonly resources: { readonly [type: string]: Block };
  readonly dataSources: { readonly [type: string]: Block };
}
