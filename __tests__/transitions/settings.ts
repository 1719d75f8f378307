import type { Schema } from "../../src/validation/schema";

/** A setting of a construct. */
export interface Setting {
  /** `*` is any name in a map, and `[]` any element of a list: `sidecars[].environment`, `routes.*.paths`. */
  readonly path: string;
  /** The default, if the setting has one. */
  readonly fallback?: unknown;
  /** Whether the setting is the default of a Terraform variable. */
  readonly isVariable: boolean;
}

/** The type of a name that a schema has only to say why it has no such setting. */
const LEFT_OUT = "left out";

/**
 * Returns all settings of a schema with those inside them. An object that has a default is not a setting itself, because its
 * own settings decide everything. An object without a default is one, because setting it creates something.
 */
export function settingsOf(schema: Schema): Setting[] {
  const shape = schema.facts.shape ?? {};
  return Object.entries(shape).flatMap(([name, field]) => inside(field as Schema, name));
}

function inside(field: Schema, path: string): Setting[] {
  const { facts } = field;
  const { type, inner = [], shape, fallback } = facts;
  if (type === LEFT_OUT) return [];
  const self: Setting = { path, fallback, isVariable: facts.description !== undefined };
  const isUnion = type !== "a list" && type !== "a map" && inner.length > 0;
  const withShape = inner.filter((one) => one.facts.shape !== undefined || hasObjects(one));
  if (isUnion) return [self, ...withShape.flatMap((one) => inside(one, path).filter((found) => found.path !== path))];
  if (inner.length > 0) {
    const element = type === "a list" ? `${path}[]` : `${path}.*`;
    return [self, ...withShape.flatMap((one) => inside(one, element).filter((found) => found.path !== element))];
  }
  if (!shape) return [self];
  const own = Object.entries(shape).flatMap(([name, one]) => inside(one as Schema, `${path}.${name}`));
  return fallback === undefined ? [self, ...own] : own;
}

const hasObjects = ({ facts: { inner = [], shape } }: Schema): boolean => shape !== undefined || inner.some(hasObjects);
