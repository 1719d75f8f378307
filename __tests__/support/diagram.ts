import type { Diagram } from "../../cli/handover/diagram/diagram";
import { overviewOf } from "../../cli/handover/diagram/overview";
import { requestPathOf } from "../../cli/handover/diagram/request-path";
import { type Json, readConfiguration } from "../../cli/handover/terraform-json/configuration";
import { referencesOf } from "../../cli/handover/terraform-json/references";

/** The overview of a stack's JSON. */
export function overview(json: unknown): Diagram {
  const configuration = readConfiguration(json as Json);
  return overviewOf(configuration, referencesOf(configuration));
}

/** The request path of a stack's JSON. */
export function requestPath(json: unknown): Diagram | undefined {
  const configuration = readConfiguration(json as Json);
  return requestPathOf(configuration, referencesOf(configuration));
}
