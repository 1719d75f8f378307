import { type Element, isObject, type JsonObject, objects } from "../terraform-json/configuration";
import type { Portable } from "../terraform-json/portable";
import type { Files } from "../terraform-json/portable-json";
import { block, joined, type Kinds } from "./block";
import { type BlockNames, blockNames } from "./block-names";
import { indented } from "./value";

const CONDITION: BlockNames = {};
const LIFECYCLE: BlockNames = { precondition: CONDITION, postcondition: CONDITION };

/** Renders the stack as HCL, formatted like `terraform fmt`. @throws HandoverError for a type with unknown blocks */
export function hcl(stack: Portable): Files {
  const { variables, outputs } = stack;
  return {
    "main.tf": joined([
      ...stack.providers.map(({ name, body }) => block(["provider", name], body, blockNames("provider", name))),
      ...(Object.keys(stack.locals).length > 0 ? [block(["locals"], stack.locals, {})] : []),
      ...stack.elements.map((element) => elementBlock(element, stack.bodyOf(element))),
      ...Object.entries(stack.checks).map(([name, body]) => checkBlock(name, body)),
      ...Object.entries(stack.moves).flatMap(([name, bodies]) =>
        objects(bodies).map((body) => block([name], body, { lifecycle: {} })),
      ),
    ]),
    ...(variables.length > 0
      ? { "variables.tf": joined(variables.map(([name, body]) => variableBlock(name, body))) }
      : {}),
    ...(outputs.length > 0
      ? { "outputs.tf": joined(outputs.map(([name, body]) => block(["output", name], body, LIFECYCLE, OUTPUT))) }
      : {}),
    "versions.tf": joined([block(["terraform"], stack.versions, { required_providers: {} }, { "": "literal" })]),
  };
}

const OUTPUT: Kinds = { description: "literal" };
const VARIABLE: Kinds = { type: "expression", default: "literal", description: "literal" };

const variableBlock = (name: string, body: JsonObject): string[] =>
  block(["variable", name], body, { validation: CONDITION }, VARIABLE);

function elementBlock({ mode, type, name }: Element, body: JsonObject): string[] {
  return block([mode, type, name], body, { ...blockNames(mode, type), lifecycle: LIFECYCLE });
}

function checkBlock(name: string, body: JsonObject): string[] {
  const { data, ...rest } = body;
  const lookups = objects(data).flatMap((types) =>
    Object.entries(types).flatMap(([type, names]) =>
      objects(names).flatMap((byName) =>
        Object.entries(byName).map(([inner, content]) => ["data", type, inner, content] as const),
      ),
    ),
  );
  const lines = lookups.flatMap(([mode, type, inner, content]) =>
    block([mode, type, inner], isObject(content) ? content : {}, blockNames("data", type)),
  );
  const [head = "", ...body_] = block(["check", name], rest, { assert: CONDITION });
  return lines.length > 0 ? [head, ...indented(lines), "", ...body_] : [head, ...body_];
}
