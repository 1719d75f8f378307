// EcrRepository
import { EcrRepository } from "../../src";
import { stack } from "../../tools/docs/stack";

new EcrRepository(stack, "repository", { clusterName: "ecs", name: "users" });
