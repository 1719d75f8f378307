import type { Check } from "../check";
import { agentsCheck } from "./agents";
import { balancersCheck } from "./balancers";
import { clusterCheck } from "./cluster";
import { imagesCheck } from "./images";
import { instancesCheck } from "./instances";
import { interfacesCheck } from "./interfaces";
import { keysCheck } from "./keys";
import { listenersCheck } from "./listeners";
import { logGroupsCheck } from "./log-groups";
import { portsCheck } from "./ports";
import { providersCheck } from "./providers";
import { registeredCheck } from "./registered";
import { roleCheck } from "./role";
import { scalingCheck } from "./scaling";
import { schedulesCheck } from "./schedules";
import { secretsCheck } from "./secrets";
import { servicesCheck } from "./services";
import { statesCheck } from "./states";
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
  registeredCheck,
  agentsCheck,
  roleCheck,
  balancersCheck,
  portsCheck,
  zonesCheck,
  listenersCheck,
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
