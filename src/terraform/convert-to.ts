import {
  type IResolveContext,
  TerraformDataSource,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Token,
} from "cdktf";
import { Expression } from "./expression";
import { TOKEN } from "./literal";

/** How Terraform converts a reference to a type. */
const CONVERSIONS = {
  string: (reference: string) => `tostring(${reference})`,
  number: (reference: string) => `tonumber(${reference})`,
  bool: (reference: string) => `tobool(${reference})`,
  "list(string)": (reference: string) => `[for text in ${reference} : tostring(text)]`,
};
type Type = keyof typeof CONVERSIONS;

/**
 * Returns a value for an argument that is JSON, such as `container_definitions`. `jsonencode` keeps the type of a
 * reference: a number stays a number where AWS requires text, and the provider cannot decode the JSON. A reference that is
 * the whole value is converted to the type, unless its type is known to match. Any other value stays as it is.
 */
export function convertTo(type: Type, value: unknown): unknown {
  if (type === "list(string)" && Array.isArray(value) && !Token.isUnresolved(value)) {
    return value.map((element) => convertTo("string", element));
  }
  const reference = wholeReference(value);
  return reference === undefined ? value : new Conversion(type, reference);
}

/** Returns the reference that a value consists of, or undefined for a plain value and for text around a reference. */
function wholeReference(value: unknown): unknown {
  if (typeof value !== "string") return Token.isUnresolved(value) ? value : undefined;
  const [before, token, after] = value.split(TOKEN);
  if (before === "" && token !== undefined && after === "") return value;
  // CDKTF writes a number that only Terraform knows as a huge number: `${db.port}` is the digits of one.
  return /^-[\d.]+e\+\d+$/.test(value) && Token.isUnresolved(Number(value)) ? Number(value) : undefined;
}

class Conversion extends Expression {
  constructor(
    private readonly type: Type,
    reference: unknown,
  ) {
    super(["", ""], [reference]);
  }

  override resolve(context: IResolveContext): string {
    const isNested = context.suppressBraces;
    context.suppressBraces = true;
    const reference = super.resolve(context);
    context.suppressBraces = isNested;
    const isKnown = typeOf(reference, TerraformStack.of(context.scope)) === this.type;
    const converted = isKnown ? reference : CONVERSIONS[this.type](reference);
    return isNested ? converted : `\${${converted}}`;
  }
}

/** Returns the type of a variable, or of an attribute of a resource or a data source, that the stack declares. */
function typeOf(reference: string, stack: TerraformStack): string | undefined {
  const [address, attribute = ""] = reference.split(/\.(?=\w+$)/);
  for (const element of stack.node.findAll()) {
    if (element instanceof TerraformVariable) {
      if (reference === `var.${element.friendlyUniqueId}`) return element.type;
    } else if (TerraformResource.isTerraformResource(element) || TerraformDataSource.isTerraformDataSource(element)) {
      const { terraformResourceType: type } = element;
      if (!address?.includes(`${type}.`)) continue;
      const block = TerraformDataSource.isTerraformDataSource(element) ? `data.${type}` : type;
      if (address === `${block}.${element.friendlyUniqueId}`) return typeOfAttribute(element, attribute);
    }
  }
  return undefined;
}

/** The bindings have a property for each attribute, with a token of the attribute's type. */
function typeOfAttribute(element: object, attribute: string): string | undefined {
  const property = attribute.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const value = (element as Readonly<Record<string, unknown>>)[property];
  return Token.isUnresolved(value) ? typeof value : undefined;
}
