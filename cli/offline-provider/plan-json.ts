/** The parts of `terraform show -json` that tests use. */
export interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Record<string, unknown> | null;
      readonly after: Record<string, unknown> | null;
      readonly after_unknown: Record<string, unknown>;
      readonly replace_paths?: readonly unknown[][];
    };
  }[];
  readonly output_changes?: Record<string, { readonly actions: readonly string[]; readonly after?: unknown }>;
  readonly checks?: readonly {
    readonly address: { readonly kind: string; readonly name?: string; readonly to_display: string };
    readonly status: string;
    readonly instances?: readonly { readonly problems?: readonly { readonly message: string }[] }[];
  }[];
  readonly [part: string]: unknown;
}
