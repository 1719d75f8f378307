import { App } from "cdktf";
import { EcsClusterStack } from "./src";

const app = new App();
new EcsClusterStack(app, "ecs");
app.synth();
