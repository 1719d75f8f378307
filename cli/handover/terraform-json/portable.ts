import { type Configuration, type Element, HandoverError, isObject, type Json, type JsonObject } from "./configuration";
import { referencesOf } from "./references";
import { inReadingOrder, rolesOf } from "./topics";

/** A stack as the hand-over writes it, before it becomes JSON or HCL: four files, each with its blocks in order. */
export interface Portable {
  readonly versions: JsonObject;
  readonly variables: readonly (readonly [name: string, body: JsonObject])[];
  readonly outputs: readonly (readonly [name: string, body: JsonObject])[];
  readonly providers: Configuration["providers"];
  readonly locals: JsonObject;
  readonly elements: readonly Element[];
  readonly checks: Configuration["checks"];
  readonly moves: JsonObject;
}

/**
 * What is common to both notations: the order, the provider's full source, and nothing that says nothing.
 *
 * @param isModule leaves the provider's configuration out: it is the root module's to give
 * @throws HandoverError for a module of a stack with several configurations of a provider
 */
export function portable(configuration: Configuration, isModule = false): Portable {
  const { terraform, providers, variables, locals, outputs, checks, moves } = configuration;
  if (isModule) refuseAliases(providers);
  const roles = rolesOf(configuration, referencesOf(configuration));
  return {
    versions: withFullSources(terraform),
    variables: orderedVariables(variables),
    outputs: Object.entries(outputs),
    providers: isModule ? [] : providers,
    locals,
    elements: inReadingOrder(configuration.elements, roles),
    checks,
    moves,
  };
}

/** A module would have to declare each alias, and whoever uses it to pass each one in. */
function refuseAliases(providers: Configuration["providers"]): void {
  const aliases = providers.flatMap(({ name, body }) => (body.alias === undefined ? [] : [`${name}.${body.alias}`]));
  if (aliases.length === 0) return;
  throw new HandoverError(
    `--module takes a stack with one configuration of each provider; received ${aliases.join(", ")} too. ` +
      "Hand the stack over without --module, or make a stack of each region.",
  );
}

/** What has to be given comes first, then what everything depends on; tags, which change least, come last. */
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

/** `aws` means `hashicorp/aws`; written out, since the reader shouldn't have to know. */
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
