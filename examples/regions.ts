// A cluster in each of three regions, all with the same name. Names of IAM roles are global, so they contain the region.
// Use it when your users are in several regions.
import { App } from "cdktf";
import { EcsClusterStack } from "../src";

const app = new App();
for (const region of ["ap-northeast-2", "eu-west-1", "us-east-1"]) {
  new EcsClusterStack(app, `regions-${region}`, {
    values: { region },
    backend: { s3: { bucket: "example-terraform-states", region: "ap-northeast-2", key: `ecs/${region}.tfstate` } },
  });
}
app.synth();
