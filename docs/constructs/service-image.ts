// ServiceImage
import { ServiceImage } from "../../src";
import { stack } from "../../tools/docs/stack";

new ServiceImage(stack, "image", { clusterName: "ecs", name: "users" });
