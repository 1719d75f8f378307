import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

/** A cluster with services. The environment variable SERVICES has their number. */
const app = new App();
const stack = new EcsClusterStack(app, "services");
for (let index = 0; index < Number(process.env.SERVICES ?? 1); index++) {
  new Ec2Service(stack, `s${index}`, { cluster: stack });
}
app.synth();
