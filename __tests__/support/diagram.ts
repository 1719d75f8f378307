import type { Diagram } from "../../cli/handover/diagram/diagram";
import { overviewOf } from "../../cli/handover/diagram/overview";
import { requestPathOf } from "../../cli/handover/diagram/request-path";
import { type Json, readConfiguration } from "../../cli/handover/terraform-json/configuration";
import { referencesOf } from "../../cli/handover/terraform-json/references";

/** Returns the overview diagram of a stack's JSON. */
export function overview(json: unknown): Diagram {
  const configuration = readConfiguration(json as Json);
  return overviewOf(configuration, referencesOf(configuration));
}

/** Returns the diagram of the request path of a stack's JSON, if it has a load balancer. */
export function requestPath(json: unknown): Diagram | undefined {
  const configuration = readConfiguration(json as Json);
  return requestPathOf(configuration, referencesOf(configuration));
}
