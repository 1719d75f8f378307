// One app, three regions: a cluster in each, under one name, since what is global in IAM carries the region in its name.
// Use it when users are near several regions, each with its own default VPC.
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
