import { type AnyCheck, asked } from "../check";
import { agentsCheck } from "./agents";
import { clusterCheck } from "./cluster";
import { imagesCheck } from "./images";
import { instancesCheck } from "./instances";
import { portsCheck } from "./ports";
import { registeredCheck } from "./registered";
import { roleCheck } from "./role";
import { servicesCheck } from "./services";
import { targetsCheck } from "./targets";
import { zonesCheck } from "./zones";

/** Every check, from the cluster to its services; one finding often explains another. */
export const CHECKS: readonly AnyCheck[] = [
  asked(clusterCheck),
  asked(instancesCheck),
  asked(registeredCheck),
  asked(agentsCheck),
  asked(roleCheck),
  asked(portsCheck),
  asked(zonesCheck),
  asked(targetsCheck),
  asked(servicesCheck),
  asked(imagesCheck),
];
