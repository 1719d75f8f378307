import type { Check } from "../check";
import { aclsCheck } from "./acls";
import { agentsCheck } from "./agents";
import { balancersCheck } from "./balancers";
import { certificatesCheck } from "./certificates";
import { clusterCheck } from "./cluster";
import { dnsCheck } from "./dns";
import { endpointsCheck } from "./endpoints";
import { healthCheck } from "./health";
import { imagesCheck } from "./images";
import { instancesCheck } from "./instances";
import { interfacesCheck } from "./interfaces";
import { keysCheck } from "./keys";
import { listenersCheck } from "./listeners";
import { logGroupsCheck } from "./log-groups";
import { metadataCheck } from "./metadata";
import { portsCheck } from "./ports";
import { providersCheck } from "./providers";
import { registeredCheck } from "./registered";
import { roleCheck } from "./role";
import { routesCheck } from "./routes";
import { rulesCheck } from "./rules";
import { scalingCheck } from "./scaling";
import { schedulesCheck } from "./schedules";
import { secretsCheck } from "./secrets";
import { servicesCheck } from "./services";
import { statesCheck } from "./states";
import { statusCheck } from "./status";
import { targetPortsCheck } from "./targetports";
import { targetsCheck } from "./targets";
import { taskDefinitionsCheck } from "./task-definitions";
import { taskImagesCheck } from "./task-images";
import { taskRolesCheck } from "./task-roles";
import { templatesCheck } from "./templates";
import { zonesCheck } from "./zones";

/** All checks, from the cluster to its services. An early finding often explains a later one. */
export const CHECKS: readonly Check[] = [
  clusterCheck,
  providersCheck,
  instancesCheck,
  statusCheck,
  metadataCheck,
  routesCheck,
  aclsCheck,
  dnsCheck,
  endpointsCheck,
  registeredCheck,
  agentsCheck,
  roleCheck,
  balancersCheck,
  portsCheck,
  zonesCheck,
  listenersCheck,
  certificatesCheck,
  rulesCheck,
  healthCheck,
  targetPortsCheck,
  targetsCheck,
  statesCheck,
  keysCheck,
  taskDefinitionsCheck,
  taskRolesCheck,
  logGroupsCheck,
  secretsCheck,
  taskImagesCheck,
  interfacesCheck,
  servicesCheck,
  schedulesCheck,
  scalingCheck,
  imagesCheck,
  templatesCheck,
];
