import type { Diagram } from "./diagram/diagram";
import { overviewOf } from "./diagram/overview";
import { requestPathOf } from "./diagram/request-path";
import { deployStatements, type Statement } from "./iam/deploy-policy";
import type { Element } from "./terraform-json/configuration";
import { type Configuration, type Json, readConfiguration } from "./terraform-json/configuration";
import { type OpenPort, openPorts } from "./terraform-json/open-ports";
import { type Portable, portable } from "./terraform-json/portable";
import { type References, referencesOf } from "./terraform-json/references";
import { type Role, rolesOf } from "./terraform-json/topics";
import { type Variable, variablesOf } from "./terraform-json/variables";

/** How the folder is to be. */
export interface HandoverOptions {
  /** The stack's name, and the folder's. */
  readonly name: string;
  /** Native HCL in place of JSON. @default false */
  readonly hcl?: boolean;
  /** For a `module` block: no provider configuration inside. @default false */
  readonly module?: boolean;
}

/** All that the parts of the folder are made from, each read off the JSON once. */
export interface Stack {
  readonly options: HandoverOptions;
  readonly configuration: Configuration;
  readonly references: References;
  readonly roles: ReadonlyMap<Element, Role>;
  readonly portable: Portable;
  readonly variables: readonly Variable[];
  readonly ports: readonly OpenPort[];
  readonly statements: readonly Statement[];
  readonly overview: Diagram;
  /** Undefined if no load balancer sends requests to a service. */
  readonly requestPath: Diagram | undefined;
}

/** @throws HandoverError when there is something in the JSON that a hand-over can't carry */
export function readStack(json: Json, options: HandoverOptions): Stack {
  const configuration = readConfiguration(json);
  const references = referencesOf(configuration);
  const files = portable(configuration, options.module);
  return {
    options,
    configuration,
    references,
    roles: rolesOf(configuration, references),
    portable: files,
    variables: variablesOf(files.variables, configuration),
    ports: openPorts(configuration, references),
    statements: deployStatements(configuration, references),
    overview: overviewOf(configuration, references),
    requestPath: requestPathOf(configuration, references),
  };
}

/** The elements of a type, in reading order. */
export const ofType = (
  { portable: { elements } }: Stack,
  type: string,
  mode: Element["mode"] = "resource",
): Element[] => elements.filter((element) => element.mode === mode && element.type === type);
