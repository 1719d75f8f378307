// ServiceImage

import { stack } from "../../scripts/docs/stack";
import { ServiceImage } from "../../src";

new ServiceImage(stack, "image", { clusterName: "ecs", name: "users" });
