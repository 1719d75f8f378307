import type { Diagram } from "./diagram/diagram";
import { overviewOf } from "./diagram/overview";
import { requestPathOf } from "./diagram/request-path";
import { deployStatements } from "./iam/deploy-policy";
import type { Statement } from "./iam/statement";
import type { Element } from "./terraform-json/configuration";
import { type Configuration, type Json, readConfiguration } from "./terraform-json/configuration";
import { type OpenPort, openPorts } from "./terraform-json/open-ports";
import { type Portable, portable } from "./terraform-json/portable";
import { type References, referencesOf } from "./terraform-json/references";
import { type Topic, topicsOf } from "./terraform-json/topics";
import { type Variable, variablesOf } from "./terraform-json/variables";

/** The options of the folder. */
export interface HandoverOptions {
  /** The name of the stack and the title of the README. */
  readonly name: string;
  /** Writes HCL instead of JSON. @default false */
  readonly hcl?: boolean;
  /** Writes a module, without provider configuration and backend. @default false */
  readonly module?: boolean;
}

/** What the files of the folder are rendered from. */
export interface Stack {
  readonly options: HandoverOptions;
  /** The version that the team handed over. Undefined before the first one. */
  readonly version?: string;
  readonly configuration: Configuration;
  readonly references: References;
  readonly topics: ReadonlyMap<Element, Topic>;
  readonly portable: Portable;
  readonly variables: readonly Variable[];
  readonly ports: readonly OpenPort[];
  readonly statements: readonly Statement[];
  readonly overview: Diagram;
  /** Undefined if no load balancer sends requests to a service. */
  readonly requestPath: Diagram | undefined;
}

/** Reads a stack's JSON. @throws HandoverError for a block or a type that the hand-over does not know */
export function readStack(json: Json, options: HandoverOptions): Stack {
  const configuration = readConfiguration(json);
  const references = referencesOf(configuration);
  const files = portable(configuration, options.module);
  return {
    options,
    configuration,
    references,
    topics: topicsOf(configuration, references),
    portable: files,
    variables: variablesOf(files.variables, configuration),
    ports: openPorts(configuration, references),
    statements: deployStatements(configuration, references),
    overview: overviewOf(configuration, references),
    requestPath: requestPathOf(configuration, references),
  };
}

/** Returns the elements of a type, in reading order. */
export const ofType = (
  { portable: { elements } }: Stack,
  type: string,
  mode: Element["mode"] = "resource",
): Element[] => elements.filter((element) => element.mode === mode && element.type === type);
