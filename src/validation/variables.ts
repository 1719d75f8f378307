import { TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import { nullable, type Rule, violationTemplate } from "./rule";
import { rulesOf, type Schema } from "./schema";
import { type Kind, plainPart } from "./token";

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
  private readonly variables = new Map<string, TerraformVariable>();
  private readonly references = new Map<string, unknown>();

  /** @param declarations the variables by the name of their setting */
  constructor(scope: Construct, id: string, declarations: Readonly<Record<string, VariableDeclaration>>) {
    super(scope, id);
    for (const [key, declaration] of Object.entries(declarations)) {
      const { value } = declaration;
      // A reference to a resource replaces the variable.
      if (plainPart(value) === value) this.variables.set(key, declareVariable(this, declaration));
      else this.references.set(key, value);
    }
  }

  /** Returns a string variable, or the reference in its place. @throws {Error} when these settings have no such variable */
  string(key: string): string {
    return (this.references.get(key) as string) ?? this.variable(key).stringValue;
  }

  /** Returns a number variable. @throws {Error} when these settings have no such variable */
  number(key: string): number {
    return this.variable(key).numberValue;
  }

  /** Returns a list variable, or the references in its place. @throws {Error} when these settings have no such variable */
  list(key: string): string[] {
    return (this.references.get(key) as string[]) ?? this.variable(key).listValue;
  }

  /** Returns a map variable, or the references in its place. @throws {Error} when these settings have no such variable */
  map(key: string): { [key: string]: string } {
    return (this.references.get(key) as { [key: string]: string }) ?? Token.asStringMap(this.variable(key).value);
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
