import { TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { nullable, type Rule, violationTemplate } from "./rule";
import { rulesOf, type Schema } from "./schema";
import type { Kind } from "./token";

const TYPES: Readonly<Record<Kind, string>> = {
  string: "string",
  number: "number",
  boolean: "bool",
  list: "list(string)",
  map: "map(string)",
};

/** A Terraform variable, and the setting that is its default. */
export interface VariableDeclaration {
  /** The name of the variable in Terraform: `min_size`. */
  readonly name: string;
  /** The field of the setting, made with `variable(field, description)`. Terraform checks its rules at plan. */
  readonly field: Schema;
  /** The variable's default. @default - none: the variable is required */
  readonly value?: unknown;
}

/** The Terraform variables of a stack, each with its description, type, default and validations. */
export class Variables extends Construct {
  private readonly variables: ReadonlyMap<string, TerraformVariable>;

  /** @param declarations the variables by the name of their setting */
  constructor(scope: Construct, id: string, declarations: Readonly<Record<string, VariableDeclaration>>) {
    super(scope, id);
    this.variables = new Map(
      Object.entries(declarations).map(
        ([key, one]) => [key, "rules" in one ? declare(this, one as never) : declareVariable(this, one)] as const,
      ),
    );
  }

  /** Returns a string variable. @throws {Error} when these settings have no such variable */
  string(key: string): string {
    return this.variable(key).stringValue;
  }

  /** Returns a number variable. @throws {Error} when these settings have no such variable */
  number(key: string): number {
    return this.variable(key).numberValue;
  }

  /** Returns a list variable. @throws {Error} when these settings have no such variable */
  list(key: string): string[] {
    return this.variable(key).listValue;
  }

  /** Returns a variable as an operand of an expression. @throws {Error} when these settings have no such variable */
  variable(key: string): TerraformVariable {
    const variable = this.variables.get(key);
    if (!variable) throw new Error(`The stack has no variable for ${key} with these settings.`);
    return variable;
  }
}

/** Declares one variable at the stack's top level, under its own name. */
export function declareVariable(scope: Construct, { name, field, value }: VariableDeclaration): TerraformVariable {
  const { kind = "string", description, isNullable, isSensitive } = field.facts;
  const rules = rulesOf(field).map((rule) => (isNullable ? nullable(rule as Rule<unknown>) : rule) as Rule<never>);
  const variable = new TerraformVariable(scope, name, {
    type: TYPES[kind],
    description,
    sensitive: isSensitive,
    // Without this, a null given from outside would pass every rule and fail somewhere inside.
    nullable: isNullable ? undefined : false,
    default: isMap(value) ? undefined : (value ?? undefined),
    validation: rules.map((rule) => ({
      condition: `\${${rule.condition(`var.${name}`)}}`,
      errorMessage: violationTemplate(name, rule, `var.${name}`),
    })),
  });
  // `default: null` in the constructor crashes CDKTF.
  if (value === null) variable.addOverride("default", null);
  // CDKTF would write a map's keys in snake case: the tag "Team" as "team".
  if (isMap(value)) variable.addOverride("default", value);
  variable.overrideLogicalId(name);
  return variable;
}

const isMap = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

/* The previous form, which the rooms that are not ported yet still use. */
import { list, map, number, string, variable as variableField } from "./schema";
import type { ValueDefinition } from "./value-definition";

const FIELDS = {
  string: (...rules: never[]) => string(...rules),
  number: (...rules: never[]) => number(...rules),
  "list(string)": (...rules: never[]) => list(string(), ...rules),
  "map(string)": (...rules: never[]) => map(string(), { limits: rules }),
};

/** Returns a declaration from its previous form. */
export function fromDefinition(definition: ValueDefinition): VariableDeclaration {
  const { name, type, description, rules, default: value, sensitive: isSensitive } = definition;
  const field = variableField(FIELDS[type](...(rules as never[])) as Schema, description);
  return { name, field: field.with({ isSensitive }), value };
}

/** Declares a variable from its previous form, whose rules accept null themselves. */
export function declare(scope: Construct, definition: ValueDefinition): TerraformVariable {
  const variable = declareVariable(scope, fromDefinition(definition));
  if (definition.nullable) (variable as { nullable?: boolean }).nullable = undefined;
  return variable;
}
