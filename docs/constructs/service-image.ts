// ServiceImage
// JSON: var.users_image: type, description

import { App } from "cdktf";
import { EcsClusterStack, ServiceImage } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
new ServiceImage(stack, "users", { clusterName: "ecs", name: "users" });
app.synth();
