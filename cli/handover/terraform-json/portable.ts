import { type Configuration, type Element, isObject, type Json, type JsonObject } from "./configuration";
import { asModule } from "./module";
import { referencesOf } from "./references";
import { inReadingOrder, topicsOf } from "./topics";

/** A stack in reading order, to write as JSON or as HCL. */
export interface Portable {
  readonly versions: JsonObject;
  readonly variables: readonly (readonly [name: string, body: JsonObject])[];
  readonly outputs: readonly (readonly [name: string, body: JsonObject])[];
  readonly providers: Configuration["providers"];
  readonly locals: JsonObject;
  /** The stack's own elements. `bodyOf` returns their bodies in the files. */
  readonly elements: readonly Element[];
  bodyOf(element: Element): JsonObject;
  readonly checks: Configuration["checks"];
  readonly moves: JsonObject;
}

/** The versions of Terraform that can run the folder and its tests, for a stack that names none. */
const REQUIRED_TERRAFORM_VERSION = ">= 1.10";

/**
 * Puts a configuration in reading order, completes the source addresses of providers, and removes empty validations.
 *
 * @param isModule makes it a module, see `asModule`
 * @throws HandoverError for a module of a stack with several configurations of a provider
 */
export function portable(configuration: Configuration, isModule = false): Portable {
  const { providers, variables, outputs, checks, moves } = configuration;
  const { terraform, locals, bodyOf } = isModule
    ? asModule(configuration)
    : { ...configuration, bodyOf: ({ body }: Element) => body };
  const topics = topicsOf(configuration, referencesOf(configuration));
  return {
    versions: withFullSources({ required_version: REQUIRED_TERRAFORM_VERSION, ...terraform }),
    variables: orderedVariables(variables),
    outputs: Object.entries(outputs),
    providers: isModule ? [] : providers,
    locals,
    elements: inReadingOrder(configuration.elements, topics),
    bodyOf,
    checks,
    moves,
  };
}

/** Required variables first, then region and name, then all others, and tags last. */
function orderedVariables(variables: Configuration["variables"]): Portable["variables"] {
  const place = (name: string): number => {
    if (!("default" in (variables[name] as JsonObject))) return 0;
    return { region: 1, name: 2, tags: 4 }[name] ?? 3;
  };
  const names = Object.keys(variables).sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  return names.map((name) => [name, withoutEmptyValidation(variables[name] as JsonObject)] as const);
}

function withoutEmptyValidation({ validation, ...body }: JsonObject): JsonObject {
  return validation === undefined || (Array.isArray(validation) && validation.length === 0)
    ? body
    : { ...body, validation };
}

/** Completes source addresses: `aws` is `hashicorp/aws`. */
function withFullSources(terraform: JsonObject): JsonObject {
  const providers = terraform.required_providers;
  if (!isObject(providers)) return terraform;
  const full = Object.entries(providers).map(([name, requirement]): [string, Json] => {
    if (!isObject(requirement) || typeof requirement.source !== "string") return [name, requirement];
    const { source } = requirement;
    return [name, { ...requirement, source: source.includes("/") ? source : `hashicorp/${source}` }];
  });
  return { ...terraform, required_providers: Object.fromEntries(full) };
}
