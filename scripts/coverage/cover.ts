/**
 * What covers a field: the property that sets it, `Interface.property` or `Class.method()`, or several; the value that it
 * always has; or why nothing sets it.
 */
export type Cover =
  | string
  | readonly string[]
  /** A whole sentence, such as "Always `EC2`." */
  | { readonly fixed: string }
  /** The reason: a whole sentence. */
  | { readonly outOfScope: string }
  /** Not decided yet. */
  | { readonly open: string };

/** What covers each field of a list. */
export type Mapping = Readonly<Record<string, Cover>>;

/** Returns the properties of a cover. */
export const propertiesOf = (cover: Cover): readonly string[] =>
  typeof cover === "string" ? [cover] : Array.isArray(cover) ? (cover as readonly string[]) : [];
