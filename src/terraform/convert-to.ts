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

const TEXT_FUNCTIONS =
  /^(base64encode|basename|dirname|format|formatdate|join|jsonencode|lower|md5|replace|sha256|substr|title|tostring|trim|trimprefix|trimspace|trimsuffix|upper|urlencode|yamlencode)$/;

/** Returns the name of the function whose call is the whole expression: `join` for `join(",", concat(a, b))`. */
function calledFunction(expression: string): string {
  let rest = expression.replace(/"(\\.|[^"\\])*"/g, "");
  for (let before = ""; before !== rest; ) {
    before = rest;
    rest = before.replace(/\([^()]*\)/g, "");
  }
  return expression.endsWith(")") ? rest : "";
}

/** Returns the type of a variable, of an attribute of a resource or a data source of the stack, or of a function. */
function typeOf(reference: string, stack: TerraformStack): string | undefined {
  if (TEXT_FUNCTIONS.test(calledFunction(reference))) return "string";
  if (!/^[\w.-]+$/.test(reference)) return undefined;
  const variable = elementAt(reference, stack);
  if (variable instanceof TerraformVariable) return variable.type;
  const [address = "", attribute = ""] = reference.split(/\.(?=\w+$)/);
  const element = elementAt(address, stack);
  return element && !(element instanceof TerraformVariable) ? typeOfAttribute(element, attribute) : undefined;
}

/** The elements of a stack by address, and the number of its constructs at that time. */
const ELEMENTS = new WeakMap<TerraformStack, { readonly children: number; readonly of: ReadonlyMap<string, object> }>();

/** Returns the element of a stack at an address. It visits the stack once, and again only when constructs were added. */
function elementAt(address: string, stack: TerraformStack): object | undefined {
  const known = ELEMENTS.get(stack);
  const found = known?.of.get(address);
  const children = stack.node.children.length;
  if (found || known?.children === children) return found;
  const all = stack.node.findAll().flatMap((element): [string, object][] => {
    if (element instanceof TerraformVariable) return [[`var.${element.friendlyUniqueId}`, element]];
    const isData = TerraformDataSource.isTerraformDataSource(element);
    if (!isData && !TerraformResource.isTerraformResource(element)) return [];
    return [[`${isData ? "data." : ""}${element.terraformResourceType}.${element.friendlyUniqueId}`, element]];
  });
  const of = new Map(all);
  ELEMENTS.set(stack, { children, of });
  return of.get(address);
}

/** The bindings have a property for each attribute, with a token of the attribute's type. */
function typeOfAttribute(element: object, attribute: string): string | undefined {
  const property = attribute.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const value = (element as Readonly<Record<string, unknown>>)[property];
  return Token.isUnresolved(value) ? typeof value : undefined;
}
