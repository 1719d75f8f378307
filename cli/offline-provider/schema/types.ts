/** A type as Terraform writes it in JSON: `"string"`, `["list", "string"]`, `["object", {...}]`, `"dynamic"` where anything goes. */
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
  /** 0 or 1: the bindings say "required", not how many. */
  readonly minItems: number;
  /** 1 where the bindings hold a single item; 0 is no limit, as in the protocol. */
  readonly maxItems: number;
  readonly block: Block;
}

export interface Block {
  readonly attributes: { readonly [name: string]: Attribute };
  readonly blocks: { readonly [name: string]: NestedBlock };
}

/** What a configuration can name of a provider. */
export type Kind = "resource" | "data" | "provider";

export interface ProviderSchema {
  readonly provider: Block;
  readonly resources: { readonly [type: string]: Block };
  readonly dataSources: { readonly [type: string]: Block };
}
