import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../../src";

/** What a load balancer's quota of rules admits. */
const MOST_ROUTES = 100;

/**
 * SERVICES services: each with a route, on as many clusters as the load balancers' quota of rules takes, or with
 * ROUTES=none each without, on one cluster.
 */
const services = Number(process.env.SERVICES ?? 1);
const routed = process.env.ROUTES !== "none";
const app = new App();
for (let first = 0; first < services; first += routed ? MOST_ROUTES : services) {
  const stack = new EcsClusterStack(app, `services-${first}`, { values: { name: `many-${first}` } });
  for (let index = first; index < Math.min(services, first + (routed ? MOST_ROUTES : services)); index++) {
    const route = { containerPort: 3000, paths: [`/api/s${index}/*`], priority: index + 1 };
    new Ec2Service(stack, `s${index}`, { cluster: stack, ...(routed ? route : {}) });
  }
}
app.synth();
