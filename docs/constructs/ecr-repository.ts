// EcrRepository

import { stack } from "../../scripts/docs/stack";
import { EcrRepository } from "../../src";

new EcrRepository(stack, "repository", { clusterName: "ecs", name: "users" });
