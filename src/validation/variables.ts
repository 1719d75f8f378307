import { TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import type { ValueTable } from "../stacks/value-table";
import { violationTemplate } from "./rule";
import type { ValueDefinition } from "./value-definition";

/** Every Terraform variable of a stack, each with its description, type, default and validations. */
export class Variables extends Construct {
  private readonly variables: ReadonlyMap<string, TerraformVariable>;

  /** @param table the variables to declare, as `resolveSettings` returns them */
  constructor(scope: Construct, id: string, table: ValueTable) {
    super(scope, id);
    this.variables = new Map(
      Object.entries(table).map(([key, definition]) => [key, declare(this, definition)] as const),
    );
  }

  /** A string variable. @throws {Error} when the settings bring no such variable */
  string(key: keyof ValueTable): string {
    return this.variable(key).stringValue;
  }

  /** A number variable. @throws {Error} when the settings bring no such variable */
  number(key: keyof ValueTable): number {
    return this.variable(key).numberValue;
  }

  /** A list variable. @throws {Error} when the settings bring no such variable */
  list(key: keyof ValueTable): string[] {
    return this.variable(key).listValue;
  }

  /** A variable as an operand of an expression. @throws {Error} when the settings bring no such variable */
  variable(key: keyof ValueTable): TerraformVariable {
    const variable = this.variables.get(key);
    if (!variable) throw new Error(`The stack has no variable for ${key} with these settings.`);
    return variable;
  }
}

/** Declares one variable at the stack's top level, by its own name. */
export function declare(scope: Construct, definition: ValueDefinition): TerraformVariable {
  const { name, type, description, rules, sensitive } = definition;
  const variable = new TerraformVariable(scope, name, {
    type,
    description,
    sensitive,
    // Without this a null given from outside would pass every rule and fail somewhere inside.
    nullable: definition.nullable ? undefined : false,
    default: isMap(definition.default) ? undefined : (definition.default ?? undefined),
    validation: rules.map((rule) => ({
      condition: `\${${rule.condition(`var.${name}`)}}`,
      errorMessage: violationTemplate(name, rule, `var.${name}`),
    })),
  });
  // `default: null` in the constructor crashes CDKTF.
  if (definition.default === null) variable.addOverride("default", null);
  // And a map's keys would arrive in snake case: the tag "Team" as "team".
  if (isMap(definition.default)) variable.addOverride("default", definition.default);
  variable.overrideLogicalId(name);
  return variable;
}

const isMap = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);
